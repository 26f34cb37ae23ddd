// The same facts in a page, with the worker, sql.js and wasm as a page loads them.

import { describe } from "vitest";
import { PersistentClient } from "../../src/index.ts";
import type { Ground } from "./place.ts";
import { runSemantics } from "./semantics.ts";

/** The worker as it is shipped: one file, where the source is sixty requests at each start. */
const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

let places = 0;

for (const backend of ["opfs", "indexeddb"] as const) {
  const openGround = (): Ground => {
    const path = `semantics/${backend}-${(places += 1)}`;
    return { start: (scope) => new PersistentClient({ ...scope, path, backend, workerUrl }), lasts: true };
  };
  describe(backend, () => runSemantics(backend, openGround));
}
