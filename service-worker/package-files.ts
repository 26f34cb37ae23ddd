// Where the engine's files are: beside this script, or in a folder that the application names. The build
// turns these paths into those of the package, in the form that bundlers look for.

import type { KeptFileName } from "./kept-files.ts";

/** The build puts a digest of the files here. */
declare const __chromaliteFiles: string;

/** Names the bytes of the files. */
export const filesBuild = typeof __chromaliteFiles === "string" ? __chromaliteFiles : "source";

/** @param folder  absolute, ending in a slash; beside this script when absent */
export function packageFiles(folder: string | undefined): Record<KeptFileName, URL> {
  if (folder === undefined) {
    return {
      "hnsw.wasm": new URL("../wasm/build/hnsw.wasm", import.meta.url),
      "hnsw-relaxed.wasm": new URL("../wasm/build/hnsw-relaxed.wasm", import.meta.url),
      "sql-wasm.wasm": new URL("../node_modules/sql.js/dist/sql-wasm.wasm", import.meta.url),
    };
  }
  return {
    "hnsw.wasm": new URL("hnsw.wasm", folder),
    "hnsw-relaxed.wasm": new URL("hnsw-relaxed.wasm", folder),
    "sql-wasm.wasm": new URL("sql-wasm.wasm", folder),
  };
}
