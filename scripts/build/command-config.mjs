// The build of the command `chromalite`: one file for Node, with everything in it but Node itself.

import { fileURLToPath } from "node:url";
import { besidePlugin } from "./beside.mjs";

/** The file of the package that `bin` names. */
export const commandFile = "cli.js";

/**
 * @param {string} outDir
 * @returns {import("vite").InlineConfig}
 */
export function commandConfig(outDir) {
  return {
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    plugins: [besidePlugin("import.meta.url")],
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL("../../server/main.ts", import.meta.url)),
      outDir,
      emptyOutDir: false,
      target: "node20",
      minify: "oxc",
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: commandFile, codeSplitting: false } },
    },
  };
}
