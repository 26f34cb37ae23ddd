// The worker: an engine put together from its parts, and offered to whoever started it.

import { PathEngine } from "./engine/engine.ts";
import { loadArchives } from "./load-archives.ts";
import { loadRecords } from "./load-records.ts";
import { ownEndpoint } from "./own-endpoint.ts";
import { pathFiles } from "./path/open-path.ts";
import { serve } from "./serve.ts";
import { openStorage } from "./storage/open-storage.ts";
import { rouseOpfs } from "./storage/opfs.ts";

const engine = new PathEngine({
  openStorage: (path, { backend, wasmUrl }, wait) =>
    path === null
      ? openStorage({ backend: "memory", path: "", files: pathFiles })
      : openStorage({
          path,
          files: pathFiles,
          folder: wasmUrl,
          wait,
          ...(backend === undefined ? {} : { backend }),
        }),
  rouse: (path, { backend = "opfs" }) =>
    backend === "opfs" ? rouseOpfs(path, pathFiles[0]) : Promise.resolve(),
  records: ({ wasmUrl }) => loadRecords(wasmUrl),
  archives: ({ wasmUrl }) => loadArchives(wasmUrl),
});

serve(engine, ownEndpoint());
