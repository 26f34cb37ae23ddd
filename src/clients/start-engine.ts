// An engine in a worker, with its path open.

import type { EngineOptions } from "../protocol/engine-port.ts";
import { startBroker, startEngineWorker } from "../transport/engine-worker.ts";
import { decodeError } from "../transport/error-codec.ts";
import { nodeModule } from "../transport/node.ts";
import { browserWorld } from "../transport/tabs/browser-world.ts";
import { Tab } from "../transport/tabs/tab.ts";
import type { MortalTransport } from "../transport/transport-pool.ts";
import { WorkerTransport } from "../transport/worker-transport.ts";
import { creationNote } from "./creation-notes.ts";
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
  const engine = withWasmUrl(options, wasmUrl);
  const { transport, opened } = await WorkerTransport.start(startEngineWorker(worker, workerUrl), {
    path,
    engine,
  });
  if (!opened.ok) throw decodeError(opened.error);
  return transport;
}

/**
 * An engine on `path`: in a page shared with the other tabs of the origin, elsewhere one of its own.
 * @throws  as `startEngine`; in a page nothing, since what opening meets is told by the calls
 */
export async function openPath(
  path: string,
  options: Omit<EngineOptions, "wasmUrl">,
  overrides: EngineOverrides & { readonly afterEviction?: "fail" | "start-empty" | undefined },
): Promise<MortalTransport> {
  if (!hasTabs()) return startEngine(path, options, overrides);
  const { worker, workerUrl, wasmUrl, afterEviction } = overrides;
  const note = creationNote(path);
  const world = browserWorld({
    path,
    engine: withWasmUrl(options, wasmUrl),
    startWorker: () => startEngineWorker(worker, workerUrl),
    canRestart: worker === undefined || typeof worker === "function",
    startBroker: () => startBroker(workerUrl),
    note:
      afterEviction === "start-empty" ? { ...note, read: () => ({ backend: note.read().backend }) } : note,
  });
  return new Tab(world, options);
}

/**
 * An engine of its own for an import, on the backend on which the path is opened afterwards.
 * @throws  as `startEngine`
 */
export function startImport(
  path: string,
  options: Omit<EngineOptions, "wasmUrl">,
  overrides: EngineOverrides,
): Promise<WorkerTransport> {
  const { backend } = hasTabs() ? creationNote(path).read() : options;
  return startEngine(path, { backend, ...options }, overrides);
}

/** Whether there may be other tabs, and a way to take turns with them. Node has processes, and a lock between them. */
function hasTabs(): boolean {
  return (
    !nodeModule("node:fs") &&
    typeof BroadcastChannel === "function" &&
    (navigator as { locks?: unknown }).locks !== undefined
  );
}

function withWasmUrl(options: Omit<EngineOptions, "wasmUrl">, wasmUrl?: string | URL): EngineOptions {
  return { ...options, ...(wasmUrl !== undefined && { wasmUrl: folderUrl(wasmUrl) }) };
}

/** Absolute, since the worker has another base, and with the slash that makes it a folder. */
function folderUrl(url: string | URL): string {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  const { href } = new URL(url, base);
  return href.endsWith("/") ? href : `${href}/`;
}
