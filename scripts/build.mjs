// `npm run build`: everything that is published, into dist/. Prints each file's size as a page loads
// it, and fails where a budget is exceeded.

import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { commandConfig, commandFile } from "./build/command-config.mjs";
import { entryByScript, scriptConfig } from "./build/script-config.mjs";
import { budgets, gzippedKilobytes } from "./build/sizes.mjs";
import { writeTypes } from "./build/types.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Files that are shipped as they are, by the folder they come from. */
const copied = [
  ["src/embed", "english.bin"],
  ["wasm/build", "hnsw.wasm"],
  ["wasm/build", "hnsw-relaxed.wasm"],
  ["node_modules/sql.js/dist", "sql-wasm.wasm"],
  ["tools/openapi", "chroma-openapi.json"],
];

/**
 * Builds the package. What was in `outDir` is replaced at the end, and only by a whole build.
 *
 * @param {string} outDir
 * @throws {Error}  a file to copy is missing, or a script does not build
 */
export async function buildPackage(outDir) {
  const staging = join(outDir, "..", ".cache", "dist");
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  for (const [folder, file] of copied) {
    const source = join(root, folder, file);
    if (!existsSync(source)) throw new Error(`${folder}/${file} is missing: npm run setup makes it`);
    copyFileSync(source, join(staging, file));
  }
  for (const [name, entry] of Object.entries(entryByScript)) await build(scriptConfig(name, entry, staging));
  await build(commandConfig(staging));
  writeTypes(staging);
  rmSync(outDir, { recursive: true, force: true });
  renameSync(staging, outDir);
}

/** One line a file and one a budget; false where a budget is exceeded. */
function reportSizes(outDir) {
  for (const file of [...Object.keys(entryByScript), commandFile, ...copied.map(([, name]) => name)]) {
    console.log(`${gzippedKilobytes(outDir, [file]).toFixed(1).padStart(7)} kB  ${file}`);
  }
  const sums = budgets.map((budget) => ({ ...budget, kilobytes: gzippedKilobytes(outDir, budget.files) }));
  for (const { name, kilobytes, kilobytesMax } of sums) {
    console.log(`${kilobytes.toFixed(1).padStart(7)} kB  ${name}, of at most ${kilobytesMax} kB`);
  }
  return sums.every(({ kilobytes, kilobytesMax }) => kilobytes <= kilobytesMax);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const outDir = join(root, "dist");
  await buildPackage(outDir);
  if (!reportSizes(outDir)) process.exitCode = 1;
}
