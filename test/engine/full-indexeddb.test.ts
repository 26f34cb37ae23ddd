// A full disk where a flush keeps all or nothing, and what is deleted makes room late or never: deleting a collection
// goes through all the same, and where it makes room writing does again.

import "fake-indexeddb/auto";
import { promisifyRequest } from "idb-keyval";
import { afterEach, expect, test } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openIndexedDb } from "../../worker/storage/indexeddb.ts";
import { RESERVE } from "../../worker/storage/indexeddb-reserve.ts";
import { type DiskLimit, limitIndexedDb } from "../storage/limited-indexeddb.ts";
import { EngineClient } from "./engine-client.ts";

const CAPACITY = 8 * 2 ** 20;

let unlimit = (): void => {};
afterEach(() => unlimit());

function limit(disk: DiskLimit): DiskLimit {
  unlimit = limitIndexedDb(disk);
  return disk;
}

let paths = 0;
const newPath = (): string => `full-${paths++}`;

async function open(path: string, idleMs = 0): Promise<EngineClient> {
  return EngineClient.open(new CheckedStorage(await openIndexedDb(path, pathFiles)), { idleMs });
}

function records(from: number, count: number) {
  const ids = Array.from({ length: count }, (_, i) => `id-${from + i}`);
  return { ids, embeddings: ids.map((_, i) => Array.from({ length: 256 }, (__, j) => from + i + j)) };
}

/** Adds until that is refused; how many records were acknowledged. */
async function fillUp(client: EngineClient, id: string, batch: number, from = 0): Promise<number> {
  for (let next = from; next < 100_000; next += batch) {
    const refusal = await client.write("add", id, records(next, batch)).catch((error: unknown) => error);
    if (refusal instanceof Error) {
      expect(refusal).toMatchObject({ code: "storage-full" });
      return next - from;
    }
  }
  throw new Error("the disk never became full");
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) await macrotask();
}

test.each([
  ["gives room back at once", true, 10],
  ["gives room back at once, and writes go past the log", true, 100],
  ["gives none back", false, 10],
  ["gives none back, and writes go past the log", false, 100],
])(
  "deleting a collection goes through on a full IndexedDB that %s",
  async (_, packs, batch) => {
    limit({ bytes: CAPACITY, packs });
    const path = newPath();
    const client = await open(path);
    for (const name of ["small", "other", "kept"]) {
      await client.write("add", await client.createCollection(name), records(0, 20));
    }
    const large = await client.createCollection("large");
    const filled = await fillUp(client, large, batch);
    expect(filled).toBeGreaterThan(500);
    await settle();
    for (const name of ["large", "small", "other"]) await client.deleteCollection(name);
    const names = async (of: EngineClient) => (await of.listCollections()).map(({ name }) => name);
    expect(await names(client)).toEqual(["kept"]);
    await client.close();
    const reopened = await open(path);
    expect(await names(reopened)).toEqual(["kept"]);
    const [kept] = await reopened.listCollections();
    expect(await reopened.count(kept!.id)).toBe(20);
    await settle();
    const again = await fillUp(reopened, kept!.id, batch, 20);
    if (packs) expect(again).toBeGreaterThan(filled / 2);
    await reopened.close();
    const last = await open(path);
    expect(await last.count(kept!.id)).toBe(20 + again);
    await last.close();
  },
  60_000,
);

test("what a deleted collection had comes back though the log has more than the reserve has room for", async () => {
  limit({ bytes: CAPACITY, packs: true });
  const client = await open(newPath());
  const large = await client.createCollection("large");
  for (let from = 0; from < 3000; from += 500) await client.write("add", large, records(from, 500));
  await settle();
  const kept = await client.createCollection("kept");
  const filled = await fillUp(client, kept, 10);
  expect(filled).toBeGreaterThan(600);
  await client.deleteCollection("large");
  expect(await fillUp(client, kept, 10, filled)).toBeGreaterThan(1000);
  await client.close();
});

test("on a full IndexedDB records can be deleted, and what is left can be read", async () => {
  limit({ bytes: CAPACITY, packs: false });
  const client = await open(newPath());
  const id = await client.createCollection("records");
  const filled = await fillUp(client, id, 10);
  await client.delete(id, { ids: records(0, 50).ids });
  await client.delete(id, { ids: records(50, 50).ids });
  expect(await client.count(id)).toBe(filled - 100);
  await client.close();
});

test("a path whose log is longer than its frames opens on a full IndexedDB, and can be read", async () => {
  const disk = limit({ bytes: CAPACITY, packs: true });
  const path = newPath();
  const client = await open(path);
  const id = await client.createCollection("records");
  await client.write("add", id, records(0, 20));
  await client.close();
  const storage = new CheckedStorage(await openIndexedDb(path, pathFiles));
  const log = storage.file("log-0");
  log.truncate(log.size() + 2 ** 20);
  await log.flush();
  await storage.close();
  disk.bytes = 0;
  const full = await open(path);
  expect(await full.count(id)).toBe(20);
  await expect(full.write("add", id, records(20, 1))).rejects.toMatchObject({ code: "storage-full" });
  expect(await full.count(id)).toBe(20);
  await full.close();
});

test("a database of an older build, which has no reserve, takes one with its first write", async () => {
  const disk = limit({ bytes: CAPACITY, packs: true });
  const path = newPath();
  const client = await open(path);
  const id = await client.createCollection("records");
  await client.write("add", id, records(0, 100));
  await client.close();
  const database = await promisifyRequest(indexedDB.open(`chromalite:${path}`));
  const chunks = () => database.transaction("chunks", "readwrite").objectStore("chunks");
  const reserveBytes = (await promisifyRequest<Uint8Array>(chunks().get(RESERVE))).length;
  await promisifyRequest(chunks().delete(RESERVE));
  const older = await open(path);
  expect(await older.count(id)).toBe(100);
  expect((await older.get(id)).ids).toHaveLength(100);
  await older.write("add", id, records(100, 10));
  expect(await promisifyRequest(chunks().getKey(RESERVE))).toBe(RESERVE);
  expect(reserveBytes).toBeLessThan(disk.bytes / 2);
  database.close();
  await older.close();
});
