// The engine that is served: in a worker thread, on one path, started anew where it died.

import { Failure, type FailureCode } from "../src/protocol/failure.ts";
import type { OperationError, Transport } from "../src/protocol/operation.ts";
import { startEngineWorker } from "../src/transport/engine-worker.ts";
import { LazyTransport } from "../src/transport/lazy-transport.ts";
import type { Lease } from "../src/transport/transport-pool.ts";
import { WorkerTransport } from "../src/transport/worker-transport.ts";

export interface ServedPath {
  /** Absolute, without links. */
  readonly path: string;
  readonly allowReset: boolean;
}

/**
 * Opens the path.
 * @throws {Failure}  "path-locked", "corrupt", "storage-unavailable"… and those of starting a worker
 */
export async function openEngine(served: ServedPath): Promise<Transport> {
  const transport = new LazyTransport({ acquire: () => acquire(served), restarts: true });
  // The first call opens it: better now than when the first request is there.
  await transport.call({ method: "get", route: "/api/v2/heartbeat" });
  return transport;
}

async function acquire({ path, allowReset }: ServedPath): Promise<Lease> {
  const engine = { allowReset, backend: "node" } as const;
  const { transport, opened } = await WorkerTransport.start(startEngineWorker(), { path, engine });
  if (!opened.ok) throw failureOf(opened.error);
  return { transport, release: () => transport.close() };
}

function failureOf({ code, message, details }: OperationError): Error {
  return code === undefined ? new Error(message) : new Failure(code as FailureCode, message, details);
}
