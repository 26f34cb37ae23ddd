// The loader in a real browser: detection, streaming, and a server that does not know wasm.

import { expect, test } from "vitest";
import type { HnswModule } from "../../wasm/hnsw.ts";
import { loadHnsw } from "../../wasm/load.ts";

const simd = new URL("../../wasm/build/hnsw.wasm", import.meta.url);
const relaxed = new URL("../../wasm/build/hnsw-relaxed.wasm", import.meta.url);

function nearestOfThree(engine: HnswModule): number[] {
  const index = engine.open({
    dimension: 2,
    space: "l2",
    maxNeighbors: 16,
    efConstruction: 100,
    codeKind: "f32",
  });
  index.append(Float32Array.of(0, 0, 1, 1, 5, 5));
  index.add(3);
  index.query(Float32Array.of(0.9, 0.9), 3);
  index.search();
  const count = index.candidates();
  index.rescore(0, count);
  return [...index.results(count, 3).slots];
}

test("fetches and runs the binary that the browser can", async () => {
  expect(nearestOfThree(await loadHnsw({ simd, relaxed }))).toEqual([1, 0, 2]);
});

test("both binaries answer alike", async () => {
  for (const url of [simd, relaxed])
    expect(nearestOfThree(await loadHnsw({ simd: url, relaxed: url }))).toEqual([1, 0, 2]);
});

test("a wrong MIME type only costs the streaming", async () => {
  const bytes = await (await fetch(relaxed)).arrayBuffer();
  const url = new URL(URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" })));
  expect(nearestOfThree(await loadHnsw({ simd: url, relaxed: url }))).toEqual([1, 0, 2]);
});

test("a file that is not there is told with its address", async () => {
  const missing = new URL("data:,");
  await expect(loadHnsw({ simd: missing, relaxed: missing })).rejects.toThrow();
});
