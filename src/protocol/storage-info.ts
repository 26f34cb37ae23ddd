// What an engine tells of its storage, beside Chroma's contract.

import type { Operation } from "./operation.ts";

/** Where a path's bytes lie, as the engine knows it. */
export interface EngineStorageInfo {
  readonly backend: "opfs" | "indexeddb" | "node" | "memory";
  /** Bytes of the path's files. */
  readonly bytesUsed: number;
}

/** The operation that asks for it. Not one of Chroma's: no server answers it. */
export const storageInfoOperation = {
  method: "get",
  route: "/chromalite/storage",
} as const satisfies Operation;
