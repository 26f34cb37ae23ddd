// What makes and takes archives, put together: the file archives.js, loaded with the first export or import.

import { ArchiveExport } from "./archive/export.ts";
import { ArchiveImport } from "./archive/import.ts";
import type { Archives } from "./engine/archives.ts";

export const archives: Archives = {
  exportOf: (frozen) => new ArchiveExport(frozen),
  importInto: (storage) => ArchiveImport.begin(storage),
};
