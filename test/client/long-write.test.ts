// Long writes with the engine in a thread of Node.

import { EphemeralClient } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { runLongWrites } from "./long-write.ts";

runLongWrites(() => new EphemeralClient({ worker: inThreadWorker }));
