// `npm run bench -- written [records]`: bytes written per byte added, counted at the storage interface
// with roots, manifests, checkpoints and index images in. In Node, over memory: no clock is read.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PackedVectors, Reply } from "../../src/protocol/operation.ts";
import { PathEngine } from "../../worker/engine/engine.ts";
import { loadRecords } from "../../worker/load-records.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { generateRecords } from "../datasets/generated-records.ts";
import { generateVectors } from "../datasets/generated-vectors.ts";
import { Report } from "../report.ts";
import { CountingStorage } from "./counting-storage.ts";

const dimension = 384;
const collectionsRoute = "/api/v2/tenants/{tenant}/databases/{database}/collections";
const scope = { tenant: "default_tenant", database: "default_database" };
/** What the worst point is looked for after: before, the fixed part of a path outweighs everything. */
const warmBytes = 4 * 2 ** 20;

interface Workload {
  readonly name: string;
  readonly collections: number;
  readonly rowsPerAdd: number;
  readonly withRecords: boolean;
}

const workloads: readonly Workload[] = [
  { name: "vectors, one at a time", collections: 1, rowsPerAdd: 1, withRecords: false },
  { name: "vectors, 1,000 at a time", collections: 1, rowsPerAdd: 1_000, withRecords: false },
  { name: "records, one at a time", collections: 1, rowsPerAdd: 1, withRecords: true },
  { name: "records, 1,000 at a time", collections: 1, rowsPerAdd: 1_000, withRecords: true },
  {
    name: "records, one at a time, 1,000 collections in turn",
    collections: 1_000,
    rowsPerAdd: 1,
    withRecords: true,
  },
];

/** @param parameters  how many records each workload adds; 50,000 when left out */
export async function run([records = "50000"]: readonly string[], folder: string): Promise<Report> {
  const report = new Report("Bytes written per byte added", `npm run bench -- written ${records}`, []);
  report.say(
    `${Number(records).toLocaleString("en-US")} records of ${dimension} numbers each; *records*: 5 metadata keys and a ` +
      "document of 400 characters, too. A byte added is one of vector, id, document or metadata (as JSON). The worst point " +
      "is the highest ratio after the first 4 MiB added.",
  );
  const library = pathToFileURL(join(folder, "../dist/")).href;
  const rows = [];
  for (const workload of workloads) {
    const { added, written, worst, flushes } = await measure(workload, Number(records), library);
    rows.push([workload.name, added / 2 ** 20, written / added, worst, flushes]);
  }
  report.table(
    ["workload", "MiB added", "written / added, at the end", "at the worst point", "flushes"],
    rows,
  );
  return report;
}

async function measure(workload: Workload, records: number, library: string) {
  const storage = new CountingStorage(pathFiles);
  const engine = new PathEngine({
    openStorage: async () => storage,
    records: () => loadRecords(library),
  });
  await engine.open("bench", { allowReset: false });
  const ids = await Promise.all(
    Array.from({ length: workload.collections }, (_, i) => createCollection(engine, `collection-${i}`)),
  );

  const vectors = generateVectors(3, dimension);
  const recordOf = generateRecords(3);
  let added = 0;
  let worst = 0;
  for (let start = 0, turn = 0; start < records; start += workload.rowsPerAdd, turn++) {
    const rows = Math.min(workload.rowsPerAdd, records - start);
    const values = new Float32Array(rows * dimension);
    for (let i = 0; i < rows; i++) vectors.next(values.subarray(i * dimension, (i + 1) * dimension));
    const embeddings: PackedVectors = { rows, dimension, values };
    const taken = Array.from({ length: rows }, (_, i) => recordOf(start + i));
    const columns = {
      ids: taken.map(({ id }) => id),
      ...(workload.withRecords && {
        documents: taken.map(({ document }) => document),
        metadatas: taken.map(({ metadata }) => metadata),
      }),
    };
    await call(engine, `${collectionsRoute}/{collection_id}/add`, ids[turn % ids.length]!, {
      ...columns,
      embeddings,
    });
    added += values.byteLength + contentBytes(columns);
    if (added > warmBytes) worst = Math.max(worst, storage.written / added);
  }
  await engine.close();
  const { written, flushes } = storage;
  return { added, written, worst: Math.max(worst, written / added), flushes };
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

async function createCollection(engine: PathEngine, name: string): Promise<string> {
  return ((await call(engine, collectionsRoute, "", { name })) as { id: string }).id;
}

async function call(engine: PathEngine, route: string, collection: string, body: object): Promise<unknown> {
  const path = { ...scope, ...(collection && { collection_id: collection }) };
  const reply: Reply = await engine.call({ method: "post", route, path, body });
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.data;
}
