// What a write that was given up must not touch: whatever else the engine holds, durable or not.

import { expect, test } from "vitest";
import {
  type ArchiveBytes,
  type ExportStarted,
  readExportOperation,
  startExportOperation,
} from "../../src/protocol/archive.ts";
import { cancelOperation, progressOperation, type WriteProgress } from "../../src/protocol/followed-write.ts";
import type { Operation, Reply } from "../../src/protocol/operation.ts";
import { flushOperation } from "../../src/protocol/storage-info.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import { idleHost } from "../path/idle-host.ts";
import { EngineClient, memory, pack } from "./engine-client.ts";
import { smallLimits } from "./small-limits.ts";

const COLLECTION = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}";
const MANY = 20_000;
const ticket = "long";
/** Turns of the event loop after which the checkpoint of these tests is at its end. */
const CHECKPOINT_TURNS = 9;

function write(id: string, ids: readonly string[], rest: Partial<Operation> = {}): Operation {
  return {
    method: "post",
    route: `${COLLECTION}/upsert`,
    path: { tenant: "default_tenant", database: "default_database", collection_id: id },
    body: { ids, embeddings: pack(rows(ids.length)) },
    ...rest,
  };
}

function rows(count: number): number[][] {
  return Array.from({ length: count }, (_, i) => [i, 1]);
}

const manyIds = Array.from({ length: MANY }, (_, i) => `many-${i}`);

/** Sends a long write and gives it up once it is under way. */
async function cancelLong(
  { engine }: EngineClient,
  id: string,
  rest: Partial<Operation> = {},
): Promise<Reply> {
  const long = engine.call(write(id, manyIds, { ticket, ...rest }));
  const path = { ticket };
  let done = 0;
  while (done === 0) {
    await macrotask();
    const reply = await engine.call({ ...progressOperation, path });
    done = (reply as { data: WriteProgress }).data.done;
  }
  await engine.call({ ...cancelOperation, path });
  return long;
}

async function unindexed(client: EngineClient, id: string): Promise<number> {
  const reply = await client.call("get", `${COLLECTION}/indexing_status`, { collection_id: id });
  return (reply as { num_unindexed_ops: number }).num_unindexed_ops;
}

/** Begins an export; the function reads all of it, and fails where it was ended meanwhile. */
async function beginExport(client: EngineClient): Promise<() => Promise<void>> {
  const begun = (await client.call(startExportOperation.method, startExportOperation.route)) as ExportStarted;
  return async () => {
    let bytes = 0;
    for (let section = 0; section < begun.sections; section++) {
      const path = { export: begun.export, section: String(section) };
      const { method, route } = readExportOperation;
      bytes += ((await client.call(method, route, path)) as ArchiveBytes).bytes.length;
    }
    expect(bytes).toBe(begun.bytes);
  };
}

async function indexed(client: EngineClient, id: string): Promise<void> {
  while ((await unindexed(client, id)) > 0) await macrotask();
}

test("what was acknowledged relaxed before a write that is given up is durable after the next flush", async () => {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles });
  const client = await EngineClient.open(storage, { idleMs: 1e6 });
  const id = await client.createCollection("notes");
  const relaxed = write(id, ["relaxed"], { durability: "relaxed" });
  expect(await client.engine.call(relaxed)).toMatchObject({ ok: true });
  expect(await cancelLong(client, id)).toMatchObject({ ok: false, error: { code: "cancelled" } });
  await client.call(flushOperation.method, flushOperation.route);
  for (let seed = 1; seed <= 10; seed++) {
    const again = await EngineClient.open(memory(storage.crash({ seed })));
    expect((await again.get(id)).ids).toEqual(["relaxed"]);
    await again.close();
  }
  await client.close();
});

test("an export goes on while a write is given up", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("notes");
  await client.engine.call(write(id, ["before"]));
  const readExport = await beginExport(client);
  await cancelLong(client, id);
  await readExport();
  await client.close();
});

test("other collections stay loaded with their graphs; that of the write is as it was before", async () => {
  const client = await EngineClient.open();
  const [other, id] = [await client.createCollection("other"), await client.createCollection("notes")];
  await client.engine.call(write(other, manyIds.slice(0, 500)));
  await client.engine.call(write(id, ["many-1", "mine"]));
  await indexed(client, other);
  await cancelLong(client, id);
  // Asked first, so that nothing was indexed in between.
  expect(await unindexed(client, other)).toBe(0);
  expect((await client.get(id, { include: ["embeddings"] })).embeddings?.values).toEqual(
    Float32Array.of(0, 1, 1, 1),
  );
  expect((await client.query(id, [[1, 1]], { n_results: 1 })).ids).toEqual([["mine"]]);
  await client.close();
});

test("a write that was given up is not carried out when it is sent again", async () => {
  const disk = new Map();
  const client = await EngineClient.open(memory(disk));
  const id = await client.createCollection("notes");
  const sender = { client: 7n, number: 1 };
  const refused = { ok: false, error: { code: "cancelled" } };
  expect(await cancelLong(client, id, { sender })).toMatchObject(refused);
  const again = { ticket, sender: { ...sender, since: 1 } };
  expect(await client.engine.call(write(id, manyIds, again))).toMatchObject(refused);
  const later = { sender: { client: 7n, number: 2, oldest: 1 } };
  expect(await client.engine.call(write(id, ["later"], later))).toMatchObject({ ok: true });
  await client.close();
  const next = await EngineClient.open(memory(disk));
  expect(await next.engine.call(write(id, manyIds, again))).toMatchObject(refused);
  expect((await next.get(id)).ids).toEqual(["later"]);
  await next.close();
});

test.each([
  ["a few records", 0],
  ["a graph that is worth an image", 4500],
])(
  "wherever a checkpoint of %s is, exports go on, and what was written before and after a write that is given up is there",
  async (_, indexedBefore) => {
    for (let turns = 0; turns < CHECKPOINT_TURNS; turns++) {
      const storage = new FaultyStorage({ seed: 1, files: pathFiles });
      const client = await EngineClient.open(storage, { limits: smallLimits, idleMs: 0 });
      const id = await client.createCollection("notes");
      await client.engine.call(write(id, ["first", ...manyIds.slice(0, indexedBefore)]));
      await indexed(client, id);
      for (const start of [0, 400, 800].map((more) => indexedBefore + more)) {
        await client.engine.call(write(id, manyIds.slice(start, start + 400)));
      }
      const readExport = await beginExport(client);
      for (let turn = 0; turn < turns; turn++) await macrotask();
      await cancelLong(client, id);
      await readExport();
      expect(await settles(storage)).toBe(true);
      await client.engine.call(write(id, ["after"]));
      const ids = ["first", ...manyIds.slice(0, indexedBefore + 1200), "after"];
      const vectors = [indexedBefore + 1, 400, 400, 400, 1].flatMap(rows);
      expect((await client.get(id)).ids).toEqual(ids);
      expect(await settles(storage)).toBe(true);
      const again = await EngineClient.open(memory(storage.crash()), { limits: smallLimits });
      const left = await again.get(id, { include: ["embeddings"] });
      expect(left.ids).toEqual(ids);
      expect(left.embeddings).toEqual(pack(vectors));
      await Promise.all([client.close(), again.close()]);
    }
  },
);

test("wherever a checkpoint is, a collection can be deleted right after a write to it was given up", async () => {
  for (let turns = 0; turns < CHECKPOINT_TURNS; turns++) {
    const storage = new FaultyStorage({ seed: 1, files: pathFiles });
    const client = await EngineClient.open(storage, { limits: smallLimits, idleMs: 0 });
    const [id, other] = [await client.createCollection("notes"), await client.createCollection("other")];
    for (const start of [0, 400, 800]) {
      await client.engine.call(write(id, manyIds.slice(start, start + 400)));
      await client.engine.call(write(other, [`other-${start}`]));
    }
    for (let turn = 0; turn < turns; turn++) await macrotask();
    await Promise.all([cancelLong(client, id), client.deleteCollection("notes")]);
    expect(await settles(storage)).toBe(true);
    const again = await EngineClient.open(memory(storage.crash()), { limits: smallLimits });
    expect(await again.listCollections()).toMatchObject([{ name: "other" }]);
    expect((await again.get(other)).ids).toEqual(["other-0", "other-400", "other-800"]);
    await Promise.all([client.close(), again.close()]);
  }
});

/** Whether checkpoints come to where nothing is left to do. */
async function settles(storage: FaultyStorage): Promise<boolean> {
  for (let turn = 0; turn < 5000; turn++) {
    await macrotask();
    if (turn % 100 > 0) continue;
    const { path } = await openPath(memory(storage.crash()), idleHost, null);
    if (!path.wantsCheckpoint) return true;
  }
  return false;
}
