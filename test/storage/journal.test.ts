// What happens to the journal of new files itself: making files again is interrupted or finds no room, the files have
// what it has not, the clock is set back. Power cuts take young files as in `new-files.test.ts`.

import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import type { Durability } from "../../src/protocol/operation.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import type { BackendFile } from "../../worker/storage/backend.ts";
import type { Journal, JournalEntry } from "../../worker/storage/journal.ts";
import { type CreatingDirectory, guardNewFiles } from "../../worker/storage/new-files.ts";
import { openingFailure } from "../../worker/storage/open-locked.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { EngineClient, pack } from "../engine/engine-client.ts";
import { type Machine, newMachine, read, withJournals, write } from "./forgetful-machine.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Never: the worker died at that point. */
const death = new Promise<never>(() => undefined);

/** A path whose files were lost in their first minute, found again after it. */
async function lostPath(...ids: string[]): Promise<Machine> {
  const machine = newMachine();
  await write(await machine.storage(), ...ids);
  machine.cutPower();
  machine.now += 300_000;
  return machine;
}

async function openEngine(storage: Storage): Promise<[client: EngineClient, id: string]> {
  const client = await EngineClient.open(storage, { idleMs: 1e6 });
  const [known] = await client.listCollections();
  return [client, known?.id ?? (await client.createCollection("notes"))];
}

async function add(
  [{ engine }, id]: [EngineClient, string],
  name: string,
  durability: Durability,
): Promise<void> {
  const reply = await engine.call({
    method: "post",
    route: "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add",
    path: { tenant: "default_tenant", database: "default_database", collection_id: id },
    body: { ids: [name], embeddings: pack([[1, 2]]) },
    durability,
  });
  expect(reply).toMatchObject({ ok: true });
}

async function entriesOf(machine: Machine): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  const journal = (await machine.journals.find())!;
  await journal.replay((entry) => entries.push(entry));
  journal.close();
  return entries;
}

/** A file that takes no byte more once `room` is used up. */
function narrow(file: BackendFile, room: { bytes: number }): BackendFile {
  return {
    size: () => file.size(),
    read: (target, at) => file.read(target, at),
    write(source, at) {
      const count = Math.min(room.bytes, source.length);
      room.bytes -= count;
      return count === 0 ? 0 : file.write(source.subarray(0, count), at);
    },
    truncate: (size) => file.truncate(size),
    flush: (durability, reserve) => file.flush(durability, reserve),
  };
}

/** Has the worker die in an append. */
function stopAfter(journal: Journal, isOver: () => boolean): void {
  const append = journal.append.bind(journal);
  journal.append = (entries) => (isOver() ? death : append(entries));
}

test("a page may be closed while lost files are made again, after any of their writes", async () => {
  const total = (await entriesOf(await lostPath("a", "b"))).length;
  expect(total).toBeGreaterThan(4);
  for (let taken = 0; taken <= total; taken++) {
    const machine = await lostPath("a", "b");
    await new Promise<void>((stopped) => {
      const journals = withJournals(machine.journals, (journal) => {
        const replay = journal.replay.bind(journal);
        let left = taken;
        journal.replay = async (take) => {
          await replay((entry) => left-- > 0 && take(entry));
          journal.close();
          stopped();
          await death;
        };
      });
      void machine.storage({ journals });
    });
    machine.now += 5000;
    expect(await read(await machine.storage())).toEqual(["a", "b"]);
  }
});

test("no room to make lost files again is told as such, however often, and nothing is lost by it", async () => {
  const machine = await lostPath("a", "b");
  for (const bytes of [0, 100, 17_000]) {
    const room = { bytes };
    const open = async (hasJournal: boolean): Promise<CreatingDirectory> => {
      const directory = machine.open(hasJournal);
      const files = new Map([...directory.files].map(([name, file]) => [name, narrow(file, room)]));
      return { ...directory, files };
    };
    const opening = guardNewFiles(open, machine.journals, () => machine.now);
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(openingFailure(error, "notes", "opfs").code).toBe("storage-full");
    machine.now += 5000;
  }
  expect(await read(await machine.storage())).toEqual(["a", "b"]);
});

test("what a tab wrote relaxed before it went does not part the journal from what the next one writes", async () => {
  const machine = newMachine();
  const first = await openEngine(await machine.storage());
  await add(first, "strict", "strict");
  await add(first, "relaxed", "relaxed");
  const second = await openEngine(await machine.storage());
  await add(second, "after", "strict");
  machine.cutPower();
  expect(await read(await machine.storage())).toEqual(["strict", "relaxed", "after"]);
});

test("nor does what a worker flushed that died before the journal had it", async () => {
  const machine = newMachine();
  let dies = (): void => undefined;
  let isDying = false;
  const journals = withJournals(machine.journals, (journal) => {
    const append = journal.append.bind(journal);
    journal.append = (entries) => {
      if (!isDying) return append(entries);
      dies();
      return death;
    };
  });
  const first = await openEngine(await machine.storage({ journals }));
  await add(first, "before", "strict");
  isDying = true;
  await new Promise<void>((died) => {
    dies = died;
    void add(first, "unanswered", "strict");
  });
  const second = await openEngine(await machine.storage());
  await add(second, "after", "strict");
  machine.cutPower();
  expect(await read(await machine.storage())).toEqual(["before", "unanswered", "after"]);
});

test("an opening that is interrupted while it completes the journal loses nothing of it", async () => {
  const length = 13_000_000;
  for (let appends = 0; appends < 3; appends++) {
    const machine = newMachine();
    const storage = await machine.storage();
    storage.file("data").write(new Uint8Array(length).fill(7), 0);
    await storage.file("data").flush();
    // Three times what one transaction takes, and past the guard.
    machine.open(true).files.get("data")!.write(new Uint8Array(length).fill(8), 0);
    await new Promise<void>((stopped) => {
      const journals = withJournals(machine.journals, (journal) => {
        let left = appends;
        stopAfter(journal, () => {
          if (left-- > 0) return false;
          stopped();
          return true;
        });
      });
      void machine.storage({ journals });
    });
    machine.cutPower();
    const found = new Uint8Array(length);
    expect((await machine.storage()).file("data").read(found, 0)).toBe(length);
    expect(found.every((byte) => byte === 7 || byte === 8)).toBe(true);
    expect(found.at(-1)).toBe(7);
    expect(found[0]).toBe(appends === 0 ? 7 : 8);
  }
});

test("openings do not add to the journal what it has, nor the zeros that files have for a full disk", async () => {
  const machine = newMachine();
  await write(await machine.storage(), "a", "b");
  const sizes: number[] = [];
  let stored = 0;
  for (let opening = 0; opening < 4; opening++) {
    const storage = await machine.storage();
    stored = pathFiles.reduce((sum, name) => sum + storage.file(name).size(), 0);
    const entries = await entriesOf(machine);
    sizes.push(entries.reduce((sum, entry) => sum + ("bytes" in entry ? entry.bytes.length : 0), 0));
  }
  expect(new Set(sizes).size).toBe(1);
  expect(sizes[0]).toBeLessThan(stored / 4);
  machine.cutPower();
  expect(await read(await machine.storage())).toEqual(["a", "b"]);
});

test("where the quota has no room to complete the journal it is given up, with a warning", async () => {
  const machine = newMachine();
  const first = await openEngine(await machine.storage());
  await add(first, "a", "strict");
  await add(first, "b", "relaxed");
  const journals = withJournals(machine.journals, (journal) => {
    journal.append = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  });
  const storage = await machine.storage({ journals });
  expect(storage.warnings?.()).toEqual(["new-files-unguarded"]);
  expect(await machine.journals.find()).toBeUndefined();
  expect(await read(storage)).toEqual(["a", "b"]);
});

test("a clock that is set back begins the minute anew, once: at an opening, and while a path is open", async () => {
  const machine = newMachine();
  await write(await machine.storage(), "a");
  machine.now -= 500_000;
  const storage = await machine.storage();
  const createdAt = async (): Promise<number | undefined> => {
    const journal = await machine.journals.find();
    journal?.close();
    return journal?.createdAt;
  };
  expect(await createdAt()).toBe(500_000);
  machine.now -= 300_000;
  await write(storage, "b");
  expect(await createdAt()).toBe(200_000);
  machine.now += 30_000;
  await write(await machine.storage(), "c");
  expect(await createdAt()).toBe(200_000);
  machine.now += 31_000;
  await machine.storage();
  expect(await createdAt()).toBeUndefined();
});
