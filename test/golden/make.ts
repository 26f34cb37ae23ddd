// Makes a golden database with the engine as it is: what `contents.ts` says, in every form that a record can
// have on disk. Run by make.mjs, once for each format.

import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { getNodeBuiltins } from "../../worker/storage/node-builtins.ts";
import { makeDirectory, openNode } from "../../worker/storage/node.ts";
import { EngineClient, pack } from "../engine/engine-client.ts";
import * as golden from "./contents.ts";

/** Small, so that a short history writes images, packs pieces and moves the end of the file down. */
const limits = {
  stagedBytesMin: 4096,
  deltaBytesMin: 8 * 1024,
  deltaShareMin: 0,
  deadBytesMin: 1024,
  freeBlocksMin: 8,
};

const COLLECTIONS = "/api/v2/tenants/{tenant}/databases/{database}/collections";

/** The write that carries its sender: sent again, it is answered and not carried out. */
export const sender = { client: 77n, number: 1 };

export async function makeGolden(directory: string): Promise<void> {
  const node = getNodeBuiltins();
  if (node === undefined) throw new Error("golden databases are made in Node");
  const open = (idleMs: number): Promise<EngineClient> => {
    const storage = new CheckedStorage(openNode(node, makeDirectory(node, directory), pathFiles));
    return EngineClient.open(storage, { limits, idleMs });
  };
  const client = await open(0);
  await writeEarly(client);
  await rest();
  await writeMiddle(client);
  await rest();
  await client.close();
  // From here on no checkpoint runs: it stays in the log.
  const late = await open(2 ** 30);
  await writeLate(late);
  await late.close();
}

async function writeEarly(client: EngineClient): Promise<void> {
  const notes = await client.createCollection("notes", {
    metadata: { owner: "golden", edition: 3 },
    configuration: { hnsw: { space: "l2" } },
  });
  await add(
    client,
    notes,
    golden.notesAdded.slice(0, 60).map((i) => golden.noteOf(i)),
  );
  await client.createCollection("gone");
  await add(client, await client.collectionId("gone"), golden.lateAdded.map(golden.lateOf));
  const points = await client.createCollection("points", {
    configuration: { hnsw: { space: "l2", max_neighbors: 4, ef_construction: 40 } },
  });
  await add(client, points, golden.pointsAdded.map(golden.pointOf));
  const worn = await client.createCollection("worn", { configuration: { hnsw: { space: "ip" } } });
  await add(client, worn, golden.wornAdded.map(golden.wornOf));
  const before = await client.createCollection("before", { metadata: { was: "before" } });
  await client.call(
    "put",
    `${COLLECTIONS}/{collection_id}`,
    { collection_id: before },
    { new_name: "renamed" },
  );
  await client.call("post", "/api/v2/tenants/{tenant}/databases", {}, { name: golden.archive });
  const letters = (await client.call(
    "post",
    COLLECTIONS,
    { database: golden.archive },
    { name: "letters", configuration: { hnsw: { space: "cosine" } } },
  )) as { id: string };
  await add(client, letters.id, golden.lettersAdded.map(golden.letterOf));
}

async function writeMiddle(client: EngineClient): Promise<void> {
  const notes = await client.collectionId("notes");
  await add(
    client,
    notes,
    golden.notesAdded.slice(60).map((i) => golden.noteOf(i)),
  );
  const worn = await client.collectionId("worn");
  const kept = new Set(golden.wornKept);
  const dead = golden.wornAdded.filter((i) => !kept.has(i));
  await client.delete(worn, { ids: dead.map((i) => golden.wornOf(i).id) });
  await client.deleteCollection("gone");
}

async function writeLate(client: EngineClient): Promise<void> {
  const notes = await client.collectionId("notes");
  await write(
    client,
    "update",
    notes,
    golden.notesUpdated.map((i) => golden.noteOf(i, 1)),
  );
  await client.delete(notes, { ids: golden.notesDeleted.map((i) => `note-${i}`) });
  const late = await client.createCollection("late", { configuration: { hnsw: { space: "cosine" } } });
  await add(client, late, golden.lateAdded.map(golden.lateOf));
  const sent = await client.engine.call({
    method: "post",
    route: `${COLLECTIONS}/{collection_id}/add`,
    path: { tenant: "default_tenant", database: golden.defaultDatabase, collection_id: notes },
    body: bodyOf(golden.notesAddedLate.map((i) => golden.noteOf(i))),
    sender,
  });
  if (!sent.ok) throw new Error(sent.error.message);
}

function add(client: EngineClient, id: string, records: readonly golden.GoldenRecord[]): Promise<void> {
  return write(client, "add", id, records);
}

async function write(
  client: EngineClient,
  kind: "add" | "update",
  id: string,
  records: readonly golden.GoldenRecord[],
): Promise<void> {
  const body = bodyOf(records);
  await client.call("post", `${COLLECTIONS}/{collection_id}/${kind}`, { collection_id: id }, body);
}

export function bodyOf(records: readonly golden.GoldenRecord[]) {
  return {
    ids: records.map(({ id }) => id),
    embeddings: pack(records.map(({ embedding }) => embedding)),
    documents: records.map(({ document }) => document),
    metadatas: records.map(({ metadata }) => metadata),
    uris: records.map(({ uri }) => uri),
  };
}

/** Long enough for indexing, and for the checkpoints of an engine that is idle. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) await macrotask();
}
