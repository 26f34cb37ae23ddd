// What makes and takes archives, loaded when the first is made or taken: a file of its own, as records.js is.

import type { Archives } from "./engine/archives.ts";
import { loadOnce } from "./once.ts";

interface ArchivesModule {
  readonly archives: Archives;
}

/**
 * Loaded once a worker; a load that failed is tried again by the next call.
 *
 * Cost: 2 kB of script, gzipped.
 *
 * @param folder  where archives.js is, ending in a slash; beside the worker when absent
 * @throws {Error}  the file is not there
 */
export const loadArchives = loadOnce(async (folder?: string): Promise<Archives> => {
  const { archives } = await importArchives(folder);
  return archives;
});

function importArchives(folder: string | undefined): Promise<ArchivesModule> {
  if (folder === undefined) return import("./archives.ts");
  return import(/* @vite-ignore */ new URL("archives.js", folder).href) as Promise<ArchivesModule>;
}
