// A collection of any size, made in the page as it is added and never held whole: what is right for the
// queries is kept up as the vectors go by.

import type { Collection, PersistentClient } from "../../src/index.ts";
import { row } from "../datasets/dataset.ts";
import { generateVectors, type GeneratedVectors } from "../datasets/generated-vectors.ts";
import { NearestSoFar } from "../datasets/nearest-so-far.ts";
import { recallOf, timeEach } from "../measure.ts";
import { k, placeOf, rest, untilIndexed } from "./collection-calls.ts";
import { loadChromalite } from "./library.ts";

/** The first so many vectors of the stream are the queries, those after them the collection. */
const queryCount = 100;

export interface StreamTarget {
  readonly path: string;
  readonly rows: number;
  readonly dimension: number;
}

export interface Streamed {
  /** Milliseconds of each batch, in order. */
  readonly batches: readonly number[];
  /** Milliseconds from the first add until all is in the graph, the making of the vectors taken off. */
  readonly builtMs: number;
  /** For each query the rows that are nearest, by exact search in f32. */
  readonly truth: readonly (readonly number[])[];
}

/** Adds the vectors in batches, then leaves the engine alone until its checkpoint is done. */
export async function addStream({
  path,
  rows,
  dimension,
  batchRows,
}: StreamTarget & { batchRows: number }): Promise<Streamed> {
  const stream = generateVectors(1, dimension);
  const nearest = new NearestSoFar(take(stream, queryCount, dimension), dimension, k);
  const { client, collection } = await open(path);
  const batches: number[] = [];
  for (let start = 0; start < rows; start += batchRows) {
    const count = Math.min(batchRows, rows - start);
    const vectors = take(stream, count, dimension);
    nearest.see(vectors);
    const batch = {
      ids: Array.from({ length: count }, (_, i) => `record-${start + i}`),
      embeddings: Array.from({ length: count }, (_, i) => row(vectors, i, dimension)),
    };
    batches.push(...(await timeEach(1, () => collection.add(batch))));
  }
  const [indexingMs] = await timeEach(1, () => untilIndexed(collection));
  const builtMs = batches.reduce((sum, each) => sum + each, 0) + indexingMs!;
  await rest();
  await client.close();
  return { batches, builtMs, truth: nearest.rows() };
}

export interface Searched {
  /** From making a client to its first answered query, in a page that has not loaded it before. */
  readonly openMs: number;
  readonly milliseconds: readonly number[];
  readonly recall: number;
  /** Bytes of memory that the engine counts for the collection. */
  readonly memoryUsed: number;
  readonly bytesUsed: number;
}

/** Opens the collection and searches it. The client stays open: what the page takes can be looked at. */
export async function openAndSearch({
  path,
  dimension,
  truth,
  rounds,
}: StreamTarget & { truth: Streamed["truth"]; rounds: number }): Promise<Searched> {
  const queries = take(generateVectors(1, dimension), queryCount, dimension);
  const found: number[][] = [];
  const start = performance.now();
  const { client, collection } = await open(path);
  const search = async (i: number): Promise<void> => {
    const query = i % queryCount;
    const { ids } = await collection.query({
      queryEmbeddings: [row(queries, query, dimension)],
      nResults: k,
      include: ["distances"],
    });
    found[query] = ids[0]!.map(placeOf);
  };
  await search(0);
  const openMs = performance.now() - start;
  // The graph answers once it was examined, between requests; until then scans do.
  await rest();
  await timeEach(queryCount, search);
  const milliseconds = await timeEach(queryCount * rounds, search);
  const { memoryUsed, bytesUsed } = await client.storage.info();
  return { openMs, milliseconds, recall: recallOf(found, truth), memoryUsed, bytesUsed };
}

async function open(path: string): Promise<{ client: PersistentClient; collection: Collection }> {
  const { PersistentClient } = await loadChromalite();
  const client = new PersistentClient({ path });
  const collection = await client.getOrCreateCollection({
    name: "stream",
    embeddingFunction: null,
    configuration: { hnsw: { space: "cosine" } },
  });
  return { client, collection };
}

function take(stream: GeneratedVectors, count: number, dimension: number): Float32Array {
  const matrix = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) stream.next(row(matrix, i, dimension));
  return matrix;
}
