// What a reopened engine answers, and what closing costs, for collections large enough for a graph.

import { expect, test, vi } from "vitest";
import { HnswIndex } from "../../wasm/hnsw.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { rowOf, textLikeEmbeddings } from "../wasm/datasets.ts";
import { EngineClient, memory } from "./engine-client.ts";

const DIMENSION = 48;
const RECORDS = 12_000;
const BATCH = 1000;

/** The least structured data there is: a graph alone, at the default breadth, finds .9 of the neighbours. */
function noise(random: SeededRandom, rows: number): number[][] {
  return Array.from({ length: rows }, () =>
    Array.from({ length: DIMENSION }, () => Math.fround(random.next() - 0.5)),
  );
}

function recall(
  found: readonly string[][],
  queries: readonly number[][],
  vectors: readonly number[][],
): number {
  let hits = 0;
  for (const [i, query] of queries.entries()) {
    const distances = vectors.map((vector, id) => ({
      id: String(id),
      distance: vector.reduce((sum, value, at) => sum + (value - query[at]!) ** 2, 0),
    }));
    const nearest = new Set(
      distances
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 10)
        .map(({ id }) => id),
    );
    hits += found[i]!.filter((id) => nearest.has(id)).length;
  }
  return hits / (10 * queries.length);
}

/** Turns until the engine has nothing to do: indexing done, checkpoint and index image written. */
async function settle(client: EngineClient, id: string): Promise<void> {
  for (;;) {
    const status = (await client.call("get", STATUS, { collection_id: id })) as { num_unindexed_ops: number };
    if (status.num_unindexed_ops === 0) break;
    await macrotask();
  }
  for (let turn = 0; turn < 3000; turn++) await macrotask();
}

const STATUS = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/indexing_status";

test("recall is .99 while the graph is built, when it is, and right after each reopening", async () => {
  const disk: Disk = new Map();
  const random = new SeededRandom(5);
  const vectors = noise(random, RECORDS);
  const queries = noise(random, 20);
  let client = await EngineClient.open(memory(disk), { idleMs: 0 });
  const id = await client.createCollection("noise");
  for (let first = 0; first < RECORDS; first += BATCH) {
    const batch = vectors.slice(first, first + BATCH);
    await client.write("add", id, { ids: batch.map((_, i) => String(first + i)), embeddings: batch });
  }
  const measure = async () =>
    recall((await client.query(id, queries, { n_results: 10 })).ids, queries, vectors);
  expect(await measure()).toBeGreaterThanOrEqual(0.99);
  await settle(client, id);
  expect(await measure()).toBeGreaterThanOrEqual(0.99);
  for (let opening = 0; opening < 2; opening++) {
    await client.close();
    client = await EngineClient.open(memory(disk), { idleMs: 0 });
    expect(await measure()).toBeGreaterThanOrEqual(0.99);
  }
  // What was indexed is in the image: a reopened collection has no graph to build.
  const status = await client.call("get", STATUS, { collection_id: id });
  expect(status).toMatchObject({ num_unindexed_ops: 0 });
  await client.close();
}, 120_000);

test("the first query after an opening uses the graph that was examined before", async () => {
  const disk: Disk = new Map();
  const set = textLikeEmbeddings(20_000, 40, 7);
  const vectors = Array.from({ length: set.rows }, (_, row) => [...rowOf(set, row)]);
  let client = await EngineClient.open(memory(disk), { idleMs: 0 });
  const id = await client.createCollection("examined");
  for (let first = 0; first < vectors.length; first += BATCH) {
    const batch = vectors.slice(first, first + BATCH);
    await client.write("add", id, { ids: batch.map((_, i) => String(first + i)), embeddings: batch });
  }
  await settle(client, id);
  await client.close();
  client = await EngineClient.open(memory(disk), { idleMs: 0 });
  const scan = vi.spyOn(HnswIndex.prototype, "scan");
  const search = vi.spyOn(HnswIndex.prototype, "search");
  try {
    const { ids } = await client.query(id, [vectors[77]!], { n_results: 1 });
    const scanned = scan.mock.calls.reduce((sum, [from, to]) => sum + to - from, 0);
    expect(ids).toEqual([["77"]]);
    expect(search).toHaveBeenCalled();
    // What the last image did not have yet, at most.
    expect(scanned).toBeLessThan(vectors.length / 3);
  } finally {
    vi.restoreAllMocks();
    await client.close();
  }
}, 120_000);

test("closing does not wait for the graph", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("many");
  const vectors = noise(new SeededRandom(6), RECORDS);
  await client.write("add", id, { ids: vectors.map((_, i) => String(i)), embeddings: vectors });
  const status = await client.call("get", STATUS, { collection_id: id });
  const closed = client.close().then(() => "closed");
  let turns = 0;
  const turned = (async () => {
    for (; turns < 500; turns++) await macrotask();
    return "turned";
  })();
  expect(status).not.toMatchObject({ num_unindexed_ops: 0 });
  expect(await Promise.race([closed, turned])).toBe("closed");
  await Promise.all([closed, turned]);
});

test("a vector of more dimensions than the engine takes is refused before anything is written", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("wide");
  const wide = Array.from({ length: 65_537 }, () => 1);
  await expect(client.write("add", id, { ids: ["a"], embeddings: [wide] })).rejects.toMatchObject({
    status: 400,
    message: "Expected embeddings of at most 65536 dimensions, got 65537",
  });
  await client.write("add", id, { ids: ["a"], embeddings: [[1, 2]] });
  expect(await client.count(id)).toBe(1);
  await client.close();
});
