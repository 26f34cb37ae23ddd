// The scripts of the package: what each is built from and how. Each is one file without chunks, since
// applications bundle workers in a format that cannot split.

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
  "sql.js": fromRoot("scripts/build/sql-entry.mjs"),
  "re2.js": fromRoot("scripts/build/re2-entry.mjs"),
};

/**
 * The build of one script.
 *
 * @param {string} name    the file it becomes
 * @param {string} entry   what it is built from
 * @param {string} [outDir]
 * @returns {import("vite").InlineConfig}
 */
export function scriptConfig(name, entry, outDir = fromRoot("dist")) {
  return {
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    plugins: [chromadbPlugin(), besidePlugin()],
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      minify: "oxc",
      reportCompressedSize: false,
      lib: { entry, formats: ["es"], fileName: () => name },
      rolldownOptions: {
        // The entries share one registry of embedding functions: that of the client beside.
        ...(name === "embed.js" && { external: ["chromadb"] }),
        output: { codeSplitting: false, minify: true, paths: { chromadb: "./chromalite.js" } },
      },
    },
  };
}

function fromRoot(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
