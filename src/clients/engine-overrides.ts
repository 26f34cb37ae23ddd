// Where the parts of an engine come from, when the package's own files cannot be used.

/** What an application may bring instead of our worker file; a function is called when one is needed. */
export type WorkerSource = Worker | MessagePort | (() => Worker | MessagePort);

/** For a bundler or a policy that our file names do not reach. */
export interface EngineOverrides {
  /** A worker of the application's own that runs our `worker.js`, or a function that makes one. */
  worker?: WorkerSource;
  /** Where a copy of `worker.js` is. */
  workerUrl?: string | URL;
  /** Folder of records.js, hnsw.wasm, hnsw-relaxed.wasm, sql-wasm.wasm, sql.js and re2.js. */
  wasmUrl?: string | URL;
}
