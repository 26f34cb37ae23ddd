// Damage in chosen places of a golden database: what it costs, what goes on, and what salvage still gives.

import { expect, test } from "vitest";
import type { EngineStorageInfo } from "../../src/protocol/storage-info.ts";
import { BLOCK_BYTES } from "../../worker/data/extent.ts";
import type { LogPlace, Piece } from "../../worker/data/stream.ts";
import { readManifest } from "../../worker/data/manifest.ts";
import { FORMAT_VERSION, readRoot } from "../../worker/data/root.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { loadRecords } from "../../worker/load-records.ts";
import { frameCodec } from "../../worker/log/frame.ts";
import { LOG_HEADER_BYTES, readLogFile } from "../../worker/log/log-file.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { EngineClient, memory } from "../engine/engine-client.ts";
import { collections, noteOf, notesAdded, wornOf } from "../golden/contents.ts";
import { checkGolden, checks, goldenDisk, goldenId } from "../golden/read-golden.ts";
import { flip, salvage, storeOf } from "./salvage.ts";

const version = `version-${FORMAT_VERSION}`;
const quiet = { idleMs: 2 ** 30 };
const byName = new Map(collections.map((each) => [each.name, each]));
const notes = byName.get("notes")!;
const points = byName.get("points")!;
const worn = byName.get("worn")!;

/** The file that has a frame of the log, and where. */
function findFrame(disk: Disk, pathId: bigint, number: number): [file: string, offset: number] {
  for (const name of ["log-0", "log-1"]) {
    const { bytes, header } = readLogFile(memory(disk).file(name), pathId)!;
    for (let at = LOG_HEADER_BYTES; at < bytes.length; at += 8) {
      if (frameCodec.decodeHeader(bytes, at, header.salt)?.number === number) return [name, at];
    }
  }
  throw new Error(`frame ${number} is in neither file`);
}

function isOfLog(place: Piece["place"]): place is LogPlace {
  return "file" in place;
}

async function expectOthersWhole(client: EngineClient, damaged: string): Promise<void> {
  for (const collection of collections) {
    if (collection.name === damaged) continue;
    for (const check of Object.values(checks)) await check(client, collection);
  }
}

function refusal(details: object) {
  return expect.objectContaining({
    code: "corrupt",
    reply: expect.objectContaining({
      error: expect.objectContaining({ details: expect.objectContaining(details) as unknown }) as unknown,
    }) as unknown,
  }) as Error;
}

test("of a whole collection salvage gives every record, in batches", async () => {
  const client = await EngineClient.open(memory(goldenDisk(version)), quiet);
  for (const collection of collections) {
    const { records, unverified, unreadable } = await salvage(client, collection);
    expect([...records.values()]).toEqual(collection.records);
    expect(unverified.size).toBe(0);
    expect(unreadable).toEqual([]);
  }
  await client.close();
});

test("a damaged row image refuses the records of its collection, and of no other", async () => {
  const disk = goldenDisk(version);
  const offset = (await storeOf(disk, points)).shards[0]![0] * BLOCK_BYTES;
  flip(disk, "data", offset + 100);
  const client = await EngineClient.open(memory(disk), quiet);
  for (const name of ["count", "ids", "query", "filter"]) {
    await expect(checks[name]!(client, points)).rejects.toEqual(refusal({ file: "data", offset }));
  }
  await checks["metadata"]!(client, points);
  await expectOthersWhole(client, "points");
  const { records, unverified } = await salvage(client, points);
  expect([...records.values()]).toEqual(points.records);
  expect(unverified.size).toBeGreaterThan(0);
  await client.close();
});

test("an engine that is put together without salvage says so", async () => {
  const { salvage: _left, ...records } = await loadRecords();
  const disk = memory(goldenDisk(version));
  const client = await EngineClient.open(disk, { ...quiet, records: async () => records });
  await expect(salvage(client, notes)).rejects.toMatchObject({ status: 501 });
  await client.close();
});

test("of a damaged change salvage gives the records as the changes before and after it tell", async () => {
  const disk = goldenDisk(version);
  const { file, offset } = (await storeOf(disk, notes)).streams.delta.pieces
    .map(({ place }) => place)
    .find(isOfLog)!;
  flip(disk, file.name, offset + 40);
  const client = await EngineClient.open(memory(disk), quiet);
  for (const name of ["count", "ids", "query"]) {
    await expect(checks[name]!(client, notes)).rejects.toEqual(
      refusal({ file: file.name, offset, stream: "delta" }),
    );
  }
  await expectOthersWhole(client, "notes");
  const { records } = await salvage(client, notes);
  const written = [...notesAdded.flatMap((i) => [noteOf(i), noteOf(i, 1)]), ...notes.records];
  for (const record of records.values()) expect(written).toContainEqual(record);
  for (const { id } of notes.records) expect(records.has(id)).toBe(true);
  await client.close();
});

test("a damaged document refuses what has to read it, and salvage gives the record without it", async () => {
  const disk = goldenDisk(version);
  const store = await storeOf(disk, worn);
  const piece = store.streams.texts.pieces[0]!;
  const [block] = piece.place as [number, number];
  // The first text of the packed piece, behind its head and a checksum.
  flip(disk, "data", block * BLOCK_BYTES + piece.headBytes! + 6);
  const client = await EngineClient.open(memory(disk), quiet);
  for (const name of ["count", "ids", "metadatas", "embeddings", "query"]) await checks[name]!(client, worn);
  await expect(checks["documents"]!(client, worn)).rejects.toEqual(
    refusal({ file: "data", stream: "texts" }),
  );
  await expect(checks["text"]!(client, worn)).rejects.toEqual(refusal({ file: "data" }));
  await checks["count"]!(client, worn);
  const id = await goldenId(client, worn);
  await expect(client.write("upsert", id, { ids: ["x"], embeddings: [Array(16).fill(1)] })).rejects.toEqual(
    refusal({ file: "data", collection: id }),
  );
  await expect(client.delete(id, { ids: [wornOf(0).id] })).rejects.toEqual(refusal({ file: "data" }));
  await expectOthersWhole(client, "worn");
  const { records, unreadable } = await salvage(client, worn);
  expect(unreadable).toEqual([{ id: "worn-0", part: "document" }]);
  expect([...records.values()]).toEqual(
    worn.records.map((record) => (record.id === "worn-0" ? { ...record, document: null } : record)),
  );
  const { damage } = (await client.call("get", "/chromalite/storage")) as EngineStorageInfo;
  expect(damage).toMatchObject([{ collection: id, file: "data", offset: expect.any(Number) as number }]);
  await client.close();
});

test("a damaged vector refuses queries that may find it, and those alone; no image of it is made", async () => {
  const disk = goldenDisk(version);
  const store = await storeOf(disk, worn);
  const piece = store.streams.vectors.pieces[0]!;
  flip(disk, "data", (piece.place as [number, number])[0] * BLOCK_BYTES + piece.headBytes! + 6);
  const client = await EngineClient.open(memory(disk), { idleMs: 0 });
  for (const name of ["count", "ids", "metadatas", "documents", "text"]) await checks[name]!(client, worn);
  await expect(checks["query"]!(client, worn)).rejects.toEqual(refusal({ stream: "vectors" }));
  await expect(checks["embeddings"]!(client, worn)).rejects.toEqual(refusal({ stream: "vectors" }));
  const id = await goldenId(client, worn);
  const others = { where: { i: { $ne: 0 } }, n_results: 3 };
  expect((await client.query(id, [wornOf(23).embedding], others)).ids[0]).toHaveLength(3);
  for (let turn = 0; turn < 2000; turn++) await macrotask();
  await client.close();
  const again = await EngineClient.open(memory(disk), quiet);
  await expect(checks["query"]!(again, worn)).rejects.toEqual(refusal({ stream: "vectors" }));
  expect((await salvage(again, worn)).unreadable).toEqual([{ id: "worn-0", part: "embedding" }]);
  await again.close();
});

test("a damaged graph costs time only", async () => {
  const disk = goldenDisk(version);
  const { index } = await storeOf(disk, points);
  expect(index.length).toBeGreaterThan(0);
  for (const [block] of index) flip(disk, "data", block * BLOCK_BYTES + 50);
  const client = await EngineClient.open(memory(disk), quiet);
  await checkGolden(client);
  await client.close();
});

test("with one copy of its descriptor damaged a collection is whole; with both it is lost, and alone", async () => {
  const disk = goldenDisk(version);
  const { id, descriptors } = await storeOf(disk, worn);
  expect(descriptors).toHaveLength(2);
  flip(disk, "data", descriptors[0]![0] * BLOCK_BYTES + 20);
  const whole = await EngineClient.open(memory(disk), quiet);
  await checkGolden(whole);
  await whole.close();
  flip(disk, "data", descriptors[1]![0] * BLOCK_BYTES + 20);
  const client = await EngineClient.open(memory(disk), { idleMs: 0 });
  const lost = { ...worn, name: `lost-${id}` };
  await expect(checks["count"]!(client, lost)).rejects.toEqual(refusal({ file: "data", collection: id }));
  await expectOthersWhole(client, "worn");
  expect((await salvage(client, lost)).records.size).toBe(0);
  const rename = { new_name: "another" };
  const route = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}";
  await expect(client.call("put", route, { collection_id: id }, rename)).rejects.toEqual(
    refusal({ collection: id }),
  );
  const other = await client.createCollection("other");
  await client.write("add", other, { ids: ["a"], embeddings: [[1]], documents: ["x".repeat(20_000)] });
  for (let turn = 0; turn < 2000; turn++) await macrotask();
  await client.deleteCollection(lost.name);
  await client.close();
  const again = await EngineClient.open(memory(disk), quiet);
  await expectOthersWhole(again, "worn");
  expect((await again.listCollections()).map(({ name }) => name)).not.toContain(lost.name);
  expect((await again.get(other)).ids).toEqual(["a"]);
  await again.close();
});

test("a damaged frame of the log refuses every answer but word of it; salvage gives what was before", async () => {
  const disk = goldenDisk(version);
  const root = readRoot(memory(disk).file("data"))!;
  const { throughFrame } = readManifest(memory(disk).file("data"), root);
  const [file, offset] = findFrame(disk, root.pathId, throughFrame + 1);
  flip(disk, file, offset + 9);
  const client = await EngineClient.open(memory(disk), { idleMs: 0 });
  const damage = refusal({ file, offset, frame: throughFrame + 1 });
  await expect(client.listCollections()).rejects.toEqual(damage);
  await expect(client.createCollection("new")).rejects.toEqual(damage);
  const info = (await client.call("get", "/chromalite/storage")) as EngineStorageInfo;
  expect(info.damage).toMatchObject([{ collection: null, file, offset }]);
  expect([...(await salvage(client, worn)).records.values()]).toEqual(worn.records);
  const { records } = await salvage(client, notes);
  expect([...records.values()]).toEqual(notesAdded.map((i) => noteOf(i)));
  const before = new Map([...disk].map(([name, bytes]) => [name, bytes.size]));
  await client.close();
  for (const [name, bytes] of disk) expect(bytes.size).toBe(before.get(name));
});
