// What share of the true neighbors a collection finds with its defaults, for data that is hard on codes, on graphs
// and on filters. 10,000 rows and more, so that the graph answers.

import { describe, expect, test, vi } from "vitest";
import type { Space } from "../../wasm/hnsw.ts";
import { Bitset } from "../../worker/bitset.ts";
import { Vectors } from "../../worker/vectors/vectors.ts";
import {
  clusteredPoints,
  nearDuplicates,
  randomFrom,
  realEmbeddings,
  rowOf,
  scaled,
  splitDataset,
  textLikeEmbeddings,
  type Dataset,
} from "../wasm/datasets.ts";
import { loadEngine } from "../wasm/engine.ts";
import { nearestRows, recallOf } from "../wasm/oracle.ts";
import { RowsInMemory } from "./rows-in-memory.ts";

vi.setConfig({ testTimeout: 60_000 });

const engine = await loadEngine();
const k = 10;
const queriesCount = 50;

/** A collection that was filled in batches, and indexed after each. */
function openFilled(data: Dataset, space: Space, batch = 1000): Vectors {
  const vectors = Vectors.open({
    hnsw: engine,
    dimension: data.dimension,
    space,
    maxNeighbors: 16,
    efConstruction: 100,
    efSearch: 100,
    source: new RowsInMemory(data.dimension, data.values),
    cacheBytes: 2 ** 28,
  });
  for (let row = 0; row < data.rows; row += batch) {
    vectors.append(row, data.values.subarray(row * data.dimension, (row + batch) * data.dimension));
    while (vectors.indexSlice(1000)) expect(vectors.unindexed).toBeGreaterThanOrEqual(0);
  }
  return vectors;
}

function recallAt(vectors: Vectors, data: Dataset, queries: Dataset, space: Space, allowed?: Bitset): number {
  let sum = 0;
  for (let row = 0; row < queries.rows; row++) {
    const query = rowOf(queries, row);
    const truth = nearestRows(space, data, query, k, allowed && ((slot) => allowed.has(slot)));
    sum += recallOf(space, data, query, vectors.search(query, k, allowed).slots, truth);
  }
  return sum / queries.rows;
}

function splitQueries(set: Dataset): [Dataset, Dataset] {
  return splitDataset(set, set.rows - queriesCount);
}

describe("recall at the defaults is at least .99", () => {
  test.each<Space>(["l2", "cosine", "ip"])("text-like vectors, %s", (space) => {
    const [data, queries] = splitQueries(textLikeEmbeddings(9_050, 96, 41));
    expect(recallAt(openFilled(data, space), data, queries, space)).toBeGreaterThanOrEqual(0.99);
  });

  test("real sentence embeddings", () => {
    const [data, queries] = splitQueries(realEmbeddings());
    expect(recallAt(openFilled(data, "cosine"), data, queries, "cosine")).toBe(1);
  });

  test.each<Space>(["l2", "ip"])("one record 100 times larger than the rest, %s", (space) => {
    const [data, queries] = splitQueries(textLikeEmbeddings(12_050, 64, 42));
    const uneven = scaled(data, (row) => (row === 5 ? 100 : 1));
    expect(recallAt(openFilled(uneven, space), uneven, queries, space)).toBeGreaterThanOrEqual(0.99);
  });

  test.each<Space>(["l2", "ip"])("data that grows tenfold after the first 1,000, %s", (space) => {
    const [data, queries] = splitQueries(textLikeEmbeddings(10_050, 64, 43));
    const grown = scaled(data, (row) => (row < 1000 ? 1 : 10));
    const vectors = openFilled(grown, space);
    expect(recallAt(vectors, grown, queries, space)).toBeGreaterThanOrEqual(0.99);
    const large = scaled(queries, () => 10);
    expect(recallAt(vectors, grown, large, space)).toBeGreaterThanOrEqual(0.99);
  });

  test("data that shrinks to a hundredth after the first 1,000", () => {
    const [data, queries] = splitQueries(textLikeEmbeddings(10_050, 64, 44));
    const shrunk = scaled(data, (row) => (row < 1000 ? 1 : 0.01));
    const small = scaled(queries, () => 0.01);
    expect(recallAt(openFilled(shrunk, "l2"), shrunk, small, "l2")).toBeGreaterThanOrEqual(0.99);
  });

  test.each([2, 8])("clusters in %i dimensions", (dimension) => {
    const [data, queries] = splitQueries(clusteredPoints(12_050, dimension, 60, 0.05, 45));
    expect(recallAt(openFilled(data, "l2"), data, queries, "l2")).toBeGreaterThanOrEqual(0.99);
  });

  test("near duplicates, which bytes cannot tell apart", () => {
    const [data, queries] = splitQueries(nearDuplicates(10_050, 64, 100, 46));
    expect(recallAt(openFilled(data, "l2"), data, queries, "l2")).toBeGreaterThanOrEqual(0.99);
  });

  test("exact duplicates in numbers far above the degree of the graph", () => {
    const [data, queries] = splitQueries(textLikeEmbeddings(10_050, 64, 47));
    const original = rowOf(data, 9).slice();
    for (let row = 0; row < data.rows; row += 2) data.values.set(original, row * 64);
    expect(recallAt(openFilled(data, "l2"), data, queries, "l2")).toBeGreaterThanOrEqual(0.99);
  });
});

describe("filters", () => {
  const [data, queries] = splitDataset(textLikeEmbeddings(12_010, 64, 48), 12_000);
  const vectors = openFilled(data, "cosine");
  const shares = [0.0001, 0.01, 0.05, 0.2, 0.5, 0.9];

  test.each(shares)("a random %f of the slots", (share) => {
    const random = randomFrom(49);
    const allowed = new Bitset(data.rows);
    for (let slot = 0; slot < data.rows; slot++) if (random() < share) allowed.add(slot);
    expect(recallAt(vectors, data, queries, "cosine", allowed)).toBeGreaterThanOrEqual(0.99);
  });

  test.each(shares)("the nearest and the farthest %f of the slots", (share) => {
    const count = Math.max(1, Math.round(share * data.rows));
    for (let row = 0; row < queries.rows; row++) {
      const query: Dataset = { dimension: 64, rows: 1, values: rowOf(queries, row) };
      const ranked = nearestRows("cosine", data, query.values, data.rows);
      for (const part of [ranked.slice(0, count), ranked.slice(-count)]) {
        const allowed = new Bitset(data.rows);
        for (const { slot } of part) allowed.add(slot);
        expect(recallAt(vectors, data, query, "cosine", allowed)).toBeGreaterThanOrEqual(0.9);
      }
    }
  });

  test("most of the vectors removed", () => {
    const worn = openFilled(data, "cosine");
    const live = new Bitset(data.rows);
    for (let slot = 0; slot < data.rows; slot++) {
      if (slot % 5 === 0) live.add(slot);
      else worn.tombstone(slot);
    }
    const truthOf = (row: number) =>
      nearestRows("cosine", data, rowOf(queries, row), k, (slot) => live.has(slot));
    for (let row = 0; row < queries.rows; row++)
      expect([...worn.search(rowOf(queries, row), k).slots]).toEqual(truthOf(row).map(({ slot }) => slot));
  });
});
