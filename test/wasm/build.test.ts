// The binaries are made from the sources alone: the same bytes each time, and nothing done when nothing changed.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildWasm } from "../../wasm/build.mjs";

const kept = new URL("../../wasm/build/", import.meta.url);

test("compiling again elsewhere gives the same bytes", { timeout: 300_000 }, async () => {
  await buildWasm();
  const folder = await mkdtemp(join(tmpdir(), "chromalite-wasm-"));
  try {
    expect(await buildWasm({ folder })).toBe(true);
    for (const file of ["hnsw.wasm", "hnsw-relaxed.wasm"]) {
      const again = await readFile(join(folder, file));
      expect(again.equals(await readFile(new URL(file, kept)))).toBe(true);
    }
    expect(await buildWasm({ folder })).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the binary imports nothing but the file functions that the C library never reaches", async () => {
  await buildWasm();
  const module = await WebAssembly.compile(await readFile(new URL("hnsw.wasm", kept)));
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  expect(imports.sort()).toEqual(
    ["fd_close", "fd_seek", "fd_write"].map((name) => `wasi_snapshot_preview1.${name}`),
  );
});
