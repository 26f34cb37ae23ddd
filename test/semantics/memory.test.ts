import { EphemeralClient } from "../../src/index.ts";
import { inThreadWorker } from "./in-thread-worker.ts";
import { runSemantics } from "./semantics.ts";

runSemantics("memory", () => ({
  start: (scope) => new EphemeralClient({ ...scope, worker: inThreadWorker }),
  lasts: false,
}));
