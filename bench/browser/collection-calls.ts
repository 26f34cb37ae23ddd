// Calls of the public API, timed inside the page: filling a collection, querying it, opening it again.
// Each call makes a client of its own and closes it, so that one measurement does not warm another.

import type { Collection } from "../../src/index.ts";
import { fetchDataset, nearestRows, row, type Dataset } from "../datasets/dataset.ts";
import { generateRecords, seldomWord } from "../datasets/generated-records.ts";
import { sidesOf } from "../datasets/sides.ts";
import { recallOf, timeEach } from "../measure.ts";
import { loadChromalite } from "./library.ts";

/** Which collection a call is about, and the data set it was filled from. */
export interface Target {
  readonly path: string;
  readonly dataset: string;
  readonly dimension: number;
  readonly folderUrl: string;
}

export interface FillOptions extends Target {
  readonly batchRows: number;
  /** Five metadata keys and 400 characters a record; without, vectors only. */
  readonly withRecords: boolean;
}

export interface Filled {
  readonly rows: number;
  /** Milliseconds of each batch, in order. */
  readonly batches: readonly number[];
}

export const recordSeed = 2;
export const k = 10;

/** Runs `work` on the benchmark's collection of a path, with a client of its own. */
export async function withCollection<Result>(
  path: string,
  work: (collection: Collection) => Promise<Result>,
): Promise<Result> {
  const { PersistentClient } = await loadChromalite();
  const client = new PersistentClient({ path });
  try {
    const collection = await client.getOrCreateCollection({
      name: "bench",
      embeddingFunction: null,
      configuration: { hnsw: { space: "cosine" } },
    });
    return await work(collection);
  } finally {
    await client.close();
  }
}

/** Creates the collection of a path, for who wants it older than its records. */
export function create({ path }: { path: string }): Promise<void> {
  return withCollection(path, () => Promise.resolve());
}

export async function fill(options: FillOptions): Promise<Filled> {
  const dataset = await fetchDataset(options.dataset, options.dimension, options.folderUrl);
  const { vectors, dimension } = dataset;
  const rows = vectors.length / dimension;
  const recordOf = generateRecords(recordSeed, sidesOf(dataset));
  return withCollection(options.path, async (collection) => {
    const batches: number[] = [];
    for (let start = 0; start < rows; start += options.batchRows) {
      const places = Array.from({ length: Math.min(options.batchRows, rows - start) }, (_, i) => start + i);
      const records = places.map(recordOf);
      const batch = {
        ids: records.map(({ id }) => id),
        embeddings: places.map((i) => row(vectors, i, dimension)),
        ...(options.withRecords && {
          documents: records.map(({ document }) => document),
          metadatas: records.map(({ metadata }) => ({ ...metadata })),
        }),
      };
      batches.push(...(await timeEach(1, () => collection.add(batch))));
    }
    return { rows, batches };
  });
}

/** Two seconds without a call and the engine begins its checkpoint; this leaves time to end it. */
const restMs = 8_000;

/**
 * Waits until every vector is in the graph, then leaves the engine alone until its checkpoint is done,
 * as a page does that is left open. Milliseconds until all was in the graph.
 */
export async function settle({ path }: { path: string }): Promise<number> {
  return withCollection(path, async (collection) => {
    const [milliseconds] = await timeEach(1, () => untilIndexed(collection));
    await rest();
    return milliseconds!;
  });
}

/** Resolves when every vector is in the graph. */
export async function untilIndexed(collection: Collection): Promise<void> {
  while ((await unindexedOf(collection)) > 0) await pause(100);
}

/** Leaves the engine alone until its checkpoint is done. */
export function rest(): Promise<void> {
  return pause(restMs);
}

async function unindexedOf(collection: Collection): Promise<number> {
  return (await collection.getIndexingStatus()).num_unindexed_ops;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Milliseconds of `times` adds of one record each, vectors and all. Takes them away again. */
export async function addSingly({
  path,
  times,
  dimension,
}: {
  path: string;
  times: number;
  dimension: number;
}): Promise<number[]> {
  const recordOf = generateRecords(recordSeed + 1);
  const records = Array.from({ length: times }, (_, i) => recordOf(i));
  return withCollection(path, async (collection) => {
    const ids = records.map(({ id }) => `single-${id}`);
    const embeddings = records.map((_, i) =>
      Float32Array.from({ length: dimension }, (__, j) => Math.sin(i + j)),
    );
    const milliseconds = await timeEach(times, (i) =>
      collection.add({
        ids: [ids[i]!],
        embeddings: [embeddings[i]!],
        documents: [records[i]!.document],
        metadatas: [{ ...records[i]!.metadata }],
      }),
    );
    await collection.delete({ ids });
    return milliseconds;
  });
}

type Include = "distances" | "documents" | "metadatas" | "embeddings" | "uris";

export interface QueryTimes {
  readonly recall: number;
  /** Vectors that were not in the graph when the queries began: they are scanned. */
  readonly unindexed: number;
  readonly milliseconds: number[];
}

export async function queryAll(target: Target & { include: Include[] }): Promise<QueryTimes> {
  const dataset = await fetchDataset(target.dataset, target.dimension, target.folderUrl);
  return withCollection(target.path, async (collection) => {
    const found: number[][] = [];
    const run = async (i: number): Promise<void> => {
      const { ids } = await collection.query({
        queryEmbeddings: [row(dataset.queries, i, dataset.dimension)],
        nResults: k,
        include: target.include,
      });
      found[i] = ids[0]!.map(placeOf);
    };
    const queries = dataset.queries.length / dataset.dimension;
    const unindexed = await unindexedOf(collection);
    await timeEach(100, run);
    const milliseconds = await timeEach(queries, run);
    return { unindexed, recall: recallOf(found, nearestRows(dataset, k)), milliseconds };
  });
}

/** Times of `get` by one id, everything included. */
export async function getSingly({
  path,
  times,
  rows,
}: {
  path: string;
  times: number;
  rows: number;
}): Promise<number[]> {
  return withCollection(path, async (collection) => {
    const get = (i: number) => collection.get({ ids: [`record-${(i * 7_919) % rows}`] });
    await timeEach(100, get);
    return timeEach(times, get);
  });
}

/** Times of a search for a word that few documents have, and how many it found. */
export async function findWord({
  path,
  times,
}: {
  path: string;
  times: number;
}): Promise<{ found: number; milliseconds: number[] }> {
  return withCollection(path, async (collection) => {
    const find = () => collection.get({ whereDocument: { $contains: seldomWord }, include: [] });
    const { ids } = await find();
    return { found: ids.length, milliseconds: await timeEach(times, find) };
  });
}

/** Milliseconds from making a client to its first answered query, in a page that has not loaded it before. */
export async function openAndQuery(target: Target): Promise<{ milliseconds: number; rows: number }> {
  const { queries, dimension }: Dataset = await fetchDataset(
    target.dataset,
    target.dimension,
    target.folderUrl,
  );
  const { PersistentClient } = await loadChromalite();
  const start = performance.now();
  const client = new PersistentClient({ path: target.path });
  const collection = await client.getCollection({ name: "bench" });
  await collection.query({ queryEmbeddings: [row(queries, 0, dimension)], nResults: k });
  const milliseconds = performance.now() - start;
  const rows = await collection.count();
  await client.close();
  return { milliseconds, rows };
}

/** Bytes that the origin's storage holds, as the browser counts them. */
export async function bytesUsed(): Promise<number> {
  return (await navigator.storage.estimate()).usage ?? Number.NaN;
}

/** The row of the data set that a record was made from. */
export function placeOf(id: string): number {
  return Number(id.slice("record-".length));
}
