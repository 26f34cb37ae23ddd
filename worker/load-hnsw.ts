// The vector engine's wasm, loaded when a collection is first opened: one memory for all of a worker's
// collections, so that what one gives back another can use.

import type { HnswModule } from "../wasm/hnsw.ts";
import { loadHnsw as compileHnsw } from "../wasm/load.ts";

let loading: Promise<HnswModule> | undefined;

/**
 * The engine, instantiated. Loaded once a worker; a load that failed is tried again by the next call.
 *
 * @param folder  where hnsw.wasm and hnsw-relaxed.wasm are, ending in a slash; beside the worker when absent
 * @throws {Error}  the file is not there, or the browser has no SIMD
 */
export function loadHnsw(folder?: string): Promise<HnswModule> {
  loading ??= compileHnsw(binaries(folder)).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function binaries(folder: string | undefined): { simd: URL; relaxed: URL } {
  return folder === undefined
    ? {
        simd: new URL("../wasm/build/hnsw.wasm", import.meta.url),
        relaxed: new URL("../wasm/build/hnsw-relaxed.wasm", import.meta.url),
      }
    : { simd: new URL("hnsw.wasm", folder), relaxed: new URL("hnsw-relaxed.wasm", folder) };
}
