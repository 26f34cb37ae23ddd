// What works on records, with its libraries, all in this script: a Service Worker may not import at run time. Their wasm
// comes from what the Service Worker kept.

import initSqlJs from "sql.js";
import { relaxedSimd } from "wasm-feature-detect";
import type { HnswModule } from "../wasm/hnsw.ts";
import { loadHnsw } from "../wasm/load.ts";
import type { Records } from "../worker/engine/records.ts";
import { loadOnce } from "../worker/once.ts";
import { openRecords } from "../worker/records.ts";
import { compilePattern } from "../worker/regex/compile-pattern.ts";
import type { KeptFiles } from "./kept-files.ts";

/** Loads what works on records: once, and after a load that failed again. */
export function recordsLoader(files: KeptFiles): () => Promise<Records> {
  return loadOnce(() =>
    openRecords({
      sql: async () => initSqlJs({ wasmBinary: await files.read("sql-wasm.wasm") }),
      hnsw: () => compileHnsw(files),
      regex: async () => compilePattern,
    }),
  );
}

async function compileHnsw(files: KeptFiles): Promise<HnswModule> {
  const binary = await files.read((await relaxedSimd()) ? "hnsw-relaxed.wasm" : "hnsw.wasm");
  return loadHnsw({ simd: binary, relaxed: binary });
}
