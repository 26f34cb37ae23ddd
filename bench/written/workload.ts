// Writes over one collection or many in turn, and the bytes that they add: what is written is counted by
// the storage under the engine, roots, manifests, images and packing in.

import type { PackedVectors, Reply } from "../../src/protocol/operation.ts";
import { PathEngine } from "../../worker/engine/engine.ts";
import type { Records } from "../../worker/engine/records.ts";
import type { PathLimits } from "../../worker/path/limits.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { generateRecords } from "../datasets/generated-records.ts";
import { generateVectors, mulberry32 } from "../datasets/generated-vectors.ts";
import { ChunkedBytes } from "../../worker/storage/chunked-bytes.ts";
import { CountingStorage } from "./counting-storage.ts";
import { mixVectors } from "./mixed-vectors.ts";

export const dimension = 384;
const collections = "/api/v2/tenants/{tenant}/databases/{database}/collections";
const scope = { tenant: "default_tenant", database: "default_database" };
/** What the worst point is looked for after: before, the fixed part of a path outweighs everything. */
const warmBytesDefault = 4 * 2 ** 20;
const diskChunkBytes = 2 ** 20;

/** Sizes of a path and of the warm-up, where they are not the real ones. */
export interface Scale {
  readonly limits: Partial<PathLimits>;
  readonly warmBytes: number;
}

export interface Workload {
  readonly name: string;
  readonly collections: number;
  readonly rowsPerAdd: number;
  /** With 5 metadata keys and a document of 400 characters each. */
  readonly withRecords: boolean;
  /** Of the writes after the first fifth, which are adds: the share of updates, and of deletes. */
  readonly updates: number;
  readonly deletes: number;
}

const records = { rowsPerAdd: 1, withRecords: true, updates: 0, deletes: 0 };

export const workloads: readonly Workload[] = [
  { ...records, name: "vectors, one at a time", collections: 1, withRecords: false },
  { ...records, name: "vectors, 1,000 at a time", collections: 1, rowsPerAdd: 1000, withRecords: false },
  { ...records, name: "records, one at a time", collections: 1 },
  { ...records, name: "records, 1,000 at a time", collections: 1, rowsPerAdd: 1000 },
  { ...records, name: "records, 1,000 collections in turn", collections: 1000 },
  { ...records, name: "updates of all of a record", collections: 1, updates: 1 },
  { ...records, name: "updates, 1,000 collections in turn", collections: 1000, updates: 1 },
  { ...records, name: "adds, updates and deletes", collections: 1, updates: 0.3, deletes: 0.2 },
  { ...records, name: "the same, 1,000 collections in turn", collections: 1000, updates: 0.3, deletes: 0.2 },
];

export interface Written {
  readonly added: number;
  /** Bytes written per byte added, at the end with the last checkpoint in, and at the worst point. */
  readonly atEnd: number;
  readonly worst: number;
  readonly flushes: number;
}

/** Runs `writes` records' worth of a workload. @param open  what works on records */
export async function measure(
  workload: Workload,
  writes: number,
  open: () => Promise<Records>,
  { limits, warmBytes }: Scale = { limits: {}, warmBytes: warmBytesDefault },
): Promise<Written> {
  // Half a million small chunks would be looked at by each collection of garbage.
  const disk = new Map(pathFiles.map((name) => [name, new ChunkedBytes(diskChunkBytes)]));
  const storage = new CountingStorage(pathFiles, disk);
  const engine = new PathEngine({ openStorage: async () => storage, records: open, limits });
  await engine.open("bench", { allowReset: false });
  const targets = await Promise.all(
    Array.from({ length: workload.collections }, async (_, i) => ({
      id: await createCollection(engine, `collection-${i}`),
      ids: [] as string[],
    })),
  );
  const vectors = mixVectors(generateVectors(3, dimension), dimension);
  const recordOf = generateRecords(3);
  const random = mulberry32(3);
  let added = 0;
  let worst = 0;
  for (let start = 0, turn = 0; start < writes; start += workload.rowsPerAdd, turn++) {
    const rows = Math.min(workload.rowsPerAdd, writes - start);
    const target = targets[turn % targets.length]!;
    const draw = start < writes / 5 ? 1 : random();
    if (draw < workload.deletes && target.ids.length > 0) {
      const id = takeAny(target.ids, random);
      await call(engine, `${collections}/{collection_id}/delete`, target.id, { ids: [id] });
      added += Buffer.byteLength(id);
      continue;
    }
    const isUpdate = draw < workload.deletes + workload.updates && target.ids.length > 0;
    const values = new Float32Array(rows * dimension);
    for (let i = 0; i < rows; i++) vectors.next(values.subarray(i * dimension, (i + 1) * dimension));
    const embeddings: PackedVectors = { rows, dimension, values };
    const taken = Array.from({ length: rows }, (_, i) => recordOf(start + i));
    const ids = isUpdate
      ? [target.ids[Math.floor(random() * target.ids.length)]!]
      : taken.map(({ id }) => id);
    if (!isUpdate && workload.updates > 0) target.ids.push(...ids);
    const columns = {
      ids,
      ...(workload.withRecords && {
        documents: taken.map(({ document }) => document),
        metadatas: taken.map(({ metadata }) => metadata),
      }),
    };
    const route = `${collections}/{collection_id}/${isUpdate ? "update" : "add"}`;
    await call(engine, route, target.id, { ...columns, embeddings });
    added += values.byteLength + contentBytes(columns);
    if (added > warmBytes) worst = Math.max(worst, storage.written / added);
  }
  await engine.close();
  const { written, flushes } = storage;
  return { added, atEnd: written / added, worst: Math.max(worst, written / added), flushes };
}

function takeAny(ids: string[], random: () => number): string {
  const at = Math.floor(random() * ids.length);
  const taken = ids[at]!;
  ids[at] = ids.at(-1)!;
  ids.pop();
  return taken;
}

function contentBytes({
  ids,
  documents = [],
  metadatas = [],
}: {
  ids: readonly string[];
  documents?: readonly string[];
  metadatas?: readonly object[];
}): number {
  const texts = [...ids, ...documents, ...metadatas.map((each) => JSON.stringify(each))];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The graph is made carelessly: a node has as many bytes, in a third of the time. */
async function createCollection(engine: PathEngine, name: string): Promise<string> {
  const configuration = { hnsw: { ef_construction: 16 } };
  return ((await call(engine, collections, "", { name, configuration })) as { id: string }).id;
}

async function call(engine: PathEngine, route: string, collection: string, body: object): Promise<unknown> {
  const path = { ...scope, ...(collection && { collection_id: collection }) };
  const reply: Reply = await engine.call({ method: "post", route, path, body });
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.data;
}
