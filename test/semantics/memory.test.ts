import { EphemeralClient } from "../../src/index.ts";
import { inThreadWorker } from "./in-thread-worker.ts";
import { runSemantics } from "./semantics.ts";

runSemantics("memory", () => ({
  start: (options) => new EphemeralClient({ ...options, worker: inThreadWorker }),
  lasts: false,
}));
