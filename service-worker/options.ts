// What an application says to its Service Worker's half of Chromalite.

export interface ForwardOptions {
  /**
   * Path of the origin below which `/api/v2` is answered, such as `/notes`. When left out it is answered at
   * the origin itself, where Chroma's own client asks for it, and below the Service Worker's scope.
   */
  prefix?: string;
}

export interface ServeOptions extends ForwardOptions {
  /** Name of the stored data. Default `./chroma`. */
  path?: string;
  /** Whether `client.reset()` is allowed. Default false, as on Chroma's server. */
  allowReset?: boolean;
  /**
   * Folder of hnsw.wasm, hnsw-relaxed.wasm and sql-wasm.wasm, relative to the Service Worker's script.
   * Default: beside `service-worker.js`; for `service-worker.classic.js`, beside the script that imports it.
   */
  wasmUrl?: string | URL;
}
