// An engine in a worker, with its path open.

import type { EngineOptions } from "../protocol/engine-port.ts";
import { startEngineWorker } from "../transport/engine-worker.ts";
import { decodeError } from "../transport/error-codec.ts";
import { WorkerTransport } from "../transport/worker-transport.ts";
import type { EngineOverrides } from "./engine-overrides.ts";

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
