// A disk that is full in the middle of what is no ordinary write: an upgrade, an import, an export, relaxed writes.
// The caller hears of it, nothing is lost, and with room all of it works again.

import "fake-indexeddb/auto";
import { isDeepStrictEqual } from "node:util";
import { afterEach, expect, test } from "vitest";
import {
  type ArchiveBytes,
  endExportOperation,
  type ExportStarted,
  importOperation,
  readExportOperation,
  startExportOperation,
} from "../../src/protocol/archive.ts";
import { FORMAT_VERSION, readRoot } from "../../worker/data/root.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import { openIndexedDb } from "../../worker/storage/indexeddb.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { checkGolden, goldenDisk, goldenVersions } from "../golden/read-golden.ts";
import { limitIndexedDb } from "../storage/limited-indexeddb.ts";
import { EngineClient, memory, pack } from "./engine-client.ts";

let unlimit = (): void => {};
afterEach(() => unlimit());

const full = { code: "storage-full" };
const idleMs = 0;

async function settle(): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) await macrotask();
}

let paths = 0;
/** A path in IndexedDB, opened anew as often as an engine wants. */
function newPath(): () => Promise<CheckedStorage> {
  const path = `midway-${paths++}`;
  return async () => new CheckedStorage(await openIndexedDb(path, pathFiles));
}

function records(from: number, count: number) {
  const ids = Array.from({ length: count }, (_, i) => `id-${from + i}`);
  return { ids, embeddings: ids.map((_, i) => Array.from({ length: 256 }, (__, j) => from + i + j)) };
}

async function fillUp(client: EngineClient, id: string): Promise<number> {
  for (let next = 0; next < 50_000; next += 50) {
    const refusal = await client.write("add", id, records(next, 50)).catch((error: unknown) => error);
    if (refusal instanceof Error) {
      expect(refusal).toMatchObject(full);
      return next;
    }
  }
  throw new Error("the disk never became full");
}

async function archiveOf(client: EngineClient): Promise<Uint8Array[]> {
  const { method, route } = readExportOperation;
  const begun = (await client.call(startExportOperation.method, startExportOperation.route)) as ExportStarted;
  const sections: Uint8Array[] = [];
  for (let section = 0; section < begun.sections; section++) {
    const data = await client.call(method, route, { export: begun.export, section: String(section) });
    sections.push((data as ArchiveBytes).bytes);
  }
  await client.call(endExportOperation.method, endExportOperation.route, { export: begun.export });
  return sections;
}

async function importInto(client: EngineClient, sections: readonly Uint8Array[]): Promise<void> {
  const { method, route } = importOperation;
  for (const bytes of sections) await client.call(method, route, {}, { bytes, isEnd: false });
  await client.call(method, route, {}, { bytes: new Uint8Array(0), isEnd: true });
}

function bytesOf(disk: Disk): number {
  return [...disk.values()].reduce((sum, { size }) => sum + size, 0);
}

test.each(goldenVersions)(
  "%s on a full disk is read as it is, and upgraded when there is room",
  async (version) => {
    const disk = goldenDisk(version);
    const storage = new FaultyStorage({ seed: 1, files: pathFiles, disk, capacityBytes: bytesOf(disk) });
    const client = await EngineClient.open(storage, { idleMs });
    await settle();
    await checkGolden(client);
    const metadata = { text: "x".repeat(bytesOf(disk)) };
    await expect(client.createCollection("another", { metadata })).rejects.toMatchObject(full);
    await checkGolden(client);
    await client.close();
    const left = storage.crash();
    const roomy = new FaultyStorage({ seed: 1, files: pathFiles, disk: left });
    const again = await EngineClient.open(roomy, { idleMs });
    await checkGolden(again);
    await again.createCollection("another");
    await settle();
    await again.close();
    expect(readRoot(memory(roomy.crash()).file("data"))!.version).toBe(FORMAT_VERSION);
  },
);

test("an import for which IndexedDB has no room leaves an empty path, into which it goes when there is some", async () => {
  const source = await EngineClient.open();
  const id = await source.createCollection("records");
  for (let from = 0; from < 3000; from += 500) await source.write("add", id, records(from, 500));
  const sections = await archiveOf(source);
  const disk = { bytes: 2 ** 20, packs: true };
  unlimit = limitIndexedDb(disk);
  const target = await EngineClient.open(newPath());
  await expect(importInto(target, sections)).rejects.toMatchObject(full);
  expect(await target.listCollections()).toEqual([]);
  disk.bytes = 16 * 2 ** 20;
  await importInto(target, sections);
  expect(await target.count(id)).toBe(3000);
  expect(isDeepStrictEqual(await target.get(id), await source.get(id))).toBe(true);
  await Promise.all([source.close(), target.close()]);
});

test.each([
  ["a full IndexedDB", () => ((unlimit = limitIndexedDb({ bytes: 6 * 2 ** 20, packs: false })), newPath())],
  [
    "full files",
    () => {
      const storage = new FaultyStorage({ seed: 2, files: pathFiles, capacityBytes: 6 * 2 ** 20 });
      return () => storage;
    },
  ],
])("%s can be exported, also in the middle of refusals and deletions", async (_, storage) => {
  const client = await EngineClient.open(storage(), { idleMs });
  const id = await client.createCollection("records");
  const gone = await client.createCollection("gone");
  await client.write("add", gone, records(0, 100));
  const filled = await fillUp(client, id);
  const begun = (await client.call(startExportOperation.method, startExportOperation.route)) as ExportStarted;
  await client.deleteCollection("gone");
  await client.write("add", id, records(60_000, 500)).catch((error: unknown) => {
    expect(error).toMatchObject(full);
  });
  await client.call(endExportOperation.method, endExportOperation.route, { export: begun.export });
  const sections = await archiveOf(client);
  const count = await client.count(id);
  expect([filled, filled + 500]).toContain(count);
  const disk: Disk = new Map();
  const copy = await EngineClient.open(() => memory(disk));
  await importInto(copy, sections);
  expect(await copy.count(id)).toBe(count);
  expect((await copy.listCollections()).map(({ name }) => name)).toEqual(["records"]);
  await Promise.all([client.close(), copy.close()]);
});

test("relaxed writes are refused by a full IndexedDB like others, and what was acknowledged is there", async () => {
  const disk = { bytes: 6 * 2 ** 20, packs: false };
  unlimit = limitIndexedDb(disk);
  const open = newPath();
  const client = await EngineClient.open(open, { idleMs });
  const id = await client.createCollection("records");
  const addRelaxed = async (from: number) => {
    const { ids, embeddings } = records(from, 20);
    const reply = await client.engine.call({
      method: "post",
      route: "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add",
      path: { tenant: "default_tenant", database: "default_database", collection_id: id },
      body: { ids, embeddings: pack(embeddings) },
      query: {},
      durability: "relaxed",
    });
    return reply.ok ? undefined : reply.error.code;
  };
  let kept = 0;
  let refusal: string | undefined;
  for (; refusal === undefined && kept < 20_000; kept += 20) refusal = await addRelaxed(kept);
  kept -= 20;
  expect(refusal).toBe("storage-full");
  expect(await client.count(id)).toBe(kept);
  await client.deleteCollection("records");
  disk.bytes *= 4;
  const again = await client.createCollection("again");
  await client.write("add", again, records(0, 50));
  await client.close();
  const reopened = await EngineClient.open(open);
  expect((await reopened.listCollections()).map(({ name }) => name)).toEqual(["again"]);
  expect(await reopened.count(again)).toBe(50);
  await reopened.close();
});
