// The same facts in a page, with the worker, sql.js and wasm as a page loads them.

import { PersistentClient } from "../../src/index.ts";
import type { Ground } from "./place.ts";
import { runSemantics, runSharing } from "./semantics.ts";

/** The worker as it is shipped: one file, where the source is sixty requests at each start. */
const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

let places = 0;

for (const backend of ["opfs", "indexeddb"] as const) {
  const openGround = (): Ground => {
    const path = `semantics/${backend}-${(places += 1)}`;
    return {
      start: (options) => new PersistentClient({ ...options, path, backend, workerUrl }),
      lasts: true,
    };
  };
  runSemantics(backend, openGround, { isConcurrent: true });
  runSharing(backend, openGround, { isConcurrent: true });
}
