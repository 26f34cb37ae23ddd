// The graph with i8 codes, its candidates rescored, against comparing everything in doubles.

import { describe, expect, test, vi } from "vitest";
import type { HnswParameters, Space } from "../../wasm/hnsw.ts";
import {
  clusteredPoints,
  nearDuplicates,
  realEmbeddings,
  rowOf,
  scaled,
  splitDataset,
  textLikeEmbeddings,
  type Dataset,
} from "./datasets.ts";
import { defaults, findNearest, loadEngine } from "./engine.ts";
import { nearestRows, recallOf } from "./oracle.ts";

vi.setConfig({ testTimeout: 60_000 });

const k = 10;

async function recallOnGraph(parameters: HnswParameters, data: Dataset, queries: Dataset): Promise<number> {
  const index = (await loadEngine()).open(parameters);
  index.limitCache(2 ** 30);
  index.append(data.values);
  index.add(data.rows);
  let sum = 0;
  for (let row = 0; row < queries.rows; row++) {
    const query = rowOf(queries, row);
    const truth = nearestRows(parameters.space, data, query, k);
    sum += recallOf(parameters.space, data, query, findNearest(index, data, query, { k }).slots, truth);
  }
  index.close();
  return sum / queries.rows;
}

describe.each<Space>(["l2", "cosine", "ip"])("recall of the graph in %s", (space) => {
  test("real sentence embeddings", async () => {
    const [data, queries] = splitDataset(realEmbeddings(), 700);
    expect(await recallOnGraph({ ...defaults, space, dimension: 384 }, data, queries)).toBeGreaterThanOrEqual(
      0.99,
    );
  });

  test("text-like vectors", async () => {
    const [data, queries] = splitDataset(textLikeEmbeddings(6100, 128, 1), 6000);
    expect(await recallOnGraph({ ...defaults, space, dimension: 128 }, data, queries)).toBeGreaterThanOrEqual(
      0.99,
    );
  });
});

test("one record 100 times larger than the rest costs the others nothing", async () => {
  const [data, queries] = splitDataset(textLikeEmbeddings(5100, 128, 2), 5000);
  const uneven = scaled(data, (row) => (row === 17 ? 100 : 1));
  expect(await recallOnGraph({ ...defaults, dimension: 128 }, uneven, queries)).toBeGreaterThanOrEqual(0.99);
});

test.each([2, 8])("clusters in %i dimensions are exact enough as f32", async (dimension) => {
  const [data, queries] = splitDataset(clusteredPoints(8100, dimension, 40, 0.1, 3), 8000);
  expect(
    await recallOnGraph({ ...defaults, codeKind: "f32", dimension }, data, queries),
  ).toBeGreaterThanOrEqual(0.99);
});

test("near duplicates are told apart by f32 codes", async () => {
  const [data, queries] = splitDataset(nearDuplicates(6100, 64, 100, 4), 6000);
  expect(
    await recallOnGraph({ ...defaults, codeKind: "f32", dimension: 64 }, data, queries),
  ).toBeGreaterThanOrEqual(0.99);
});

test.each([
  { maxNeighbors: 0, efConstruction: 0 },
  { maxNeighbors: 1, efConstruction: 1 },
])(
  "a useless configuration ($maxNeighbors neighbors) is clamped to one that finds things",
  async (configuration) => {
    const [data, queries] = splitDataset(textLikeEmbeddings(2100, 64, 5), 2000);
    expect(
      await recallOnGraph({ ...defaults, ...configuration, dimension: 64 }, data, queries),
    ).toBeGreaterThan(0.8);
  },
);
