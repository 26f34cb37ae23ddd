// What Vectors promises beside right answers: when the graph is made, what an image holds, what failing costs.

import { expect, test, vi } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import type { HnswIndex, HnswModule, HnswParameters } from "../../wasm/hnsw.ts";
import { Bitset } from "../../worker/bitset.ts";
import { graphSlotsMin } from "../../worker/vectors/planner.ts";
import type { VectorSource } from "../../worker/vectors/vector-source.ts";
import { Vectors, type VectorsOptions } from "../../worker/vectors/vectors.ts";
import { normalFrom, rowOf, textLikeEmbeddings, type Dataset } from "../wasm/datasets.ts";
import { loadEngine } from "../wasm/engine.ts";
import { nearestRows } from "../wasm/oracle.ts";
import { RowsInMemory } from "./rows-in-memory.ts";

vi.setConfig({ testTimeout: 60_000 });

const engine = await loadEngine();

function open(dimension: number, source: VectorSource, options: Partial<VectorsOptions> = {}): Vectors {
  return Vectors.open({
    hnsw: engine,
    dimension,
    space: "l2",
    maxNeighbors: 8,
    efConstruction: 33,
    efSearch: 50,
    source,
    cacheBytes: 2 ** 20,
    ...options,
  });
}

function openFilled(set: Dataset, options: Partial<VectorsOptions> = {}): Vectors {
  const vectors = open(set.dimension, new RowsInMemory(set.dimension, set.values), options);
  vectors.append(0, set.values);
  return vectors;
}

/** The engine, noting which indexes it opens. */
function noteOpened(opened: HnswIndex[]): HnswModule {
  const open = (parameters: HnswParameters): HnswIndex => {
    const index = engine.open(parameters);
    opened.push(index);
    return index;
  };
  return Object.create(engine, { open: { value: open } }) as HnswModule;
}

function indexAll(vectors: Vectors): void {
  while (vectors.indexSlice(1000)) expect(vectors.unindexed).toBeGreaterThanOrEqual(0);
}

const large = textLikeEmbeddings(graphSlotsMin + 1000, 40, 51);

test("a small collection has no graph and nothing to index", () => {
  const vectors = openFilled(textLikeEmbeddings(1000, 40, 52));
  expect(vectors.unindexed).toBe(0);
  expect(vectors.indexSlice(1000)).toBe(false);
});

test("a large collection is searchable before, during and after indexing", () => {
  const vectors = openFilled(large);
  const query = rowOf(textLikeEmbeddings(1, 40, 53), 0);
  const truth = nearestRows("l2", large, query, 5).map(({ slot }) => slot);
  expect(vectors.unindexed).toBe(large.rows);
  expect([...vectors.search(query, 5).slots]).toEqual(truth);
  while (vectors.unindexed > large.rows / 2) expect(vectors.indexSlice(5)).toBe(true);
  expect([...vectors.search(query, 5).slots]).toEqual(truth);
  indexAll(vectors);
  expect(vectors.unindexed).toBe(0);
  expect([...vectors.search(query, 5).slots]).toEqual(truth);
});

test("a vector is found as soon as it is appended, and never after its tombstone", () => {
  const set = textLikeEmbeddings(10, 40, 54);
  const vectors = openFilled(set);
  expect(vectors.search(rowOf(set, 9), 1)).toEqual({
    slots: Uint32Array.of(9),
    distances: Float32Array.of(0),
  });
  vectors.tombstone(9);
  vectors.tombstone(9);
  expect([...vectors.search(rowOf(set, 9), 20).slots]).not.toContain(9);
  expect(vectors.search(rowOf(set, 9), 20).slots).toHaveLength(9);
});

test("nothing is found in nothing", () => {
  const empty = { slots: new Uint32Array(), distances: new Float32Array() };
  const vectors = open(3, new RowsInMemory(3));
  expect(vectors.search(new Float32Array(3), 5)).toEqual(empty);
  vectors.append(0, new Float32Array(3));
  expect(vectors.search(new Float32Array(3), 0)).toEqual(empty);
  expect(vectors.search(new Float32Array(3), 5, new Bitset())).toEqual(empty);
  vectors.tombstone(0);
  expect(vectors.search(new Float32Array(3), 5)).toEqual(empty);
});

test("k may be larger than the collection", () => {
  const set = textLikeEmbeddings(300, 40, 55);
  const found = openFilled(set).search(rowOf(set, 0), 10_000);
  expect([...found.slots].sort((a, b) => a - b)).toEqual([...Array(300).keys()]);
  expect([...found.distances]).toEqual([...found.distances].sort((a, b) => a - b));
});

test("appending anywhere but at the end is refused", () => {
  const vectors = open(2, new RowsInMemory(2));
  expect(() => vectors.append(1, new Float32Array(2))).toThrow("vectors appended at slot 1, expected 0");
});

test("full vectors are read for the few candidates alone, and not again while they are cached", () => {
  const set = textLikeEmbeddings(5000, 128, 56);
  const source = new RowsInMemory(128, set.values);
  const vectors = open(128, source, { cacheBytes: 100 * 128 * 4 });
  vectors.append(0, set.values);
  // What was appended first is in the cache; these are not.
  const query = rowOf(set, 4000);
  vectors.search(query, 10);
  expect(source.reads).toBeGreaterThan(0);
  expect(source.reads).toBeLessThanOrEqual(60);
  const { reads } = source;
  vectors.search(query, 10);
  expect(source.reads).toBe(reads);
});

test("damage of a full vector that decides the answer is told, not hidden", () => {
  const set = textLikeEmbeddings(100, 40, 57);
  const damaged: VectorSource = {
    holds: () => true,
    readRows() {
      throw new Failure("corrupt", "row 7 fails its checksum");
    },
  };
  const vectors = open(40, damaged, { cacheBytes: 0 });
  vectors.append(0, set.values);
  expect(() => vectors.search(rowOf(set, 0), 3)).toThrow(expect.objectContaining({ code: "corrupt" }));
});

test("vectors that are mostly tombstones say so, and answer on", () => {
  const vectors = openFilled(large);
  indexAll(vectors);
  for (let slot = 0; slot < large.rows; slot++) {
    expect(vectors.isWorn).toBe(slot > large.rows / 2);
    vectors.tombstone(slot);
    if (slot === Math.floor(large.rows / 2)) break;
  }
  for (let slot = 0; slot < large.rows; slot++) if (slot % 10 !== 0) vectors.tombstone(slot);
  expect(vectors.isWorn).toBe(true);
  indexAll(vectors);
  const query = rowOf(large, 3);
  const live = (slot: number): boolean => slot % 10 === 0 && slot > large.rows / 2;
  const truth = nearestRows("l2", large, query, 5, live).map(({ slot }) => slot);
  expect([...vectors.search(query, 5).slots]).toEqual(truth);
});

test("few vectors are not worn, whatever is left of them", () => {
  const small = textLikeEmbeddings(1000, 40, 55);
  const vectors = openFilled(small);
  for (let slot = 0; slot < small.rows; slot++) vectors.tombstone(slot);
  expect(vectors.removed).toBe(small.rows);
  expect(vectors.isWorn).toBe(false);
});

test("an image brings codes, graph and tombstones back", () => {
  const vectors = openFilled(large);
  indexAll(vectors);
  vectors.tombstone(5);
  const pieces = [...vectors.saveImage()];
  const source = new RowsInMemory(40, large.values);
  const loaded = open(40, source);
  expect(loaded.loadImage(pieces, large.rows)).toBe(large.rows);
  expect(source.reads).toBe(0);
  expect(loaded.unindexed).toBe(0);
  expect([...loaded.search(rowOf(large, 5), 10).slots]).toEqual([
    ...vectors.search(rowOf(large, 5), 10).slots,
  ]);
  const more = textLikeEmbeddings(10, 40, 58).values;
  source.push(more);
  loaded.append(large.rows, more);
  expect(loaded.search(more.subarray(0, 40), 1).slots[0]).toBe(large.rows);
});

test("an image that is damaged, of another configuration or of later slots is not taken", () => {
  const set = textLikeEmbeddings(200, 40, 59);
  const pieces = [...openFilled(set).saveImage()];
  const rows = new RowsInMemory(40, set.values);
  expect(open(40, rows).loadImage(pieces, 199)).toBe(0);
  expect(open(40, rows, { space: "ip" }).loadImage(pieces, 200)).toBe(0);
  expect(open(40, rows).loadImage(pieces.slice(0, -1), 200)).toBe(0);
  const damaged = pieces.map((piece) => piece.slice());
  damaged.at(-1)![100]! ^= 1;
  const vectors = open(40, rows);
  expect(vectors.loadImage(damaged, 200)).toBe(0);
  vectors.append(0, set.values);
  expect(vectors.search(rowOf(set, 17), 1).slots[0]).toBe(17);
});

test("indexing pauses while an image is written, appending does not", () => {
  const vectors = openFilled(large);
  expect(vectors.indexSlice(5)).toBe(true);
  const writing = vectors.saveImage();
  const pieces = [writing.next().value as Uint8Array];
  const { unindexed } = vectors;
  expect(vectors.indexSlice(5)).toBe(false);
  expect(vectors.unindexed).toBe(unindexed);
  vectors.append(
    large.rows,
    large.values.subarray(0, 400).map((value) => value * 50),
  );
  vectors.tombstone(0);
  for (const piece of writing) pieces.push(piece);
  expect(vectors.indexSlice(5)).toBe(true);

  const loaded = open(40, new RowsInMemory(40, large.values));
  expect(loaded.loadImage(pieces, large.rows)).toBe(large.rows);
  expect(loaded.search(rowOf(large, 0), 1).slots[0]).toBe(0);
});

test("an image that is not finished pauses indexing no longer than its writer lives", () => {
  const vectors = openFilled(large);
  const writing = vectors.saveImage();
  writing.next();
  expect(vectors.indexSlice(5)).toBe(false);
  writing.return();
  expect(vectors.indexSlice(5)).toBe(true);
});

test("codes too coarse for near duplicates give way to f32 while searches go on being right", () => {
  const normal = normalFrom(60);
  const base = rowOf(textLikeEmbeddings(1, 64, 61), 0);
  const values = Float32Array.from(
    { length: 3000 * 64 },
    (_, i) => base[i % 64]! * (1 + 1e-4 * normal()) + (i < 64 ? 2 : 0),
  );
  const set: Dataset = { dimension: 64, rows: 3000, values };
  const vectors = openFilled(set);
  const check = () => {
    for (let row = 1; row < 3000; row += 300) expect(vectors.search(rowOf(set, row), 1).slots[0]).toBe(row);
  };
  check();
  const narrow = vectors.memoryUsed();
  while (vectors.indexSlice(1)) check();
  check();
  expect(vectors.memoryUsed()).toBeGreaterThan(narrow);
});

test("closing twice is nothing, a search after it throws", () => {
  const set = textLikeEmbeddings(10, 40, 62);
  const vectors = openFilled(set);
  vectors.close();
  vectors.close();
  expect(() => vectors.search(rowOf(set, 0), 1)).toThrow(expect.objectContaining({ code: "closed" }));
});

test("the graph answers where it was found to need another breadth than efSearch", () => {
  const set = textLikeEmbeddings(16_000, 48, 11);
  const opened: HnswIndex[] = [];
  const vectors = openFilled(set, { hnsw: noteOpened(opened), efSearch: 11 });
  indexAll(vectors);
  const breadth = vi.spyOn(opened[0]!, "query");
  const scan = vi.spyOn(opened[0]!, "scan");
  vectors.search(rowOf(set, 5), 3);
  expect(breadth.mock.calls[0]![1]).toBeGreaterThan(20);
  expect(scan.mock.calls).toEqual([[set.rows, set.rows]]);
});

test("a verdict on the graph is believed after an image is loaded, unless it cannot be of this graph", () => {
  const set = textLikeEmbeddings(20_000, 40, 61);
  const rows = new RowsInMemory(set.dimension, set.values);
  const made = openFilled(set);
  indexAll(made);
  const verdict = made.graphVerdict;
  expect(verdict).toMatchObject({ slots: set.rows, removed: 0, efSearch: 50 });
  const pieces = [...made.saveImage()];

  /** Slots that the first search after loading compares one by one. */
  const scannedWith = (kept: unknown, options = {}): number => {
    const opened: HnswIndex[] = [];
    const loaded = open(set.dimension, rows, { hnsw: noteOpened(opened), ...options });
    expect(loaded.loadImage(pieces, set.rows)).toBe(set.rows);
    loaded.restoreVerdict(kept);
    const scan = vi.spyOn(opened.at(-1)!, "scan");
    const query = rowOf(set, 7);
    expect(loaded.search(query, 3).slots[0]).toBe(7);
    return scan.mock.calls.reduce((sum, [from, to]) => sum + to - from, 0);
  };
  expect(scannedWith(verdict)).toBe(0);
  for (const kept of [
    undefined,
    null,
    "yes",
    {},
    { ...verdict, rules: 0 },
    { ...verdict, breadthFactor: Number.NaN },
    { ...verdict, breadthFactor: 0.5 },
    { ...verdict, breadthFactor: Number.POSITIVE_INFINITY },
    { ...verdict, efSearch: 51 },
    { ...verdict, slots: set.rows + 1 },
    { ...verdict, slots: 19_999.5 },
    { ...verdict, removed: -1 },
  ]) {
    expect([kept, scannedWith(kept)]).toEqual([kept, set.rows]);
  }
  expect(scannedWith(verdict, { efSearch: 60 })).toBe(set.rows);
});
