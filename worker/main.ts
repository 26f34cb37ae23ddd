// The worker: an engine put together from its parts, and offered to whoever started it.

import { PathEngine } from "./engine/engine.ts";
import { loadHnsw } from "./load-hnsw.ts";
import { loadRegex } from "./load-regex.ts";
import { loadSql } from "./load-sql.ts";
import { ownEndpoint } from "./own-endpoint.ts";
import { pathFiles } from "./path/open-path.ts";
import { serve } from "./serve.ts";
import { openStorage } from "./storage/open-storage.ts";

const engine = new PathEngine({
  openStorage: (path, { backend }) =>
    path === null
      ? openStorage({ backend: "memory", path: "", files: pathFiles })
      : openStorage({ path, files: pathFiles, ...(backend === undefined ? {} : { backend }) }),
  libraries: ({ wasmUrl }) => ({
    sql: () => loadSql(wasmUrl),
    hnsw: () => loadHnsw(wasmUrl),
    regex: () => loadRegex(wasmUrl),
  }),
});

serve(engine, ownEndpoint());
