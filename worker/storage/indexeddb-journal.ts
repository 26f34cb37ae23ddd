// The journal of new files in IndexedDB: one transaction of strict durability an append. Values stay below
// the 64 KiB from which on Chromium keeps them in files of their own.

import { promisifyRequest } from "idb-keyval";
import type { Journal, JournalEntry, JournalStore } from "./journal.ts";

const VALUE_BYTES_MAX = 60_000;
/** Entries that are read at once: 4 MB at most. One by one a cursor gives them, which takes longer. */
const ENTRIES_AT_ONCE = 64;
const WRITES = "writes";
/** The store of what is known of the journal, and the key of the moment in it. */
const CREATED = "created";
/** Key that is there while files are being made again. */
const RESTORING = "restoring";

/** Journals of the path's new files. @param path  canonical */
export function indexedDbJournals(path: string): JournalStore {
  const name = `chromalite-new:${path}`;
  return {
    async find() {
      const database = await openExisting(name);
      if (database === undefined) return undefined;
      const known = database.transaction(CREATED).objectStore(CREATED);
      const [createdAt, restoring] = await Promise.all([
        promisifyRequest<unknown>(known.get(CREATED)),
        promisifyRequest(known.getKey(RESTORING)),
      ]);
      return new IndexedDbJournal(name, database, {
        createdAt: typeof createdAt === "number" ? createdAt : 0,
        isRestoring: restoring !== undefined,
      });
    },
    async create() {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(WRITES, { autoIncrement: true });
        request.result.createObjectStore(CREATED);
      };
      const database = await promisifyRequest(request);
      return new IndexedDbJournal(name, database, { createdAt: 0, isRestoring: false });
    },
  };
}

class IndexedDbJournal implements Journal {
  readonly createdAt: number;
  readonly isRestoring: boolean;
  readonly #name: string;
  readonly #database: IDBDatabase;

  constructor(
    name: string,
    database: IDBDatabase,
    { createdAt, isRestoring }: Pick<Journal, "createdAt" | "isRestoring">,
  ) {
    this.#name = name;
    this.#database = database;
    this.createdAt = createdAt;
    this.isRestoring = isRestoring;
    // An owner that was forgotten must not keep the next one from deleting it.
    database.onversionchange = () => database.close();
  }

  begin(createdAt: number): Promise<void> {
    return this.#change(CREATED, (known) => {
      known.put(createdAt, CREATED);
      known.delete(RESTORING);
    });
  }

  beginRestore(): Promise<void> {
    return this.#change(CREATED, (known) => known.put(true, RESTORING));
  }

  async replay(take: (entry: JournalEntry) => void): Promise<void> {
    const writes = this.#database.transaction(WRITES).objectStore(WRITES);
    const last = await promisifyRequest(writes.openKeyCursor(null, "prev"));
    if (last === null) return;
    // Keys are numbers from 1 on, with gaps where an append failed.
    for (let key = 1; key <= Number(last.key); key += ENTRIES_AT_ONCE) {
      const range = IDBKeyRange.bound(key, key + ENTRIES_AT_ONCE - 1);
      const entries = await promisifyRequest<JournalEntry[]>(writes.getAll(range));
      for (const entry of entries) take(entry);
    }
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    return this.#change(WRITES, (writes) => {
      for (const entry of entries) for (const part of split(entry)) writes.add(part);
    });
  }

  async discard(): Promise<void> {
    this.#database.close();
    await promisifyRequest(indexedDB.deleteDatabase(this.#name));
  }

  close(): void {
    this.#database.close();
  }

  #change(store: string, change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = this.#database.transaction(store, "readwrite", { durability: "strict" });
    change(transaction.objectStore(store));
    return done(transaction);
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
