// A path that somebody remembers and whose files are gone is told as lost, at each opening, until the loss
// is accepted; and what remembers it.

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorToReply } from "../../src/protocol/error-reply.ts";
import type { EngineOptions } from "../../src/protocol/engine-port.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { EngineStorageInfo } from "../../src/protocol/storage-info.ts";
import { asNoted } from "../../src/transport/tabs/creation-note.ts";
import { creationNote, evictedEvent } from "../../src/clients/creation-notes.ts";
import { PathEngine } from "../../worker/engine/engine.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { EngineClient, memory } from "../engine/engine-client.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";

function newEngine(disk: Disk): PathEngine {
  return new PathEngine({
    openStorage: async () => memory(disk),
    records: () => Promise.reject(new Error("no collection is used")),
  });
}

async function openAndClose(disk: Disk, expectedAt?: number): Promise<number | undefined> {
  const engine = newEngine(disk);
  const options = { allowReset: false, ...(expectedAt !== undefined && { expectedAt }) };
  const { createdAt } = await engine.open("path", options).finally(() => engine.close());
  return createdAt;
}

/** As much of localStorage as is used. */
function noteStore(): Storage {
  const notes = new Map<string, string>();
  return {
    getItem: (key: string) => notes.get(key) ?? null,
    setItem: (key: string, value: string) => void notes.set(key, value),
  } as unknown as Storage;
}

test("a path says when it was created, now and after reopening", async () => {
  const disk: Disk = new Map();
  const before = Date.now();
  const createdAt = await openAndClose(disk);
  expect(createdAt).toBeGreaterThanOrEqual(before);
  expect(await openAndClose(disk)).toBe(createdAt);
  expect(await openAndClose(disk, createdAt)).toBe(createdAt);
});

test("a remembered path without its files is told as evicted, with its creation time, as often as it is opened", async () => {
  const disk: Disk = new Map();
  for (let opening = 0; opening < 3; opening++) {
    await expect(openAndClose(disk, 1_700_000_000_000)).rejects.toMatchObject({
      code: "data-evicted",
      message: expect.stringContaining("2023-11-14T22:13:20.000Z"),
      details: { createdAt: 1_700_000_000_000 },
    });
  }
  // Whoever does not remember it begins anew; from then on there is nothing to miss.
  const createdAt = await openAndClose(disk);
  expect(await openAndClose(disk, 1_700_000_000_000)).toBe(createdAt);
});

test("a path whose files go while it is open is told as evicted, not opened empty", async () => {
  const disk: Disk = new Map();
  let isGone = false;
  const client = await EngineClient.open(() =>
    wrapFlush(memory(disk), async (file) => {
      if (isGone) throw new Error("its handle died");
      await file.flush();
    }),
  );
  const { createdAt } = (await client.call("get", "/chromalite/storage")) as EngineStorageInfo;
  isGone = true;
  await expect(client.createCollection("notes")).rejects.toMatchObject({ code: "outcome-unknown" });
  disk.clear();
  isGone = false;
  for (let call = 0; call < 2; call++) {
    await expect(client.listCollections()).rejects.toMatchObject({ code: "data-evicted" });
  }
  expect(createdAt).toBeGreaterThan(0);
  await client.close();
});

test("where files are refused as evicted, no empty ones are left in their place", async () => {
  const folder = await mkdtemp(join(tmpdir(), "chromalite-evicted-"));
  const path = join(folder, "notes");
  const open = (expectedAt?: number): Promise<EngineClient> =>
    EngineClient.open(() => openStorage({ path, files: pathFiles }), { ...(expectedAt && { expectedAt }) });
  await expect(open(1_700_000_000_000)).rejects.toMatchObject({ code: "data-evicted" });
  expect(existsSync(path)).toBe(false);
  const client = await open();
  await rm(path, { recursive: true });
  await expect(client.createCollection("notes")).rejects.toMatchObject({ code: "outcome-unknown" });
  await expect(client.listCollections()).rejects.toMatchObject({ code: "data-evicted" });
  expect(existsSync(path)).toBe(false);
  await client.close();
  // What there is stays, whenever it was made.
  await (await open()).close();
  await (await open(1_700_000_000_000)).close();
  expect(existsSync(join(path, "data"))).toBe(true);
  await rm(folder, { recursive: true });
});

test("a page notes a creation, and tells of the loss by an event", () => {
  const store = noteStore();
  const note = creationNote("/notes", store);
  expect(note.read()).toEqual({});
  const opened = { lastFrame: 0, createdAt: 1_700_000_000_000, backend: "opfs" };
  note.take({ ok: true, status: 200, data: opened });
  const noted = { createdAt: 1_700_000_000_000, backend: "opfs" };
  expect(creationNote("/notes", store).read()).toEqual(noted);
  expect(creationNote("/other", store).read()).toEqual({});
  const heard: unknown[] = [];
  const world = new EventTarget();
  const listen = (event: Event): void => void heard.push((event as CustomEvent).detail);
  world.addEventListener(evictedEvent, listen);
  const telling = creationNote("/notes", store, world);
  telling.take(errorToReply(new Failure("data-evicted", "gone", { createdAt: 1_700_000_000_000 })));
  telling.take(errorToReply(new Failure("corrupt", "another failure is no loss of all")));
  expect(heard).toEqual([{ path: "/notes", createdAt: new Date(1_700_000_000_000) }]);
});

test("a path that was begun anew is told by the event, once, to whoever accepts losses", () => {
  const store = noteStore();
  const world = new EventTarget();
  const heard: unknown[] = [];
  world.addEventListener(evictedEvent, (event) => void heard.push((event as CustomEvent).detail));
  const opened = (lastFrame: number, createdAt: number) =>
    ({ ok: true, status: 200, data: { lastFrame, createdAt } }) as const;
  const note = creationNote("/notes", store, world);
  // A new path, the same one later, and what another tab made of it.
  note.take(opened(0, 1000));
  note.take(opened(0, 1000));
  note.take(opened(7, 1000));
  note.take(opened(7, 2000));
  expect(heard).toEqual([]);
  note.take(opened(0, 3000));
  note.take(opened(0, 3000));
  expect(heard).toEqual([{ path: "/notes", createdAt: new Date(2000) }]);
  expect(note.read()).toEqual({ createdAt: 3000 });
  // Another backend has another path of this name.
  note.take({ ok: true, status: 200, data: { lastFrame: 9, createdAt: 4000, backend: "opfs" } });
  note.take({ ok: true, status: 200, data: { lastFrame: 0, createdAt: 5000, backend: "indexeddb" } });
  expect(heard).toHaveLength(1);
});

test("without a store to note in only the page itself notices, and nothing fails", () => {
  const opened = { ok: true, status: 200, data: { lastFrame: 0, createdAt: 5 } } as const;
  const note = creationNote("/notes", undefined);
  note.take(opened);
  // The page that saw it knows; the next one does not.
  expect(note.read()).toEqual({ createdAt: 5 });
  expect(creationNote("/notes", undefined).read()).toEqual({});
});

test("a path is opened on the backend that is noted, where none is asked for", () => {
  const noted = { createdAt: 5, backend: "indexeddb" } as const;
  const engine = { allowReset: false };
  const expected = { expectedAt: 5, expectedOn: "indexeddb" };
  expect(asNoted(engine, noted)).toEqual({ ...engine, backend: "indexeddb", ...expected });
  expect(asNoted({ ...engine, backend: "opfs" }, noted)).toEqual({ ...engine, backend: "opfs", ...expected });
  // What an older build noted, nothing, and what the application knows.
  expect(asNoted(engine, { createdAt: 5 })).toEqual({ ...engine, expectedAt: 5 });
  expect(asNoted(engine, {})).toEqual(engine);
  expect(asNoted({ ...engine, expectedAt: 7 }, noted)).toMatchObject({ expectedAt: 7 });
});

test("a path that is missing on one backend and remembered on another is not told as lost", async () => {
  const disk: Disk = new Map();
  const missing = { allowReset: false, expectedAt: 5 };
  const open = (options: EngineOptions): Promise<unknown> => {
    const engine = newEngine(disk);
    return engine.open("notes", options).finally(() => engine.close());
  };
  await expect(open({ ...missing, expectedOn: "indexeddb" })).rejects.toMatchObject({
    code: "path-locked",
    message: '"notes" lies on indexeddb: expected memory',
  });
  await expect(open(missing)).rejects.toMatchObject({ code: "data-evicted" });
  await open({ allowReset: false });
  await open({ ...missing, expectedOn: "indexeddb" });
});
