// What works on records, loaded when a collection is first used: records.js with sql.js and the wasm
// engine. All files are named here, not in records.js: an application's bundler that renames files
// rewrites the names in this script and copies the others as they are.

import type { Records } from "./engine/records.ts";
import { hnswBinaries } from "./load-hnsw.ts";
import { loadOnce } from "./once.ts";
import { loadRegex } from "./load-regex.ts";
import { loadSql } from "./load-sql.ts";

type RecordsModule = Pick<typeof import("./records.ts"), "openRecords" | "loadHnsw" | "salvage">;

/**
 * Loaded once a worker; a load that failed is tried again by the next call.
 *
 * Cost: 26 kB of script, and what sql.js and the wasm engine cost.
 *
 * @param folder  where the files are, ending in a slash; beside the worker when absent
 * @throws {Error}  a file is not there
 */
export const loadRecords = loadOnce(async (folder?: string): Promise<Records> => {
  const sql = loadSql(folder);
  // Where records.js is missing nobody asks for it; the next load hears of the failure again.
  sql.catch(() => undefined);
  const { openRecords, loadHnsw, salvage } = await importRecords(folder);
  const libraries = {
    sql: () => sql,
    hnsw: () => loadHnsw(hnswBinaries(folder)),
    regex: () => loadRegex(folder),
  };
  return openRecords(libraries, salvage);
});

function importRecords(folder: string | undefined): Promise<RecordsModule> {
  if (folder === undefined) return import("./records.ts");
  return import(/* @vite-ignore */ new URL("records.js", folder).href) as Promise<RecordsModule>;
}
