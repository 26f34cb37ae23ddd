// What a flush asks of IndexedDB: one transaction of strict durability, with the chunks that changed, each small enough
// to lie beside its key. A value over 64 KiB is a file of its own in Chromium, and relaxed is the default.

import { afterEach, expect, test, vi } from "vitest";
import { openStorage } from "../../worker/storage/open-storage.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { contractFiles } from "./contract.ts";

const VALUE_BYTES_MAX = 60_000;
const CHUNK_BYTES = 32_768;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A path of its own, and what is asked of IndexedDB from now on. */
async function watched(path: string) {
  const storage: Storage = await openStorage({ backend: "indexeddb", path, files: contractFiles });
  const transaction = vi.spyOn(IDBDatabase.prototype, "transaction");
  const put = vi.spyOn(IDBObjectStore.prototype, "put");
  return {
    storage,
    file: storage.file("data"),
    /** Mode and durability of each transaction that was begun. */
    transactions: () => transaction.mock.calls.map(([, mode, options]) => [mode, options?.durability]),
    /** Key and bytes of each value that was put, without the epoch. */
    puts: () =>
      put.mock.calls
        .filter(([, key]) => Array.isArray(key))
        .map(([value, key]) => {
          const bytes = value as Uint8Array;
          return { key, length: bytes.length, stored: bytes.buffer.byteLength };
        }),
    forget: () => {
      transaction.mockClear();
      put.mockClear();
    },
  };
}

const strict = ["readwrite", "strict"];

test("a flush is one strict transaction, however much was written, and a second flush is none", async () => {
  const { storage, file, transactions } = await watched("one-transaction");
  for (let i = 0; i < 5; i++) file.write(new Uint8Array(100_000).fill(i + 1), i * 100_000);
  file.write(new Uint8Array(7), 3);
  await file.flush();
  expect(transactions()).toEqual([strict]);
  await file.flush();
  expect(transactions()).toEqual([strict]);
  file.truncate(10);
  await file.flush();
  expect(transactions()).toEqual([strict, strict]);
  await storage.destroy();
});

test("no value is as large as Chromium keeps beside its database, nor is one stored with more than its bytes", async () => {
  const { storage, file, puts } = await watched("small-values");
  file.write(new Uint8Array(1_000_000).fill(1), 0);
  file.write(new Uint8Array(1000).fill(2), 1_000_000);
  await file.flush();
  expect(puts().length).toBe(Math.ceil(1_001_000 / CHUNK_BYTES));
  expect(Math.max(...puts().map(({ stored }) => stored))).toBeLessThanOrEqual(VALUE_BYTES_MAX);
  expect(puts().reduce((sum, { stored }) => sum + stored, 0)).toBe(1_001_000);
  await storage.destroy();
});

test("an append puts the last chunk anew, and none before it", async () => {
  const { storage, file, puts, transactions, forget } = await watched("last-chunk");
  file.write(new Uint8Array(200_000).fill(1), 0);
  await file.flush();
  for (let at = 200_000; at < 210_000; at += 2000) {
    forget();
    file.write(new Uint8Array(2000).fill(2), at);
    await file.flush();
    expect(transactions()).toEqual([strict]);
    const last = Math.floor((at + 1999) / CHUNK_BYTES);
    expect(puts()).toEqual([
      { key: ["data", last], length: at + 2000 - last * CHUNK_BYTES, stored: at + 2000 - last * CHUNK_BYTES },
    ]);
  }
  await storage.destroy();
});

test("a relaxed flush is a relaxed transaction, and the next strict one puts its chunks again", async () => {
  const { storage, file, puts, transactions, forget } = await watched("relaxed");
  file.write(new Uint8Array(100), 0);
  await file.flush("relaxed");
  expect(transactions()).toEqual([["readwrite", "relaxed"]]);
  forget();
  await file.flush();
  expect(transactions()).toEqual([strict]);
  expect(puts().map(({ key }) => key)).toEqual([["data", 0]]);
  await storage.destroy();
});
