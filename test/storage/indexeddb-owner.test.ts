import "fake-indexeddb/auto";
import { promisifyRequest } from "idb-keyval";
import { afterEach, expect, test } from "vitest";
import { IndexedDbOwner } from "../../worker/storage/indexeddb-owner.ts";
import { RESERVE, RESERVE_BYTES } from "../../worker/storage/indexeddb-reserve.ts";
import { type DiskLimit, limitIndexedDb } from "./limited-indexeddb.ts";

const opened: IDBDatabase[] = [];
let unlimit = (): void => {};

afterEach(async () => {
  unlimit();
  for (const database of opened.splice(0)) database.close();
  await promisifyRequest(indexedDB.deleteDatabase("owners"));
});

function limit(disk: DiskLimit): DiskLimit {
  unlimit = limitIndexedDb(disk);
  return disk;
}

async function openOwner(): Promise<IndexedDbOwner> {
  const request = indexedDB.open("owners", 1);
  request.onupgradeneeded = () => void request.result.createObjectStore("chunks");
  const database = await promisifyRequest(request);
  opened.push(database);
  return new IndexedDbOwner(database, "chunks", 0);
}

async function openedOwner(): Promise<IndexedDbOwner> {
  const owner = await openOwner();
  await owner.takeOver();
  return owner;
}

/** The one chunk of a file, with so many bytes of this value. */
function put(value: number, bytes = 1) {
  return () => (chunks: IDBObjectStore) => void chunks.put(new Uint8Array(bytes).fill(value), ["file", 0]);
}

/** What an owner after this one finds. */
async function found(): Promise<number | undefined> {
  const entries = await (await openOwner()).takeOver();
  return entries[0]?.[1][0];
}

const full = { name: "QuotaExceededError" };

test("an owner for whose epoch there is no room shuts out the one before, and writes when there is room", async () => {
  const disk = limit({ bytes: 20, packs: false });
  const before = await openedOwner();
  await before.write("strict", "leave", put(1));
  disk.bytes = 0;
  const after = await openOwner();
  let reverts = 0;
  after.onRevert(() => reverts++);
  expect(await after.takeOver()).toEqual([[["file", 0], new Uint8Array([1])]]);
  await expect(before.write("strict", "leave", put(2))).rejects.toThrow("another tab has opened the path");
  await expect(after.write("strict", "leave", put(3))).rejects.toMatchObject(full);
  expect(reverts).toBe(1);
  disk.bytes = 40;
  await after.write("strict", "leave", put(4));
  await expect(before.write("strict", "leave", put(5))).rejects.toThrow("another tab has opened the path");
  expect(await found()).toBe(4);
});

test("the first write that keeps the reserve takes it, and a later owner finds it there", async () => {
  const owner = await openedOwner();
  await owner.write("strict", "leave", put(1));
  expect(owner.lacksReserve).toBe(true);
  await owner.write("strict", "keep", put(2));
  expect(owner.lacksReserve).toBe(false);
  const after = await openOwner();
  expect(await after.takeOver()).toEqual([[["file", 0], new Uint8Array([2])]]);
  expect(after.lacksReserve).toBe(false);
});

test.each([true, false])(
  "on a full disk only a write that may use the reserve does, once (a disk that packs: %s)",
  async (packs) => {
    const disk = limit({ bytes: RESERVE_BYTES + 1000, packs });
    const owner = await openedOwner();
    await owner.write("strict", "keep", put(1, 900));
    for (const reserve of ["keep", "leave"] as const) {
      await expect(owner.write("strict", reserve, put(2, 500))).rejects.toMatchObject(full);
    }
    expect(owner.lacksReserve).toBe(false);
    await owner.write("relaxed", "use", put(3, 500));
    expect(owner.lacksReserve).toBe(true);
    // There is room for it, but not for the reserve beside it.
    disk.bytes -= 1000;
    await expect(owner.write("strict", "keep", put(4))).rejects.toMatchObject(full);
    await owner.write("strict", "leave", put(5));
    disk.bytes *= 2;
    await owner.write("strict", "keep", put(6));
    expect(owner.lacksReserve).toBe(false);
    expect(await found()).toBe(6);
  },
);

test("what does not fit into the reserve either is refused, and nothing of it kept", async () => {
  limit({ bytes: RESERVE_BYTES + 1000, packs: true });
  const owner = await openedOwner();
  await owner.write("strict", "keep", put(1));
  await expect(owner.write("strict", "use", put(2, RESERVE_BYTES + 1000))).rejects.toMatchObject(full);
  expect(await found()).toBe(1);
});

test("a write that was asked for behind one that is refused is refused with it, and one after that is not", async () => {
  limit({ bytes: RESERVE_BYTES + 1000, packs: true });
  const owner = await openedOwner();
  await owner.write("strict", "keep", put(1));
  const written = await Promise.allSettled([
    owner.write("strict", "leave", put(2, 5000)),
    owner.write("strict", "leave", put(3)),
  ]);
  expect(written.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await owner.write("strict", "leave", put(4));
  expect(await found()).toBe(4);
});

test("a write behind one that takes the reserve comes after it", async () => {
  limit({ bytes: RESERVE_BYTES + 1000, packs: true });
  const owner = await openedOwner();
  await owner.write("strict", "keep", put(1, 900));
  await Promise.all([owner.write("strict", "use", put(2, 500)), owner.write("strict", "leave", put(3))]);
  expect(owner.lacksReserve).toBe(true);
  expect(await found()).toBe(3);
});

test("an owner that another has followed does not give up that one's reserve", async () => {
  const disk = limit({ bytes: RESERVE_BYTES + 1000, packs: true });
  const before = await openedOwner();
  await before.write("strict", "keep", put(1));
  const after = await openedOwner();
  disk.bytes = 0;
  await expect(before.write("strict", "use", put(2))).rejects.toThrow();
  disk.bytes = 2 * RESERVE_BYTES;
  await after.write("strict", "keep", put(3));
  const [database] = opened;
  const key = database!.transaction("chunks").objectStore("chunks").getKey(RESERVE);
  expect(await promisifyRequest(key)).toBe(RESERVE);
});
