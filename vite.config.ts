// How the package is built: one entry, one worker, and the two scripts that the worker loads when it
// needs them. Each is one file without chunks: applications bundle workers in a format that cannot split.

import { fileURLToPath } from "node:url";
import { defineConfig, type InlineConfig } from "vite";
import { besidePlugin } from "./scripts/build/beside.mjs";
import { environmentPlugin } from "./scripts/build/environment.mjs";

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Files of the package that are scripts, and what each is built from. */
export const scripts = {
  "chromalite.js": fromRoot("src/index.ts"),
  "worker.js": fromRoot("worker/main.ts"),
  "sql.js": fromRoot("scripts/build/sql-entry.mjs"),
  "re2.js": fromRoot("scripts/build/re2-entry.mjs"),
} as const;

export type ScriptName = keyof typeof scripts;

/** The build of one of the package's scripts. */
export function scriptConfig(
  name: ScriptName,
  outDir = fromRoot("dist"),
  entry: string = scripts[name],
): InlineConfig {
  return {
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    plugins: [environmentPlugin(), besidePlugin()],
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      minify: "oxc",
      reportCompressedSize: false,
      lib: { entry, formats: ["es"], fileName: () => name },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  };
}

export default defineConfig(scriptConfig("chromalite.js"));
