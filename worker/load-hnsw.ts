// Where the two binaries of the wasm engine lie, and the engine for whoever needs nothing but it.

import type { HnswModule } from "../wasm/hnsw.ts";
import { loadOnce } from "./once.ts";
import { loadHnsw as loadBinary, type WasmBinaries } from "../wasm/load.ts";

/** @param folder  where hnsw.wasm and hnsw-relaxed.wasm are, ending in a slash; beside the worker when absent */
export function hnswBinaries(folder?: string): WasmBinaries {
  if (folder === undefined) {
    return {
      simd: new URL("../wasm/build/hnsw.wasm", import.meta.url),
      relaxed: new URL("../wasm/build/hnsw-relaxed.wasm", import.meta.url),
    };
  }
  return { simd: new URL("hnsw.wasm", folder), relaxed: new URL("hnsw-relaxed.wasm", folder) };
}

/**
 * The engine, loaded once a thread; a load that failed is tried again by the next call.
 * @param folder  as of `hnswBinaries`
 * @throws {TypeError}  the file is not there
 */
export const loadHnsw: (folder?: string) => Promise<HnswModule> = loadOnce((folder?: string) =>
  loadBinary(hnswBinaries(folder)),
);
