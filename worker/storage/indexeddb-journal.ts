// The journal of new files in IndexedDB: one transaction of strict durability an append. Values stay below
// the 64 KiB from which on Chromium keeps them in files of their own.

import { promisifyRequest } from "idb-keyval";
import type { Journal, JournalEntry, JournalStore } from "./new-files.ts";

const VALUE_BYTES_MAX = 60_000;
const WRITES = "writes";
const CREATED = "created";

/** Journals of the path's new files. @param path  canonical */
export function indexedDbJournals(path: string): JournalStore {
  const name = `chromalite-new:${path}`;
  return {
    async find() {
      const database = await openExisting(name);
      if (database === undefined) return undefined;
      const createdAt = await promisifyRequest<unknown>(
        database.transaction(CREATED).objectStore(CREATED).get(CREATED),
      );
      return new IndexedDbJournal(name, database, typeof createdAt === "number" ? createdAt : 0);
    },
    async create() {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(WRITES, { autoIncrement: true });
        request.result.createObjectStore(CREATED);
      };
      const database = await promisifyRequest(request);
      return new IndexedDbJournal(name, database, 0);
    },
  };
}

class IndexedDbJournal implements Journal {
  readonly createdAt: number;
  readonly #name: string;
  readonly #database: IDBDatabase;

  constructor(name: string, database: IDBDatabase, createdAt: number) {
    this.#name = name;
    this.#database = database;
    this.createdAt = createdAt;
    // An owner that was forgotten must not keep the next one from deleting it.
    database.onversionchange = () => database.close();
  }

  begin(createdAt: number): Promise<void> {
    const transaction = this.#database.transaction(CREATED, "readwrite", { durability: "strict" });
    transaction.objectStore(CREATED).put(createdAt, CREATED);
    return done(transaction);
  }

  async replay(take: (entry: JournalEntry) => void): Promise<void> {
    const transaction = this.#database.transaction(WRITES);
    const cursor = transaction.objectStore(WRITES).openCursor();
    cursor.onsuccess = () => {
      if (cursor.result === null) return;
      take(cursor.result.value as JournalEntry);
      cursor.result.continue();
    };
    await done(transaction);
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    const transaction = this.#database.transaction(WRITES, "readwrite", { durability: "strict" });
    const writes = transaction.objectStore(WRITES);
    for (const entry of entries) for (const part of split(entry)) writes.add(part);
    return done(transaction);
  }

  async discard(): Promise<void> {
    this.#database.close();
    await promisifyRequest(indexedDB.deleteDatabase(this.#name));
  }

  close(): void {
    this.#database.close();
  }
}

function* split(entry: JournalEntry): Generator<JournalEntry> {
  if ("size" in entry) return yield entry;
  const { file, at, bytes } = entry;
  for (let from = 0; from < bytes.length; from += VALUE_BYTES_MAX) {
    // A copy: a view is stored with its whole buffer.
    yield { file, at: at + from, bytes: bytes.slice(from, from + VALUE_BYTES_MAX) };
  }
}

/** Opens a database that exists; undefined, and nothing made, where there is none. */
async function openExisting(name: string): Promise<IDBDatabase | undefined> {
  const request = indexedDB.open(name, 1);
  let isNew = false;
  request.onupgradeneeded = () => {
    isNew = true;
    request.transaction?.abort();
  };
  try {
    return await promisifyRequest(request);
  } catch (error) {
    if (isNew) return undefined;
    throw error;
  }
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
}
