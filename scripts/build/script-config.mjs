// The scripts of the package: what each is built from and how. Each is one file without chunks, since
// applications bundle workers in a format that cannot split.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { besidePlugin } from "./beside.mjs";
import { chromadbPlugin } from "./chromadb.mjs";

/** Entries by the name of the file they become. */
export const entryByScript = {
  "chromalite.js": fromRoot("src/index.ts"),
  "embed.js": fromRoot("src/embed/index.ts"),
  "worker.js": fromRoot("worker/main.ts"),
  "broker.js": fromRoot("worker/broker.ts"),
  "records.js": fromRoot("worker/records.ts"),
  "archives.js": fromRoot("worker/archives.ts"),
  "node-files.js": fromRoot("worker/storage/node-files.ts"),
  "sql.js": fromRoot("scripts/build/sql-entry.mjs"),
  "re2.js": fromRoot("scripts/build/re2-entry.mjs"),
  "service-worker.js": fromRoot("service-worker/index.ts"),
  "service-worker.classic.js": fromRoot("service-worker/index.ts"),
};

/** A classic Service Worker imports a script, not a module: what it exports is this global. */
const globalByScript = { "service-worker.classic.js": "chromaliteServiceWorker" };

/**
 * The build of one script.
 *
 * @param {string} name    the file it becomes
 * @param {string} entry   what it is built from
 * @param {string} [outDir]
 * @returns {import("vite").InlineConfig}
 */
export function scriptConfig(name, entry, outDir = fromRoot("dist")) {
  const globalName = globalByScript[name];
  return {
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    plugins: [
      chromadbPlugin(),
      besidePlugin(globalName === undefined ? "import.meta.url" : "self.location.href"),
    ],
    ...(name.startsWith("service-worker") && {
      define: { __chromaliteFiles: JSON.stringify(digestOfWasm(outDir)) },
    }),
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      minify: "oxc",
      reportCompressedSize: false,
      lib: {
        entry,
        fileName: () => name,
        ...(globalName === undefined ? { formats: ["es"] } : { formats: ["iife"], name: globalName }),
      },
      rolldownOptions: {
        // The entries share one registry of embedding functions: that of the client beside.
        ...(name === "embed.js" && { external: ["chromadb"] }),
        output: { codeSplitting: false, minify: true, paths: { chromadb: "./chromalite.js" } },
      },
    },
  };
}

/** Names the bytes of the wasm files in `folder`, which are copied there before the scripts are built. */
function digestOfWasm(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(".wasm"));
  const digest = createHash("sha256");
  for (const file of files.sort()) digest.update(file).update(readFileSync(join(folder, file)));
  return digest.digest("hex").slice(0, 12);
}

function fromRoot(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
