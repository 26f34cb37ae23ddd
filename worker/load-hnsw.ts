// The wasm engine, loaded when a collection is first opened: two binaries that lie beside the worker.

import type { HnswModule } from "../wasm/hnsw.ts";
import { loadHnsw as loadBinary } from "../wasm/load.ts";

let loading: Promise<HnswModule> | undefined;

/**
 * The engine of this worker. Loaded once; a load that failed is tried again by the next call.
 *
 * Cost: 45 kB of wasm, gzipped, and some milliseconds to compile.
 *
 * @param folder  where hnsw.wasm and hnsw-relaxed.wasm are, ending in a slash; beside the worker when absent
 * @throws {TypeError}  the file is not there
 */
export function loadHnsw(folder?: string): Promise<HnswModule> {
  loading ??= load(folder).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function load(folder: string | undefined): Promise<HnswModule> {
  if (folder === undefined) {
    return loadBinary({
      simd: new URL("../wasm/build/hnsw.wasm", import.meta.url),
      relaxed: new URL("../wasm/build/hnsw-relaxed.wasm", import.meta.url),
    });
  }
  return loadBinary({ simd: new URL("hnsw.wasm", folder), relaxed: new URL("hnsw-relaxed.wasm", folder) });
}
