// Browser worker, Node worker and MessagePort under one shape: a wire, a death to watch, an end.
// Knows Comlink's endpoints only; what is said over the wire is worker-transport.ts.

import type { Endpoint } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import { Failure } from "../protocol/failure.ts";
import { nodeModule, type NodeWorker } from "./node.ts";

/** Whatever hosts an engine. */
export interface EngineWorker {
  readonly endpoint: Endpoint;
  /** Calls `listener` once something shows that the worker can answer no more. */
  onDeath(listener: (failure: Failure) => void): void;
  /** Keeps the process alive (true) or lets it end (false); nothing in a page. */
  keepAlive(alive: boolean): void;
  /** Ends it, if it was started here. */
  terminate(): void;
}

/** One end of a wire to another tab's worker; ending it closes the wire. */
export function adoptWire(wire: MessagePort | BroadcastChannel): EngineWorker {
  return adopt(wire, true);
}

/**
 * The broker's script, from our own file or beside a copy of worker.js.
 * @throws  where there are no SharedWorkers, or the file is of another origin
 */
export function startBroker(workerUrl?: string | URL): SharedWorker {
  return workerUrl
    ? new SharedWorker(new URL("broker.js", new URL(workerUrl, location.href)), { type: "module" })
    : new SharedWorker(new URL("../../worker/broker.ts", import.meta.url), { type: "module" });
}

/**
 * Starts a worker from our own file, or adopts the application's.
 *
 * @param worker     the application's worker; one it made itself is not terminated by us
 * @param workerUrl  a copy of worker.js elsewhere
 * @throws {Failure}  "worker-start": the platform refuses to make one
 */
export function startEngineWorker(
  worker?: Worker | MessagePort | (() => Worker | MessagePort),
  workerUrl?: string | URL,
): EngineWorker {
  try {
    if (worker === undefined) return startOwnWorker(workerUrl);
    return typeof worker === "function" ? adopt(worker(), true) : adopt(worker, false);
  } catch (cause) {
    throw new Failure("worker-start", "The worker could not be started", {}, { cause });
  }
}

function startOwnWorker(workerUrl?: string | URL): EngineWorker {
  if (typeof Worker === "function") {
    // Bundlers find the file by this very expression.
    const worker = workerUrl
      ? new Worker(workerUrl, { type: "module" })
      : new Worker(new URL("../../worker/main.ts", import.meta.url), { type: "module" });
    return adopt(worker, true);
  }
  const threads = nodeModule("node:worker_threads");
  if (!threads) throw new Error("this platform has no workers");
  // Marked, or a bundler for the page would ship the file a second time, as an asset.
  const url = workerUrl ?? new URL(/* @vite-ignore */ "../../worker/main.ts", import.meta.url);
  // Flags of the program are not for the worker: some, like --input-type, would keep it from starting.
  return adoptNodeWorker(new threads.Worker(new URL(url), { name: "chromalite", execArgv: [] }), true);
}

function adopt(worker: Worker | MessagePort | BroadcastChannel, owned: boolean): EngineWorker {
  if (isNodeWorker(worker)) return adoptNodeWorker(worker, owned);
  return {
    endpoint: worker,
    onDeath(listener) {
      worker.addEventListener("error", (event) => {
        const { message, error } = event as Partial<ErrorEvent>;
        listener(died(message || "its script could not be loaded", error));
      });
      worker.addEventListener("messageerror", () => listener(died("a message could not be read")));
      // A port whose other end is gone says so in Node and in Chromium 122 and newer.
      worker.addEventListener("close", () => listener(died("its port was closed")));
    },
    keepAlive() {},
    terminate() {
      if (!owned) return;
      if ("terminate" in worker) return worker.terminate();
      worker.close();
      // Comlink takes its leave once its proxy is garbage: a closed channel, unlike a port, would throw at nobody.
      worker.postMessage = () => undefined;
    },
  };
}

function adoptNodeWorker(worker: NodeWorker, owned: boolean): EngineWorker {
  worker.unref();
  return {
    endpoint: nodeEndpoint(worker),
    onDeath(listener) {
      worker.on("error", (error) => listener(died(String(error), error)));
      worker.on("messageerror", (error) => listener(died("a message could not be read", error)));
      worker.on("exit", (code) => listener(died(`it exited with code ${String(code)}`)));
    },
    keepAlive(alive) {
      if (alive) worker.ref();
      else worker.unref();
    },
    terminate() {
      if (owned) void worker.terminate();
    },
  };
}

/** A worker thread of Node is no EventTarget; a MessagePort there is. */
function isNodeWorker(worker: object): worker is NodeWorker {
  return "unref" in worker && "terminate" in worker && !("addEventListener" in worker);
}

function died(reason: string, cause?: unknown): Failure {
  return new Failure("worker-died", `The worker died: ${reason}`, {}, { cause });
}
