// What each call of the binding promises, against the reference in oracle.ts.

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Space } from "../../wasm/hnsw.ts";
import { clusteredPoints, rowOf, scaled, textLikeEmbeddings, type Dataset } from "./datasets.ts";
import { defaults, findNearest, loadEngine, wordsOf } from "./engine.ts";
import { distanceBetween, nearestRows } from "./oracle.ts";

vi.setConfig({ testTimeout: 60_000 });

const engine = await loadEngine();
const spaces: Space[] = ["l2", "cosine", "ip"];

describe.each(spaces)("in %s", (space) => {
  test.each(["i8", "f32"] as const)(
    "a scan with %s codes finds what the reference finds",
    async (codeKind) => {
      for (const dimension of [1, 3, 8, 33, 100, 384]) {
        const set = clusteredPoints(300, dimension, 300, 1, dimension);
        const index = engine.open({ ...defaults, space, dimension, codeKind });
        index.append(set.values);
        for (let row = 0; row < 10; row++) {
          const query = rowOf(clusteredPoints(10, dimension, 10, 1, 99), row);
          const found = findNearest(index, set, query, { k: 5, breadth: 300, by: "scan" });
          const truth = nearestRows(space, set, query, 5);
          truth.forEach(({ distance }, i) => {
            expect(found.distances[i]).toBeCloseTo(
              distance,
              5 - Math.ceil(Math.log10(1 + Math.abs(distance))),
            );
            const own = distanceBetween(space, query, rowOf(set, found.slots[i]!));
            expect(own).toBeCloseTo(distance, 4 - Math.ceil(Math.log10(1 + Math.abs(distance))));
          });
        }
        index.close();
      }
    },
  );

  test("an exact distance is that of the vectors as they were given", () => {
    const index = engine.open({ ...defaults, space, dimension: 5 });
    const rows = Float32Array.of(1, 2, 3, 4, 5, 0, 0, 0, 0, 0, -3, 0.5, 1e-3, 7, 2, 2, 4, 6, 8, 10);
    const query = Float32Array.of(1, 2, 3, 4, 5);
    const distances = index.distances(query, rows);
    for (let row = 0; row < 4; row++)
      expect(distances[row]).toBeCloseTo(
        distanceBetween(space, query, rows.subarray(row * 5, row * 5 + 5)),
        4,
      );
  });
});

test("a zero vector is at cosine distance 1 of everything, as row and as query", () => {
  const index = engine.open({ ...defaults, space: "cosine", dimension: 3 });
  const set: Dataset = { dimension: 3, rows: 3, values: Float32Array.of(0, 0, 0, 1, 0, 0, -1, 0, 0) };
  index.append(set.values);
  const near = findNearest(index, set, Float32Array.of(2, 0, 0), { k: 3, by: "scan" });
  expect([...near.slots]).toEqual([1, 0, 2]);
  expect([...near.distances]).toEqual([0, 1, 2]);
  expect([...findNearest(index, set, new Float32Array(3), { k: 3, by: "scan" }).distances]).toEqual([
    1, 1, 1,
  ]);
});

test("cosine holds for magnitudes whose squares do not fit f32", () => {
  const index = engine.open({ ...defaults, space: "cosine", dimension: 2 });
  const distances = index.distances(Float32Array.of(1e30, 0), Float32Array.of(1e25, 1e25, 1e-30, 0));
  expect(distances[0]).toBeCloseTo(1 - Math.SQRT1_2, 6);
  expect(distances[1]).toBeCloseTo(0, 6);
});

test("overflowing distances sort last, an inner product without bound first", () => {
  const set: Dataset = { dimension: 1, rows: 3, values: Float32Array.of(3e38, 1, 2) };
  const l2 = engine.open({ ...defaults, space: "l2", dimension: 1, codeKind: "f32" });
  l2.append(set.values);
  const far = findNearest(l2, set, Float32Array.of(-3e38), { k: 3, by: "scan" });
  expect(far.distances[2]).toBe(Infinity);
  expect(far.distances.some(Number.isNaN)).toBe(false);
  const ip = engine.open({ ...defaults, space: "ip", dimension: 1, codeKind: "f32" });
  ip.append(set.values);
  const first = findNearest(ip, set, Float32Array.of(3e38), { k: 3, by: "scan" });
  expect(first.slots[0]).toBe(0);
  expect(first.distances[0]).toBe(-Infinity);
});

test("equal distances come in order of their slots", () => {
  const index = engine.open({ ...defaults, dimension: 2 });
  const set: Dataset = { dimension: 2, rows: 50, values: new Float32Array(100).fill(1) };
  index.append(set.values);
  expect([...findNearest(index, set, Float32Array.of(1, 1), { k: 50, by: "scan" }).slots]).toEqual([
    ...Array(50).keys(),
  ]);
});

test("a query far outside of the data still finds its nearest", () => {
  const set = textLikeEmbeddings(1000, 64, 8);
  const index = engine.open({ ...defaults, dimension: 64 });
  index.append(set.values);
  index.add(set.rows);
  const query = rowOf(set, 5).map((value) => value * 1000);
  for (const by of ["scan", "graph"] as const)
    expect(findNearest(index, set, query, { k: 1, by }).slots[0]).toBe(
      nearestRows("l2", set, query, 1)[0]!.slot,
    );
});

test("only allowed slots are found, by graph and by scan, whatever share of them there is", () => {
  const set = textLikeEmbeddings(3000, 32, 9);
  const index = engine.open({ ...defaults, dimension: 32, codeKind: "f32" });
  index.append(set.values);
  index.add(set.rows);
  for (const share of [0, 0.001, 0.05, 0.5, 1]) {
    const isAllowed = (slot: number) => (slot * 7919) % 1000 < share * 1000;
    const allowed = wordsOf(set.rows, isAllowed);
    for (let row = 0; row < 5; row++) {
      const query = rowOf(set, row * 100 + 1);
      const truth = nearestRows("l2", set, query, 10, isAllowed).map(({ slot }) => slot);
      for (const by of ["scan", "graph"] as const)
        expect([...findNearest(index, set, query, { k: 10, allowed, by }).slots]).toEqual(truth);
    }
  }
});

test("slots past the end of the allowed bitset are not allowed", () => {
  const set = textLikeEmbeddings(100, 8, 10);
  const index = engine.open({ ...defaults, dimension: 8 });
  index.append(set.values);
  const found = findNearest(index, set, rowOf(set, 90), {
    k: 100,
    by: "scan",
    allowed: new Uint32Array([-1]),
  });
  expect([...found.slots].sort((a, b) => a - b)).toEqual([...Array(32).keys()]);
});

test("a scan keeps to its range", () => {
  fc.assert(
    fc.property(fc.nat(130), fc.nat(130), (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const index = engine.open({ ...defaults, dimension: 2 });
      index.append(new Float32Array(260));
      index.query(Float32Array.of(0, 0), 200);
      index.scan(start, end);
      const count = index.candidates();
      index.rescore(0, 0);
      expect(count).toBe(end - start);
      index.close();
    }),
  );
});
test("a removed slot is not found any more, but its node still leads on", () => {
  const set = textLikeEmbeddings(2000, 32, 11);
  const index = engine.open({ ...defaults, dimension: 32, codeKind: "f32" });
  index.append(set.values);
  index.add(1500);
  for (let slot = 0; slot < 2000; slot += 2) index.remove(slot);
  index.remove(0);
  index.add(500);
  expect(index.state()).toMatchObject({ removed: 1000, indexed: 2000, nodes: 1750, nodesRemoved: 750 });
  const isLive = (slot: number) => slot % 2 === 1;
  for (let row = 0; row < 20; row++) {
    const query = rowOf(set, row);
    const truth = nearestRows("l2", set, query, 10, isLive).map(({ slot }) => slot);
    expect([...findNearest(index, set, query, { k: 10 }).slots]).toEqual(truth);
    expect([...findNearest(index, set, query, { k: 10, by: "scan" }).slots]).toEqual(truth);
  }
});

test("a search that may look at few nodes says that it gave up", () => {
  const set = textLikeEmbeddings(2000, 32, 12);
  const index = engine.open({ ...defaults, dimension: 32 });
  index.append(set.values);
  index.add(set.rows);
  index.query(rowOf(set, 0), 50);
  expect(index.search(100)).toBeGreaterThan(100);
  index.query(rowOf(set, 0), 50);
  expect(index.search()).toBeLessThan(2000);
});

test("the scale follows data that grows tenfold, and stale codes are replaced behind it", () => {
  const set = scaled(textLikeEmbeddings(3000, 64, 13), (row) => (row < 1000 ? 1 : 10));
  const index = engine.open({ ...defaults, dimension: 64 });
  index.append(set.values.subarray(0, 1000 * 64));
  const before = index.state();
  index.append(set.values.subarray(1000 * 64));
  const grown = index.state();
  expect(grown.scale).toBeGreaterThan(5 * before.scale);
  expect(grown.clippedShare).toBeLessThan(0.001);
  expect(grown).toMatchObject({ isStale: true, recoded: undefined });
  index.recode("i8");
  index.encode(set.values.subarray(0, 600 * 64));
  expect(index.state()).toMatchObject({ isStale: true, recoded: 600 });
  index.encode(set.values.subarray(600 * 64));
  expect(index.state()).toMatchObject({ isStale: false, recoded: undefined, codeKind: "i8" });
  const query = rowOf(set, 42);
  expect(findNearest(index, set, query, { k: 1, breadth: 1, by: "scan" }).slots[0]).toBe(42);
});

test("the quantile scale ignores one record 100 times larger than the rest", () => {
  const set = scaled(textLikeEmbeddings(12000, 16, 14), (row) => (row === 3 ? 100 : 1));
  const index = engine.open({ ...defaults, dimension: 16 });
  index.append(set.values);
  expect(index.state().fittedScale).toBeLessThan(2);
  index.recode("i8");
  index.encode(set.values);
  expect(index.state().scale).toBeLessThan(2);
});

test("an index that goes over to f32 codes keeps its graph and becomes exact", () => {
  const set = textLikeEmbeddings(1000, 48, 15);
  const index = engine.open({ ...defaults, space: "cosine", dimension: 48 });
  index.append(set.values);
  index.add(set.rows);
  index.recode("f32");
  index.encode(set.values.subarray(0, 999 * 48));
  expect(index.state()).toMatchObject({ codeKind: "i8", recoded: 999 });
  const early = findNearest(index, set, rowOf(set, 500), { k: 3 });
  index.encode(set.values.subarray(999 * 48));
  expect(index.state()).toMatchObject({ codeKind: "f32", nodes: 1000, scale: 0 });
  const settled = findNearest(index, set, rowOf(set, 500), { k: 3 });
  expect(settled.slots).toEqual(early.slots);
  settled.distances.forEach((distance, i) => expect(distance).toBeCloseTo(early.distances[i]!, 6));
  const query = rowOf(set, 500);
  const truth = nearestRows("cosine", set, query, 10).map(({ slot }) => slot);
  expect([...findNearest(index, set, query, { k: 10 }).slots]).toEqual(truth);
});

test("full vectors are asked for once while the cache holds them, and again when it does not", () => {
  const set = textLikeEmbeddings(100, 64, 16);
  const index = engine.open({ ...defaults, dimension: 64 });
  index.append(set.values);
  const missing = () => {
    index.query(rowOf(set, 0), 20);
    index.scan(0, 100);
    const rows = index.rescore(0, index.candidates());
    if (rows) index.supply(rows.candidates, takeRows(set, rows.slots));
    return rows?.slots.length ?? 0;
  };
  expect(missing()).toBe(20);
  expect(missing()).toBe(20);
  index.limitCache(20 * 64 * 4);
  expect(missing()).toBe(20);
  expect(missing()).toBe(0);
  index.limitCache(5 * 64 * 4);
  expect(missing()).toBe(20);
  expect(missing()).toBeGreaterThanOrEqual(15);
  expect(index.state().cachedRows).toBe(5);
});

test("the margin grows with the candidates and is infinite when none is left", () => {
  const set = textLikeEmbeddings(2000, 128, 17);
  const index = engine.open({ ...defaults, dimension: 128 });
  index.limitCache(2 ** 24);
  index.append(set.values);
  index.query(rowOf(set, 0), 500);
  index.scan(0, 2000);
  index.rescore(0, index.candidates());
  expect(index.margin(500, 10)).toBeGreaterThan(index.margin(20, 10));
  index.query(rowOf(set, 0), 500);
  index.scan(0, 400);
  index.rescore(0, index.candidates());
  expect(index.margin(400, 10)).toBe(Infinity);
});

test("vectors with NaN and infinities neither break an index nor hide the others", () => {
  const set = textLikeEmbeddings(200, 40, 18);
  for (const space of spaces) {
    const values = set.values.slice();
    values.fill(NaN, 0, 40);
    values.fill(Infinity, 40, 80);
    const index = engine.open({ ...defaults, space, dimension: 40 });
    index.append(values);
    index.add(200);
    const found = findNearest(index, { ...set, values }, rowOf(set, 7), { k: 1 });
    if (space !== "ip") expect(found.slots[0]).toBe(7);
    expect(found.slots).toHaveLength(1);
  }
});

test("arguments that make no sense are refused before anything changes", () => {
  expect(() => engine.open({ ...defaults, dimension: 0 })).toThrow(RangeError);
  expect(() => engine.open({ ...defaults, dimension: 70000 })).toThrow(RangeError);
  const index = engine.open({ ...defaults, dimension: 4 });
  index.append(new Float32Array(8));
  expect(() => index.append(new Float32Array(5))).toThrow(RangeError);
  expect(() => index.query(new Float32Array(3), 10)).toThrow(RangeError);
  expect(() => index.query(new Float32Array(4), 0)).toThrow(RangeError);
  expect(() => index.remove(2)).toThrow(RangeError);
  expect(() => index.encode(new Float32Array(4))).toThrow(RangeError);
  index.recode("i8");
  expect(() => index.encode(new Float32Array(12))).toThrow(RangeError);
  index.query(new Float32Array(4), 1);
  expect(() => index.scan(0, 3)).toThrow(RangeError);
  expect(index.state().slots).toBe(2);
});

test("a query ends when another index begins one", () => {
  const [a, b] = [engine.open({ ...defaults, dimension: 4 }), engine.open({ ...defaults, dimension: 4 })];
  a.append(new Float32Array(4));
  b.append(new Float32Array(4));
  a.query(new Float32Array(4), 1);
  b.query(new Float32Array(4), 1);
  expect(() => a.scan(0, 1)).toThrow(RangeError);
});

test("closing twice is nothing, any other call after it throws one fixed error", () => {
  const index = engine.open({ ...defaults, dimension: 4 });
  index.close();
  index.close();
  for (const call of [() => index.state(), () => index.append(new Float32Array(4)), () => index.add(1)])
    expect(call).toThrow("this vector index is closed");
});

function takeRows(set: Dataset, slots: Uint32Array): Float32Array {
  const rows = new Float32Array(slots.length * set.dimension);
  slots.forEach((slot, i) => rows.set(rowOf(set, slot), i * set.dimension));
  return rows;
}
