// The wire to whoever started this worker: the global scope in a browser, parentPort in Node.

import type { Endpoint } from "comlink";
import nodeEndpoint, { type NodeEndpoint } from "comlink/dist/esm/node-adapter";

interface NodeProcess {
  getBuiltinModule?(name: "node:worker_threads"): { readonly parentPort: NodeEndpoint | null };
}

/** @throws {Error}  outside a worker */
export function ownEndpoint(): Endpoint {
  const { process } = globalThis as { process?: NodeProcess };
  const parentPort = process?.getBuiltinModule?.("node:worker_threads").parentPort;
  if (parentPort) return nodeEndpoint(parentPort);
  if (typeof self === "undefined" || !("postMessage" in self)) throw new Error("not inside a worker");
  // Pages' types call the same global a window.
  return self;
}
