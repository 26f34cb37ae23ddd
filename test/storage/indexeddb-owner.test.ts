import "fake-indexeddb/auto";
import { promisifyRequest } from "idb-keyval";
import { expect, test } from "vitest";
import { IndexedDbOwner } from "../../worker/storage/indexeddb-owner.ts";

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("owners", 1);
  request.onupgradeneeded = () => void request.result.createObjectStore("chunks");
  return promisifyRequest(request);
}

/** The database with a disk that is full while `disk.isFull`: what is put ends the transaction that puts it. */
function limited(database: IDBDatabase, disk: { readonly isFull: boolean }): IDBDatabase {
  const begin = database.transaction.bind(database);
  database.transaction = (...parameters) => {
    const transaction = begin(...parameters);
    return disk.isFull ? refusing(transaction) : transaction;
  };
  return database;
}

function refusing(transaction: IDBTransaction): IDBTransaction {
  const full = new DOMException("no room", "QuotaExceededError");
  const refuse = (): void => {
    Object.defineProperty(transaction, "error", { value: full });
    transaction.abort();
  };
  const objectStore = transaction.objectStore.bind(transaction);
  transaction.objectStore = (name) => {
    const store = objectStore(name);
    const put = store.put.bind(store);
    store.put = (value, key) => {
      const request = put(value, key);
      request.onsuccess = refuse;
      return request;
    };
    return store;
  };
  return transaction;
}

test("an owner for whose epoch there is no room shuts out the one before, and writes when there is room", async () => {
  const [first, second] = [await openDatabase(), await openDatabase()];
  const before = new IndexedDbOwner(first, "chunks");
  await before.takeOver();
  await before.write("strict", (chunks) => chunks.put(new Uint8Array([1]), ["file", 0]));
  const disk = { isFull: true };
  const after = new IndexedDbOwner(limited(second, disk), "chunks");
  let reverts = 0;
  after.onRevert(() => reverts++);
  expect(await after.takeOver()).toEqual([[["file", 0], new Uint8Array([1])]]);
  const write = (owner: IndexedDbOwner, byte: number) =>
    owner.write("strict", (chunks) => chunks.put(new Uint8Array([byte]), ["file", 0]));
  await expect(write(before, 2)).rejects.toThrow("another tab has opened the path");
  await expect(write(after, 3)).rejects.toMatchObject({ name: "QuotaExceededError" });
  expect(reverts).toBe(1);
  disk.isFull = false;
  await write(after, 4);
  await expect(write(before, 5)).rejects.toThrow("another tab has opened the path");
  const last = new IndexedDbOwner(await openDatabase(), "chunks");
  expect(await last.takeOver()).toEqual([[["file", 0], new Uint8Array([4])]]);
});
