// Where the parts of an engine come from, when the package's own files cannot be used.

/** The class of this name in the type libraries of the application, which need not be those of a page. */
type Platform<Name extends string> =
  typeof globalThis extends Record<Name, { prototype: infer Instance }> ? Instance : never;

type WorkerEnd = Platform<"Worker"> | Platform<"MessagePort">;

/** What an application may bring instead of our worker file; a function is called when one is needed. */
export type WorkerSource = WorkerEnd | (() => WorkerEnd);

/** For a bundler or a policy that our file names do not reach. */
export interface EngineOverrides {
  /** A worker of the application's own that runs our `worker.js`, or a function that makes one. */
  worker?: WorkerSource;
  /** Where a copy of `worker.js` is. */
  workerUrl?: string | URL;
  /** Folder of records.js, archives.js, node-files.js, hnsw.wasm, hnsw-relaxed.wasm, sql-wasm.wasm, sql.js and re2.js. */
  wasmUrl?: string | URL;
}
