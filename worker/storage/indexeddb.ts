// Storage in IndexedDB, where OPFS is missing, and on the main thread: one database a path, one key a
// chunk of a file. Memory holds every byte, so reads and writes are synchronous; a flush puts the
// changed chunks in one transaction of strict durability (the default, relaxed, and so idb-keyval's
// own store, loses acknowledged writes at a power cut). Where there is no room for one, nothing of it is kept,
// and memory goes back to what is.

import { promisifyRequest } from "idb-keyval";
import type { Durability } from "../../src/protocol/operation.ts";
import type { BackendDirectory, BackendFile } from "./backend.ts";
import { ChunkedBytes } from "./chunked-bytes.ts";
import { IndexedDbOwner } from "./indexeddb-owner.ts";
import type { ReserveUse } from "./storage.ts";

/**
 * A small chunk makes small appends cheap, a large one large appends; 16 and 32 KiB took the same time
 * for 2 KB and 160 KB in Chromium 156, 56 KiB longer for 2 KB. Over 64 KiB Chromium keeps a value in a
 * file of its own, at twice the time.
 */
const CHUNK_BYTES = 32_768;

const STORE = "chunks";

/**
 * Key of a chunk. The chunk with a file's last byte is always there and ends with that byte, so the
 * chunks alone tell the size; any other chunk of zeros may be missing.
 */
type ChunkKey = [file: string, index: number];

/** @param path  canonical */
export async function openIndexedDb(path: string, files: readonly string[]): Promise<BackendDirectory> {
  const databaseName = `chromalite:${path}`;
  const { database, created } = await openDatabase(databaseName);
  try {
    const owner = new IndexedDbOwner(database, STORE);
    const bytesByName = new Map(files.map((name) => [name, new ChunkedBytes(CHUNK_BYTES)]));
    for (const [key, chunk] of await owner.takeOver()) {
      const [name, index] = key as ChunkKey;
      bytesByName.get(name)?.write(chunk, index * CHUNK_BYTES);
    }
    const opened = [...bytesByName].map(
      ([name, bytes]) => [name, new IndexedDbFile(name, bytes, owner)] as const,
    );
    return {
      backend: "indexeddb",
      path,
      created,
      flushesWhole: true,
      files: new Map(opened),
      lacksReserve: () => owner.lacksReserve,
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
  readonly #owner: IndexedDbOwner;
  #bytes: ChunkedBytes;
  /** The bytes as the database has them. */
  #kept: ChunkedBytes;
  #changedChunks = new Set<number>();
  /** Put by relaxed transactions since the last strict one, which puts them again. */
  #relaxedChunks = new Set<number>();

  constructor(name: string, bytes: ChunkedBytes, owner: IndexedDbOwner) {
    this.#name = name;
    this.#owner = owner;
    this.#bytes = bytes;
    this.#kept = bytes.fork();
    owner.onRevert(() => this.#revert());
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

  async flush(durability: Durability, reserve: ReserveUse): Promise<void> {
    let put: ChunkedBytes | undefined;
    let changed = new Set<number>();
    // Also for nothing: what is on its way has to be kept first.
    await this.#owner.write(durability, reserve, () => {
      changed = this.#takeChanged(durability);
      if (changed.size === 0) return undefined;
      const bytes = (put = this.#bytes.fork());
      return (chunks) => this.#putChunks(chunks, bytes, changed);
    });
    if (put === undefined) return;
    this.#kept = put;
    for (const index of changed) {
      if (durability === "strict") this.#relaxedChunks.delete(index);
      else this.#relaxedChunks.add(index);
    }
  }

  #takeChanged(durability: Durability): Set<number> {
    const changed = this.#changedChunks;
    this.#changedChunks = new Set();
    if (durability === "strict") for (const index of this.#relaxedChunks) changed.add(index);
    return changed;
  }

  #putChunks(chunks: IDBObjectStore, bytes: ChunkedBytes, indexes: ReadonlySet<number>): void {
    const last = Math.ceil(bytes.size / CHUNK_BYTES) - 1;
    for (const index of indexes) {
      const key: ChunkKey = [this.#name, index];
      const zeros = index === last ? new Uint8Array(bytes.size - index * CHUNK_BYTES) : undefined;
      const chunk = bytes.chunk(index) ?? zeros;
      // A view is stored with its whole buffer: the last chunk is copied down to its bytes.
      if (index <= last && chunk) chunks.put(chunk.length < CHUNK_BYTES ? chunk.slice() : chunk, key);
      else chunks.delete(key);
    }
  }

  #revert(): void {
    this.#bytes = this.#kept.fork();
    this.#changedChunks = new Set();
  }

  #markChanged(start: number, end: number): void {
    for (let index = Math.floor(start / CHUNK_BYTES); index * CHUNK_BYTES < end; index++) {
      this.#changedChunks.add(index);
    }
  }
}
