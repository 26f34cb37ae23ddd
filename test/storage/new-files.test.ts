// A disk that loses the names of files younger than a minute, as Chromium's OPFS does at a power cut, under
// the engine: with the guard nothing acknowledged is lost, without it all of it is.

import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { pathFiles } from "../../worker/path/open-path.ts";
import { EngineClient } from "../engine/engine-client.ts";
import { newMachine, read, withJournals, write } from "./forgetful-machine.ts";

// Opening engines takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test("what was acknowledged in the first minute is there after power cuts, however often", async () => {
  const machine = newMachine();
  await write(await machine.storage(), "a", "b");
  machine.cutPower();
  machine.now += 300_000;
  await write(await machine.storage(), "c");
  machine.now += 10_000;
  machine.cutPower();
  expect(await read(await machine.storage())).toEqual(["a", "b", "c"]);
});

test("without the guard the same power cut takes all of it: the disk of this test does lose files", async () => {
  const machine = newMachine();
  await write(await machine.storage({ isGuarded: false }), "a", "b");
  machine.cutPower();
  expect(await read(await machine.storage({ isGuarded: false }))).toEqual([]);
});

test("one file that is missing is enough to make all of them again", async () => {
  for (const name of pathFiles) {
    const machine = newMachine();
    await write(await machine.storage(), "a", "b");
    machine.lose(name);
    expect(await read(await machine.storage())).toEqual(["a", "b"]);
  }
});

test("without a journal a file that is missing is told, as often as the path is opened, and not made", async () => {
  for (const file of pathFiles) {
    const machine = newMachine();
    await write(await machine.storage(), "a", "b");
    machine.now += 61_000;
    await (await machine.storage()).close();
    machine.lose(file);
    const told = expect.objectContaining({
      code: "corrupt",
      details: expect.objectContaining({ file }) as unknown,
    }) as Error;
    for (let opening = 0; opening < 2; opening++) await expect(machine.storage()).rejects.toEqual(told);
  }
});

test("the minute is of wall time: restarts do not end it, and after it the journal is gone", async () => {
  const machine = newMachine();
  await write(await machine.storage(), "a");
  machine.now += 30_000;
  await write(await machine.storage(), "b");
  expect((await machine.journals.find())?.createdAt).toBe(1_000_000);
  machine.now += 31_000;
  await write(await machine.storage(), "c");
  expect(await machine.journals.find()).toBeUndefined();
  machine.cutPower();
  expect(await read(await machine.storage())).toEqual(["a", "b", "c"]);
});

test("a session that outlives the minute deletes its journal by itself", async () => {
  const machine = newMachine();
  const storage = await machine.storage();
  const client = await EngineClient.open(storage, { idleMs: 1e6 });
  const id = await client.createCollection("notes");
  machine.now += 61_000;
  await client.write("add", id, { ids: ["a"], embeddings: [[1, 2]] });
  expect(await machine.journals.find()).toBeUndefined();
  machine.cutPower();
  await client.close();
  expect(await read(await machine.storage())).toEqual(["a"]);
});

test("large writes are in values of at most 60,000 bytes, and come back as they were", async () => {
  const machine = newMachine();
  const storage = await machine.storage();
  const bytes = Uint8Array.from({ length: 9_000_000 }, (_, i) => i % 251);
  storage.file("data").write(bytes, 5);
  storage.file("data").truncate(8_000_000);
  await storage.file("data").flush();
  const lengths: number[] = [];
  const left = await machine.journals.find();
  await left!.replay((entry) => "bytes" in entry && lengths.push(entry.bytes.length));
  left!.close();
  expect(Math.max(...lengths)).toBe(60_000);
  machine.cutPower();
  const again = await machine.storage();
  const found = new Uint8Array(8_000_000);
  expect(again.file("data").read(found, 0)).toBe(8_000_000);
  expect(found.subarray(5).every((byte, i) => byte === i % 251)).toBe(true);
});

test("a journal without room is given up, with a warning, and the write is kept", async () => {
  const machine = newMachine();
  let isFull = false;
  const filling = withJournals(machine.journals, (journal) => {
    const append = journal.append.bind(journal);
    journal.append = async (entries) => {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      await append(entries);
    };
  });
  const storage = await machine.storage({ journals: filling });
  storage.file("data").write(Uint8Array.of(1), 0);
  await storage.file("data").flush();
  expect(storage.warnings?.()).toEqual([]);
  isFull = true;
  storage.file("data").write(Uint8Array.of(2), 1);
  await storage.file("data").flush();
  expect(storage.warnings?.()).toEqual(["new-files-unguarded"]);
  expect(await machine.journals.find()).toBeUndefined();
});

test("a journal that fails otherwise fails the flush: the write is not acknowledged", async () => {
  const machine = newMachine();
  const failing = withJournals(machine.journals, (journal) => {
    journal.append = () => Promise.reject(new DOMException("gone", "InvalidStateError"));
  });
  const storage = await machine.storage({ journals: failing });
  storage.file("data").write(Uint8Array.of(1), 0);
  await expect(storage.file("data").flush()).rejects.toMatchObject({ code: "storage-lost" });
});
