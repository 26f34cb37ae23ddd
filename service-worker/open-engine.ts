// An engine put together from its parts in this thread, with its path open: on IndexedDB, the one backend
// that a Service Worker has.

import type { Engine, EngineOptions } from "../src/protocol/engine-port.ts";
import { PathEngine } from "../worker/engine/engine.ts";
import type { Records } from "../worker/engine/records.ts";
import { pathFiles } from "../worker/path/open-path.ts";
import { openIndexedDb } from "../worker/storage/indexeddb.ts";
import { lockPath } from "../worker/storage/lock.ts";
import { openingFailure, openLocked } from "../worker/storage/open-locked.ts";
import { canonicalPath } from "../worker/storage/path.ts";
import type { Storage } from "../worker/storage/storage.ts";

/** @throws {Failure}  "path-locked", "storage-unavailable", "corrupt", "format-newer" and what storage throws */
export async function openEngine(
  path: string,
  options: EngineOptions,
  loadRecords: () => Promise<Records>,
): Promise<Engine> {
  const engine = new PathEngine({
    openStorage: () => openFiles(path),
    records: loadRecords,
  });
  await engine.open(path, options);
  return engine;
}

async function openFiles(path: string): Promise<Storage> {
  try {
    const canonical = canonicalPath(path);
    return await openLocked(await lockPath(canonical), () => openIndexedDb(canonical, pathFiles));
  } catch (error) {
    throw openingFailure(error, path, "indexeddb");
  }
}
