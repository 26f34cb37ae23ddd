// Where the parts of an engine come from, when the package's own files cannot be used.

import type { EngineOptions } from "../protocol/engine-port.ts";
import { decodeError } from "../transport/error-codec.ts";
import { startEngineWorker, type WorkerSource } from "../transport/engine-worker.ts";
import { WorkerTransport } from "../transport/worker-transport.ts";

/** For a bundler or a policy that our file names do not reach. */
export interface EngineOverrides {
  /** A worker of the application's own that runs our `worker.js`, or a function that makes one. */
  worker?: WorkerSource;
  /** Where a copy of `worker.js` is. */
  workerUrl?: string | URL;
  /** Folder of hnsw.wasm, hnsw-relaxed.wasm, sql-wasm.wasm, sql.js and re2.js. */
  wasmUrl?: string | URL;
}

/**
 * Starts an engine on `path` (null: memory).
 * @throws {Failure}  "worker-start", "worker-died"
 * @throws  what the engine answers to opening, as an error of the client
 */
export async function startEngine(
  path: string | null,
  options: Omit<EngineOptions, "wasmUrl">,
  { worker, workerUrl, wasmUrl }: EngineOverrides,
): Promise<WorkerTransport> {
  const engine = { ...options, ...(wasmUrl !== undefined && { wasmUrl: folderUrl(wasmUrl) }) };
  const { transport, opened } = await WorkerTransport.start(startEngineWorker(worker, workerUrl), {
    path,
    engine,
  });
  if (!opened.ok) throw decodeError(opened.error);
  return transport;
}

/** Absolute, since the worker has another base, and with the slash that makes it a folder. */
function folderUrl(url: string | URL): string {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  const { href } = new URL(url, base);
  return href.endsWith("/") ? href : `${href}/`;
}
