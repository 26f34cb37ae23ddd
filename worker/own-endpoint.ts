// The wire to whoever started this worker: the global scope in a browser, parentPort in Node.

import type { Endpoint } from "comlink";
import nodeEndpoint, { type NodeEndpoint } from "comlink/dist/esm/node-adapter";

interface NodeProcess {
  getBuiltinModule?(name: "node:worker_threads"): { readonly parentPort: NodeEndpoint | null };
}

/** @throws {Error}  outside a worker */
export function ownEndpoint(): Endpoint {
  const scope: unknown = globalThis;
  const { process, postMessage } = scope as { process?: NodeProcess; postMessage?: unknown };
  const parentPort = process?.getBuiltinModule?.("node:worker_threads").parentPort;
  if (parentPort) return nodeEndpoint(parentPort);
  if (postMessage === undefined) throw new Error("not inside a worker");
  return scope as Endpoint;
}
