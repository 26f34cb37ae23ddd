// Golden databases as disks in memory, and whether an engine over one answers what `contents.ts` says.

import { isDeepStrictEqual } from "node:util";
import { readdirSync, readFileSync } from "node:fs";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { ChunkedBytes } from "../../worker/storage/chunked-bytes.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { type EngineClient, pack, unpack } from "../engine/engine-client.ts";
import { collections, type GoldenCollection, type GoldenRecord } from "./contents.ts";

const COLLECTIONS = "/api/v2/tenants/{tenant}/databases/{database}/collections";

/** Formats that have a golden database, oldest first. */
export const goldenVersions = readdirSync(new URL(".", import.meta.url))
  .filter((name) => /^version-\d+$/.test(name))
  .sort();

export function goldenFile(version: string, file: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(`${version}/${file}`, import.meta.url)));
}

/** A copy, to write to. */
export function goldenDisk(version: string): Disk {
  return new Map(
    pathFiles.map((file) => {
      const bytes = new ChunkedBytes();
      bytes.write(goldenFile(version, file), 0);
      return [file, bytes];
    }),
  );
}

/** What was asked of a collection whose answer is not the truth. */
export class WrongAnswer extends Error {}

function expectSame(collection: GoldenCollection, what: string, found: unknown, truth: unknown): void {
  if (isDeepStrictEqual(found, truth)) return;
  const told = JSON.stringify(found)?.slice(0, 300);
  throw new WrongAnswer(
    `${collection.name}: ${what}: ${told}, expected ${JSON.stringify(truth)?.slice(0, 300)}`,
  );
}

/** Its id as the engine lists it. */
export async function goldenId(client: EngineClient, { database, name }: GoldenCollection): Promise<string> {
  const found = await client.call("get", `${COLLECTIONS}/{collection_id}`, { database, collection_id: name });
  return (found as { id: string }).id;
}

/** Names of all collections, database by database. */
export async function checkList(client: EngineClient): Promise<void> {
  for (const database of new Set(collections.map((each) => each.database))) {
    const listed = (await client.call("get", COLLECTIONS, { database })) as { name: string }[];
    const names = collections.filter((each) => each.database === database).map(({ name }) => name);
    const found = listed.map(({ name }) => name).sort();
    if (!isDeepStrictEqual(found, names.sort())) throw new WrongAnswer(`collections: ${found.join(", ")}`);
  }
}

export type Check = (client: EngineClient, collection: GoldenCollection) => Promise<void>;

/** Questions to one collection, each of which may be refused without the others. */
export const checks: Readonly<Record<string, Check>> = {
  count: async (client, collection) => {
    const { database } = collection;
    const id = await goldenId(client, collection);
    const count = await client.call("get", `${COLLECTIONS}/{collection_id}/count`, {
      database,
      collection_id: id,
    });
    expectSame(collection, "count", count, collection.records.length);
  },
  metadata: async (client, collection) => {
    const { database, name, metadata, space } = collection;
    const path = { database, collection_id: name };
    const found = (await client.call("get", `${COLLECTIONS}/{collection_id}`, path)) as {
      metadata: unknown;
      configuration_json: { hnsw: { space: string } };
    };
    expectSame(
      collection,
      "metadata",
      [found.metadata, found.configuration_json.hnsw.space],
      [metadata, space],
    );
  },
  ids: (client, collection) => checkGet(client, collection, []),
  metadatas: (client, collection) => checkGet(client, collection, ["metadatas"]),
  documents: (client, collection) => checkGet(client, collection, ["documents", "uris"]),
  embeddings: (client, collection) => checkGet(client, collection, ["embeddings"]),
  filter: async (client, collection) => {
    const truth = collection.records.filter(({ metadata }) => metadata?.["group"] === 2).map(({ id }) => id);
    const { ids } = await get(client, collection, { where: { group: 2 }, include: [] });
    expectSame(collection, "where group is 2", ids, truth);
  },
  text: async (client, collection) => {
    const truth = collection.records.filter(({ document }) => document?.includes("er") === true);
    const { ids } = await get(client, collection, { where_document: { $contains: "er" }, include: [] });
    expectSame(
      collection,
      "documents with er",
      ids,
      truth.map(({ id }) => id),
    );
  },
  query: async (client, collection) => {
    const { records, database, space } = collection;
    if (records.length === 0) return;
    const id = await goldenId(client, collection);
    const samples = [0, 1, 2].map((i) => records[Math.floor((i * (records.length - 1)) / 2)]!);
    const reply = (await client.call(
      "post",
      `${COLLECTIONS}/{collection_id}/query`,
      { database, collection_id: id },
      {
        query_embeddings: pack(samples.map(({ embedding }) => embedding)),
        n_results: 5,
        include: ["distances"],
      },
    )) as { ids: string[][]; distances: number[][] };
    samples.forEach((sample, i) => {
      const all = records.map((record) => distance(space, sample.embedding, record.embedding));
      const nearest = all.slice().sort((a, b) => a - b);
      const found = reply.ids[i]!.map((each) => records.findIndex((record) => record.id === each));
      found.forEach((index, rank) => {
        const told = reply.distances[i]![rank]!;
        const isTrue = index >= 0 && isNear(told, all[index]!) && isNear(told, nearest[rank]!);
        if (!isTrue) throw new WrongAnswer(`${collection.name}: query ${i}, rank ${rank}: distance ${told}`);
      });
      expectSame(collection, `results of query ${i}`, found.length, Math.min(5, records.length));
    });
  },
};

interface Columns {
  readonly ids: string[];
  readonly metadatas: unknown[] | null;
  readonly documents: unknown[] | null;
  readonly uris: unknown[] | null;
  readonly embeddings: PackedVectors | null;
}

async function get(client: EngineClient, collection: GoldenCollection, body: object): Promise<Columns> {
  const path = { database: collection.database, collection_id: await goldenId(client, collection) };
  return (await client.call("post", `${COLLECTIONS}/{collection_id}/get`, path, body)) as Columns;
}

async function checkGet(
  client: EngineClient,
  collection: GoldenCollection,
  include: string[],
): Promise<void> {
  const { records } = collection;
  const found = await get(client, collection, { include });
  const column = (name: keyof GoldenRecord) => records.map((record) => record[name]);
  expectSame(collection, "ids", found.ids, column("id"));
  if (include.includes("metadatas")) expectSame(collection, "metadatas", found.metadatas, column("metadata"));
  if (include.includes("documents")) expectSame(collection, "documents", found.documents, column("document"));
  if (include.includes("uris")) expectSame(collection, "uris", found.uris, column("uri"));
  if (include.includes("embeddings")) {
    const rows = found.embeddings === null ? [] : unpack(found.embeddings);
    expectSame(collection, "embeddings", rows, column("embedding"));
  }
}

function distance(space: GoldenCollection["space"], a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  if (space === "l2") return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
  if (space === "ip") return 1 - dot(a, b);
  return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-4 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Everything, of every collection. @throws {WrongAnswer} */
export async function checkGolden(client: EngineClient): Promise<void> {
  await checkList(client);
  for (const collection of collections) {
    for (const check of Object.values(checks)) await check(client, collection);
  }
}
