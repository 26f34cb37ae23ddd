// Storage in IndexedDB, where OPFS is missing, and on the main thread: one database a path, one key a
// chunk of a file. Memory holds every byte, so reads and writes are synchronous; a flush puts the
// changed chunks in one transaction of strict durability (the default, relaxed, and so idb-keyval's
// own store, loses acknowledged writes at a power cut). Whoever opens the database draws a new epoch, and
// every transaction of an owner before ends without having written anything.

import { promisifyRequest } from "idb-keyval";
import type { Durability } from "../../src/protocol/operation.ts";
import type { BackendDirectory, BackendFile } from "./backend.ts";
import { ChunkedBytes } from "./chunked-bytes.ts";

/**
 * A small chunk makes small appends cheap, a large one large appends; 16 and 32 KiB took the same time
 * for 2 KB and 160 KB in Chromium 156, 56 KiB longer for 2 KB. Over 64 KiB Chromium keeps a value in a
 * file of its own, at twice the time.
 */
const CHUNK_BYTES = 32_768;

const STORE = "chunks";
/** Key of the epoch, beside the chunks: a number drawn by the owner. */
const EPOCH = "epoch";

/**
 * Key of a chunk. The chunk with a file's last byte is always there and ends with that byte, so the
 * chunks alone tell the size; any other chunk of zeros may be missing.
 */
type ChunkKey = [file: string, index: number];

/** Runs a transaction of that durability. */
type ChunkStore = <T>(durability: Durability, callback: (chunks: IDBObjectStore) => Promise<T>) => Promise<T>;

/** @param path  canonical */
export async function openIndexedDb(path: string, files: readonly string[]): Promise<BackendDirectory> {
  const databaseName = `chromalite:${path}`;
  const { database, created } = await openDatabase(databaseName);
  const store: ChunkStore = async (durability, callback) =>
    callback(database.transaction(STORE, "readwrite", { durability }).objectStore(STORE));

  try {
    const bytesByName = new Map(files.map((name) => [name, new ChunkedBytes(CHUNK_BYTES)]));
    const epoch = crypto.getRandomValues(new Uint32Array(1))[0]!;
    for (const [[name, index], chunk] of await takeOver(store, epoch)) {
      bytesByName.get(name)?.write(chunk, index * CHUNK_BYTES);
    }
    const opened = [...bytesByName].map(
      ([name, bytes]) => [name, new IndexedDbFile(name, bytes, store, epoch)] as const,
    );
    return {
      backend: "indexeddb",
      path,
      created,
      files: new Map(opened),
      close: () => database.close(),
      remove: async () => {
        await promisifyRequest(indexedDB.deleteDatabase(databaseName));
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Begins an epoch, and reads every chunk in the same transaction: what an owner before sends later is too late. */
function takeOver(store: ChunkStore, epoch: number): Promise<(readonly [ChunkKey, Uint8Array])[]> {
  return store("strict", async (chunks) => {
    // Numbers and strings sort before arrays: the bound leaves the epoch out.
    const every = IDBKeyRange.lowerBound([]);
    const [keys, values] = await Promise.all([
      promisifyRequest(chunks.getAllKeys(every)),
      promisifyRequest<Uint8Array[]>(chunks.getAll(every)),
      promisifyRequest(chunks.put(epoch, EPOCH)),
      transactionDone(chunks.transaction),
    ]);
    return keys.map((key, i) => [key as unknown as ChunkKey, values[i]!] as const);
  });
}

async function openDatabase(name: string): Promise<{ database: IDBDatabase; created: boolean }> {
  const request = indexedDB.open(name, 1);
  let created = false;
  request.onupgradeneeded = () => {
    created = true;
    request.result.createObjectStore(STORE);
  };
  const database = await promisifyRequest(request);
  // Someone deletes the database: the next flush tells that it is lost, instead of both waiting.
  database.onversionchange = () => database.close();
  return { database, created };
}

class IndexedDbFile implements BackendFile {
  readonly #name: string;
  readonly #bytes: ChunkedBytes;
  readonly #store: ChunkStore;
  readonly #epoch: number;
  #changedChunks = new Set<number>();
  /** Put by relaxed transactions since the last strict one, which puts them again. */
  #relaxedChunks = new Set<number>();
  #flushed: Promise<void> = Promise.resolve();

  constructor(name: string, bytes: ChunkedBytes, store: ChunkStore, epoch: number) {
    this.#name = name;
    this.#bytes = bytes;
    this.#store = store;
    this.#epoch = epoch;
  }

  size(): number {
    return this.#bytes.size;
  }

  read(target: Uint8Array, at: number): number {
    return this.#bytes.read(target, at);
  }

  write(source: Uint8Array, at: number): number {
    this.#bytes.write(source, at);
    this.#markChanged(at, at + source.length);
    return source.length;
  }

  truncate(size: number): void {
    const before = this.#bytes.size;
    this.#bytes.truncate(size);
    // Cut: every chunk from the new end on. Extended: the new last one, which holds the size.
    this.#markChanged(Math.max(0, size - 1), Math.max(before, size));
  }

  flush(durability: Durability): Promise<void> {
    const changed = this.#takeChanged(durability);
    if (changed.size > 0) {
      const committed = this.#put(changed, durability);
      // Nothing to put is durable only when the transactions on their way are.
      this.#flushed = Promise.all([this.#flushed, committed]).then(() => undefined);
    }
    return this.#flushed;
  }

  #takeChanged(durability: Durability): ReadonlySet<number> {
    const taken = this.#changedChunks;
    this.#changedChunks = new Set();
    if (durability === "relaxed") {
      for (const index of taken) this.#relaxedChunks.add(index);
    } else {
      for (const index of this.#relaxedChunks) taken.add(index);
      this.#relaxedChunks = new Set();
    }
    return taken;
  }

  #put(indexes: ReadonlySet<number>, durability: Durability): Promise<void> {
    return this.#store(durability, (chunks) => {
      const current = chunks.get(EPOCH);
      current.onsuccess = () => {
        if (current.result !== this.#epoch) chunks.transaction.abort();
      };
      const last = Math.ceil(this.#bytes.size / CHUNK_BYTES) - 1;
      for (const index of indexes) {
        const key: ChunkKey = [this.#name, index];
        const chunk = this.#bytes.chunk(index) ?? (index === last ? this.#zeros(index) : undefined);
        // A view is stored with its whole buffer: the last chunk is copied down to its bytes.
        if (index <= last && chunk) chunks.put(chunk.length < CHUNK_BYTES ? chunk.slice() : chunk, key);
        else chunks.delete(key);
      }
      return transactionDone(chunks.transaction);
    });
  }

  #zeros(index: number): Uint8Array {
    return new Uint8Array(this.#bytes.size - index * CHUNK_BYTES);
  }

  #markChanged(start: number, end: number): void {
    for (let index = Math.floor(start / CHUNK_BYTES); index * CHUNK_BYTES < end; index++) {
      this.#changedChunks.add(index);
    }
  }
}

/** idb-keyval's `promisifyRequest` rejects at the first failed request, before the transaction has its error. */
function transactionDone(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    // Without an error of its own, it was aborted by `#put`.
    transaction.onabort = () =>
      reject(transaction.error ?? new Error("another tab has opened the path since"));
  });
}
