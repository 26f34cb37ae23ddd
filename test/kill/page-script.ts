// Run in the page: starts the program for the test that drives it.

import { PersistentClient, type PersistentClientOptions } from "../../src/index.ts";
import { Program } from "./program.ts";

/** What the test finds in the page's global scope. */
export interface KillPage {
  readonly PersistentClient: typeof PersistentClient;
  start(options: PersistentClientOptions): void;
  /** A worker of ours for the option `worker`: one that `terminateWorker` can end. */
  startWorker(): Worker;
  terminateWorker(): void;
  /** Set by `start`. */
  program: Program;
}

let worker: Worker | undefined;

const killPage: Omit<KillPage, "program"> = {
  PersistentClient,
  start: (options) => Object.assign(killPage, { program: new Program(new PersistentClient(options)) }),
  startWorker: () => (worker = new Worker("./dist/worker.js", { type: "module" })),
  terminateWorker: () => worker?.terminate(),
};
Object.assign(globalThis, { killPage });
