// What makes and takes archives, as the engine asks for it: the interface between worker.js and archives.js,
// which comes with the first export or import. A composition without it moves no path.

import type { ArchiveExport } from "../archive/export.ts";
import type { ArchiveImport } from "../archive/import.ts";
import type { FrozenFiles } from "../path/freeze.ts";
import type { Storage } from "../storage/storage.ts";

export interface Archives {
  /** The archive of files that were just frozen; they thaw at its end. */
  exportOf(frozen: FrozenFiles): ArchiveExport;
  /** Begins an import into an empty path, whose files nobody else uses until the end. */
  importInto(storage: Storage): Promise<ArchiveImport>;
}
