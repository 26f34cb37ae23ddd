// What works on records, put together: the file records.js, loaded with the first collection that is
// used. A composition that cannot import at run time, such as a Service Worker's, imports this instead.

import type { SqlJsStatic } from "sql.js";
import type { HnswModule } from "../wasm/hnsw.ts";
import { scanTexts } from "../wasm/text-scan.ts";
import { Collection, type CollectionRuntime } from "./collection/collection.ts";
import { count, get, indexingStatus, query } from "./engine/read-records.ts";
import type { Records } from "./engine/records.ts";
import type { salvage as Salvage } from "./engine/salvage-records.ts";
import { add, deleteRecords, update, upsert } from "./engine/write-records.ts";
import { type PatternCompiler, useRegex } from "./rows/regex.ts";

// The binding of the wasm engine, for whoever knows where its binaries are.
export { loadHnsw } from "../wasm/load.ts";
export { salvage } from "./engine/salvage-records.ts";

/** How the libraries are had that are files of their own. */
export interface Libraries {
  sql(): Promise<SqlJsStatic>;
  hnsw(): Promise<HnswModule>;
  /** Asked for by the first filter with a regular expression. */
  regex(): Promise<PatternCompiler>;
}

/** Bytes of full vectors that a collection keeps in memory. */
const VECTOR_CACHE_BYTES = 64 * 2 ** 20;

/**
 * Loads sql.js and the wasm engine; regular expressions come when they are used.
 * @param salvage  for a composition whose clients can ask for it
 */
export async function openRecords(libraries: Libraries, salvage?: typeof Salvage): Promise<Records> {
  const [sql, hnsw] = await Promise.all([libraries.sql(), libraries.hnsw()]);
  const runtime: CollectionRuntime = {
    sql,
    hnsw,
    findTexts: (...search) => scanTexts(hnsw.memory, ...search),
    vectorCacheBytes: VECTOR_CACHE_BYTES,
  };
  return {
    operations: { count, get, query, indexingStatus, add, update, upsert, delete: deleteRecords },
    openCollection: (store, shape) => Collection.load(store, runtime, shape),
    ...(salvage && { salvage: async (operation, context) => salvage(operation, context, sql) }),
    loadRegex: async () => useRegex(await libraries.regex()),
  };
}
