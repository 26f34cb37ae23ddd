// How long reads wait while the engine keeps house: checkpoints and packing are cut into slices, and no
// slice is to be felt. Reads follow each other without a pause, `count` and `get` by id in turns.

import type { Collection } from "../../src/index.ts";
import { generateRecords } from "../datasets/generated-records.ts";
import { recordSeed, type Target, untilIndexed, withCollection } from "./collection-calls.ts";
import { TRACED_CALL } from "./worker-trace.ts";

export interface StallOptions extends Target {
  /** Records of the collection, as `fill` made them. */
  readonly rows: number;
}

/** More of these than a log file has room for go through the log, and not past it as large batches do. */
const smallBatchRows = 20;
const largeBatchRows = 1_000;
/** Two seconds without a call and the engine begins its checkpoint. */
const idleMs = 2_050;
const readingMs = 5_000;

/** Milliseconds of each read with nothing else to do: what the machine alone makes of it. */
export function readAtRest({ path, rows }: StallOptions): Promise<number[]> {
  return withLoaded(path, (collection) => readFor(collection, rows));
}

/** The same while records are updated, `megabytes` of them: a checkpoint for each 16 MiB. */
export function readBesideUpdates({
  path,
  rows,
  dimension,
  megabytes,
}: StallOptions & { megabytes: number }): Promise<number[]> {
  const bytes = dimension * 4 + 500;
  const batches = Math.ceil((megabytes * 2 ** 20) / (smallBatchRows * bytes));
  return withLoaded(path, async (collection) => {
    let isUpdating = true;
    const update = async (): Promise<void> => {
      for (let batch = 0; batch < batches; batch++) {
        await updateBatch(collection, batch * smallBatchRows, { rows, dimension, count: smallBatchRows });
      }
      isUpdating = false;
    };
    const [milliseconds] = await Promise.all([readWhile(collection, rows, () => isUpdating), update()]);
    return milliseconds;
  });
}

/** The same while the checkpoint runs that an engine at rest begins, after `updated` records were replaced. */
export function readBesideCheckpoint({
  path,
  rows,
  dimension,
  updated,
}: StallOptions & { updated: number }): Promise<number[]> {
  return withLoaded(path, async (collection) => {
    for (let start = 0; start < updated; start += largeBatchRows) {
      await updateBatch(collection, start, { rows, dimension, count: largeBatchRows });
    }
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    return readFor(collection, rows);
  });
}

/** The same after three of five records were deleted, all over the files: everything that is left is packed. */
export function readBesidePacking({ path, rows }: StallOptions): Promise<number[]> {
  return withLoaded(path, async (collection) => {
    const ids = Array.from({ length: rows }, (_, i) => i).filter((i) => i % 5 < 3);
    for (let start = 0; start < ids.length; start += 10_000) {
      await collection.delete({ ids: ids.slice(start, start + 10_000).map((i) => `record-${i}`) });
    }
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    return readFor(collection, rows);
  });
}

/** With a collection that is in memory: loading it is another measurement. */
function withLoaded<Result>(
  path: string,
  work: (collection: Collection) => Promise<Result>,
): Promise<Result> {
  return withCollection(path, async (collection) => {
    await collection.get({ limit: 1 });
    await untilIndexed(collection);
    return work(collection);
  });
}

function readFor(collection: Collection, rows: number): Promise<number[]> {
  const end = performance.now() + readingMs;
  return readWhile(collection, rows, () => performance.now() < end);
}

async function readWhile(collection: Collection, rows: number, goesOn: () => boolean): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let i = 0; goesOn(); i++) {
    const read = () =>
      i % 2 === 0 ? collection.count() : collection.get({ ids: [`record-${(i * 7_919) % rows}`] });
    const start = performance.now();
    await read();
    const end = performance.now();
    performance.measure(TRACED_CALL, { start, end });
    milliseconds.push(end - start);
  }
  return milliseconds;
}

/** Replaces `count` records from the `start`-th on, as if they went round: new vectors, documents and metadata. */
async function updateBatch(
  collection: Collection,
  start: number,
  { rows, dimension, count }: { rows: number; dimension: number; count: number },
): Promise<void> {
  const recordOf = generateRecords(recordSeed + 2 + start);
  const records = Array.from({ length: count }, (_, i) => recordOf(i));
  await collection.update({
    ids: records.map((_, i) => `record-${(start + i) % rows}`),
    embeddings: records.map((_, i) =>
      Float32Array.from({ length: dimension }, (__, j) => Math.sin(start + i + j)),
    ),
    documents: records.map(({ document }) => document),
    metadatas: records.map(({ metadata }) => ({ ...metadata })),
  });
}
