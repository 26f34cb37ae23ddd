// The real engine behind a MessageChannel: a client's `worker` where TypeScript cannot be a worker's
// script. Everything but the worker's own thread is what worker/main.ts puts together.

import { PathEngine } from "../../worker/engine/engine.ts";
import { loadArchives } from "../../worker/load-archives.ts";
import { loadRecords } from "../../worker/load-records.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { serve } from "../../worker/serve.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";

/** To be given to a client as its `worker`. */
export function inThreadWorker(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serve(newEngine(), port2);
  return port1;
}

/** The engine as a worker has it, not yet open. */
export function newEngine(): PathEngine {
  return new PathEngine({
    openStorage: (path, { backend = "node" }) =>
      openStorage(
        path === null
          ? { backend: "memory", path: "", files: pathFiles }
          : { backend, path, files: pathFiles },
      ),
    records: () => loadRecords(),
    archives: () => loadArchives(),
  });
}
