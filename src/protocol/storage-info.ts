// What an engine tells of its storage, beside Chroma's contract.

import type { Operation } from "./operation.ts";

/**
 * What an application may want to know before it is a failure.
 * over-memory-limit: one collection alone is larger than `memoryLimitBytes`. It stays open; the others are
 * closed and opened again as they are used.
 * new-files-unguarded: the path was created less than a minute ago and there was no room to keep what is
 * written twice, so a power cut within that minute may take the path with it.
 */
export type StorageWarning = "over-memory-limit" | "new-files-unguarded";

/** A place whose bytes are not what was written. */
export interface StorageDamage {
  /** Id of the collection that it is in; null for the log, which is of all. */
  readonly collection: string | null;
  readonly file: string;
  readonly offset: number;
  readonly message: string;
}

/** A part of a record that could not be read. */
export interface SalvagedPart {
  readonly id: string;
  readonly part: "embedding" | "document" | "uri" | "metadata";
}

/** Where a path's bytes lie, as the engine knows it. */
export interface EngineStorageInfo {
  readonly backend: "opfs" | "indexeddb" | "node" | "memory";
  /** Bytes of the path's files. */
  readonly bytesUsed: number;
  /** When the path was created, in milliseconds since 1970; undefined for one that an older build made. */
  readonly createdAt: number | undefined;
  /** Bytes of memory that open collections take, roughly. */
  readonly memoryUsed: number;
  readonly warnings: readonly StorageWarning[];
  /** What was found damaged since the path was opened. What nobody has read yet may be, too. */
  readonly damage: readonly StorageDamage[];
}

/** The operation that makes durable what relaxed writes left. One of ours, too. */
export const flushOperation = {
  method: "post",
  route: "/chromalite/flush",
} as const satisfies Operation;

/** The operation that reads what can be read of a collection. One of ours, too. */
export const salvageOperation = {
  method: "post",
  route: "/chromalite/tenants/{tenant}/databases/{database}/collections/{collection_id}/salvage",
} as const satisfies Operation;

/** The operation that asks for it. Not one of Chroma's: no server answers it. */
export const storageInfoOperation = {
  method: "get",
  route: "/chromalite/storage",
} as const satisfies Operation;
