// Opens the storage of a path: chooses the backend by what this thread can do, takes the path's
// lock, opens the files. Memory is never chosen, only asked for.

import type { BackendDirectory } from "./backend.ts";
import { CheckedStorage } from "./checked-storage.ts";
import { openIndexedDb } from "./indexeddb.ts";
import { lockPath, type LockWait } from "./lock.ts";
import { indexedDbJournals } from "./indexeddb-journal.ts";
import { guardNewFiles } from "./new-files.ts";
import { openMemory } from "./memory.ts";
import { loadNodeFiles } from "./load-node-files.ts";
import { getNodeBuiltins } from "./node-builtins.ts";
import { openingFailure, openLocked } from "./open-locked.ts";
import { hasOpfs, openOpfs } from "./opfs.ts";
import { canonicalPath } from "./path.ts";
import type { Backend, Storage } from "./storage.ts";
import { storageFailure } from "./storage-failure.ts";

export interface OpenStorageOptions {
  /** Where the bytes lie; by default the best that this thread has. */
  readonly backend?: Backend;
  /** The caller's path: of a directory in Node, a name within the origin in a page. Memory has none. */
  readonly path: string;
  /** All files the storage will ever have. They are created with the path. */
  readonly files: readonly string[];
  /** Where node-files.js is, ending in a slash; beside the worker when absent. */
  readonly folder?: string | undefined;
  /** How to wait for the lock in a page, instead of half a second. */
  readonly wait?: LockWait | undefined;
}

/**
 * Opens the files of a path, creating what is missing; the path is locked until `close` or `destroy`.
 *
 * @throws {Failure}  "path-locked": another storage has the path open, here, in another tab or in
 *     another process. "storage-unavailable": this thread has no such backend, or it is refused.
 *     "storage-full": there is no room for the files. "corrupt": some of the files are lost.
 */
export async function openStorage({
  backend,
  path,
  files,
  folder,
  wait,
}: OpenStorageOptions): Promise<Storage> {
  const chosen = backend ?? (await chooseBackend());
  try {
    switch (chosen) {
      case "memory":
        return new CheckedStorage(openMemory(files));
      case "node":
        return await (await loadNodeFiles(folder)).openNodeFiles(path, files);
      case "opfs": {
        const canonical = canonicalPath(path);
        return await openLocked(await lockPath(canonical, wait), () => openGuarded(canonical, files, wait));
      }
      case "indexeddb": {
        const canonical = canonicalPath(path);
        return await openLocked(await lockPath(canonical, wait), () => openIndexedDb(canonical, files));
      }
    }
  } catch (error) {
    throw openingFailure(error, path, chosen);
  }
}

async function chooseBackend(): Promise<Backend> {
  if (getNodeBuiltins()) return "node";
  if (await hasOpfs()) return "opfs";
  if (typeof indexedDB !== "undefined") return "indexeddb";
  throw storageFailure(
    "storage-unavailable",
    "this thread has no OPFS, no IndexedDB and no files: expected one",
  );
}

/** OPFS, with files guarded that are younger than a minute. */
async function openGuarded(
  path: string,
  files: readonly string[],
  wait: LockWait | undefined,
): Promise<BackendDirectory> {
  const turn = wait?.signal;
  // Firefox keeps the names of files in a database that it flushes (measured in 153).
  if (navigator.userAgent.includes("Firefox/")) return openOpfs(path, files, { turn });
  return guardNewFiles((hasJournal) => openOpfs(path, files, { hasJournal, turn }), indexedDbJournals(path));
}
