// Long writes with the engine in a page's worker, over its files.

import { PersistentClient } from "../../src/index.ts";
import { runLongWrites } from "./long-write.ts";

const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

runLongWrites(() => new PersistentClient({ path: "long-write", workerUrl }));
