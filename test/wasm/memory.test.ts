// One memory for many indexes: what they cost, what happens when it is used up, and after a trap.

import { expect, test, vi } from "vitest";
import type { HnswIndex } from "../../wasm/hnsw.ts";
import { rowOf, textLikeEmbeddings } from "./datasets.ts";
import { defaults, findNearest, loadEngine } from "./engine.ts";

vi.setConfig({ testTimeout: 60_000 });

const wasmPage = 65536;

test("a thousand tiny indexes take few bytes each, and give them back", async () => {
  const engine = await loadEngine();
  const set = textLikeEmbeddings(5, 384, 31);
  const fill = () =>
    Array.from({ length: 1000 }, () => {
      const index = engine.open({ ...defaults, dimension: 384 });
      index.append(set.values);
      return index;
    });
  const indexes = fill();
  const taken = engine.memoryBytes();
  expect(taken / indexes.length).toBeLessThan(9000);
  for (const index of indexes) index.close();
  fill();
  expect(engine.memoryBytes()).toBeLessThanOrEqual(taken + 2 * wasmPage);
});

test("many small indexes that grow in turns make the memory grow seldom", async () => {
  const engine = await loadEngine();
  const set = textLikeEmbeddings(1, 384, 36);
  const indexes = Array.from({ length: 200 }, () => engine.open({ ...defaults, dimension: 384 }));
  const sizes = new Set([engine.memoryBytes()]);
  for (let round = 0; round < 200; round++) {
    for (const index of indexes) {
      index.append(set.values);
      sizes.add(engine.memoryBytes());
    }
  }
  // 16 MiB: 64 KiB at a time were more than 200 steps, and each makes V8 collect all garbage.
  expect(engine.memoryBytes()).toBeGreaterThan(2 ** 24);
  expect(sizes.size).toBeLessThan(40);
});

test("indexes do not see each other, whatever order they are closed in", async () => {
  const engine = await loadEngine();
  const set = textLikeEmbeddings(200, 16, 32);
  const open = (from: number) => {
    const index = engine.open({ ...defaults, dimension: 16 });
    index.append(set.values.subarray(from * 16, (from + 20) * 16));
    index.add(20);
    return index;
  };
  const indexes = new Map<number, HnswIndex>();
  for (let round = 0; round < 40; round++) {
    const from = (round * 37) % 180;
    indexes.get(from)?.close();
    indexes.set(from, open(from));
    for (const [start, index] of indexes) {
      const part = { dimension: 16, rows: 20, values: set.values.subarray(start * 16, (start + 20) * 16) };
      expect(findNearest(index, part, rowOf(part, 7), { k: 1 }).slots[0]).toBe(7);
    }
    if (round % 3 === 0) {
      const [first] = indexes.keys();
      indexes.get(first!)!.close();
      indexes.delete(first!);
    }
  }
});

test("an index of 384 dimensions takes less than 0.65 kB a vector for codes and graph", async () => {
  const engine = await loadEngine();
  const set = textLikeEmbeddings(1000, 384, 33);
  const index = engine.open({ ...defaults, dimension: 384 });
  for (let i = 0; i < 20; i++) index.append(set.values);
  index.add(20_000);
  expect(index.state().memoryBytes / 20_000).toBeLessThan(650);
});

test("when memory is used up, appending and indexing fail as a whole and everything else goes on", async () => {
  const engine = await loadEngine();
  const set = textLikeEmbeddings(2000, 64, 34);
  const other = engine.open({ ...defaults, dimension: 64 });
  other.append(set.values);
  const index = engine.open({ ...defaults, dimension: 64 });
  for (let i = 0; i < 20; i++) index.append(set.values);
  index.add(1000);
  // All of the address space is taken here, though none of it is touched: what comes next finds none.
  const { memory } = engine.memory.exports;
  memory.grow(65536 - memory.buffer.byteLength / wasmPage);

  const outOfMemory = expect.objectContaining({ code: "out-of-memory" });
  expect(() => {
    for (;;) index.append(set.values);
  }).toThrow(outOfMemory);
  const { slots } = index.state();
  expect(slots % 2000).toBe(0);
  expect(() => other.add(2000)).toThrow(outOfMemory);
  const { nodes, indexed } = other.state();
  expect(nodes).toBe(indexed);
  expect(() => engine.open({ ...defaults, dimension: 384 }).append(new Float32Array(384 * 50_000))).toThrow(
    outOfMemory,
  );

  expect(findNearest(index, set, rowOf(set, 5), { k: 1 }).slots[0]).toBe(5);
  expect(findNearest(other, set, rowOf(set, 6), { k: 1, by: "scan" }).slots[0]).toBe(6);
  index.close();
  other.add(2000);
  expect(other.state().nodes).toBe(2000);
  expect(findNearest(other, set, rowOf(set, 7), { k: 1 }).slots[0]).toBe(7);
});

test("a trap breaks the index it happened in and no other", async () => {
  const engine = await loadEngine();
  const set = textLikeEmbeddings(500, 32, 35);
  const [broken, other] = [0, 1].map(() => {
    const index = engine.open({ ...defaults, dimension: 32 });
    index.append(set.values);
    index.add(500);
    return index;
  }) as [HnswIndex, HnswIndex];
  const pastTheEnd = engine.memoryBytes() - 4;
  const trap = () => broken.call((exports, handle) => exports.hnsw_append(handle, pastTheEnd, 1, 0));
  expect(trap).toThrow(expect.objectContaining({ code: "engine-trapped" }));
  expect(() => broken.state()).toThrow(expect.objectContaining({ code: "engine-trapped" }));
  broken.close();
  for (let i = 0; i < 10; i++) expect(findNearest(other, set, rowOf(set, i), { k: 1 }).slots[0]).toBe(i);
});
