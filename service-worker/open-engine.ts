// An engine put together from its parts in this thread, with its path open.

import type { Engine, EngineOptions } from "../src/protocol/engine-port.ts";
import { PathEngine } from "../worker/engine/engine.ts";
import type { Records } from "../worker/engine/records.ts";
import { pathFiles } from "../worker/path/open-path.ts";
import { openStorage } from "../worker/storage/open-storage.ts";

type StoredOptions = EngineOptions & { readonly backend: "indexeddb" };

/** @throws {Failure}  "path-locked", "storage-unavailable", "corrupt", "format-newer" and what storage throws */
export async function openEngine(
  path: string,
  options: StoredOptions,
  loadRecords: () => Promise<Records>,
): Promise<Engine> {
  const engine = new PathEngine({
    openStorage: () => openStorage({ path, backend: options.backend, files: pathFiles }),
    records: loadRecords,
  });
  await engine.open(path, options);
  return engine;
}
