// In a page, on OPFS, with the worker as it is shipped.

import { PersistentClient } from "../../src/index.ts";
import { runLimits } from "./limits.ts";

const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

runLimits("OPFS", () => new PersistentClient({ path: "limits", backend: "opfs", workerUrl }));
