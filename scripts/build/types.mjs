// Declarations of the package: ours, emitted by tsc, and chromadb's, shipped beside and referenced, so
// that the package's types need nothing installed.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @param {string} outDir  gets `chromalite.d.ts`, `chromadb.d.ts` and the folder `types` */
export function writeTypes(outDir) {
  const types = join(outDir, "types");
  rmSync(types, { recursive: true, force: true });
  emit(types);
  for (const file of declarationsIn(types)) {
    const toOut = relative(dirname(file), outDir).split(sep).join("/");
    const text = readFileSync(file, "utf8")
      .replace(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, "$1$2.js$1")
      .replace(/(["'])chromadb\1/g, `$1${toOut}/chromadb.js$1`);
    writeFileSync(file, text);
  }
  writeFileSync(join(outDir, "chromalite.d.ts"), 'export * from "./types/index.js";\n');
  writeFileSync(join(outDir, "chromadb.d.ts"), chromadbTypes());
}

function emit(outDir) {
  mkdirSync(outDir, { recursive: true });
  const options = [
    "--noEmit",
    "false",
    "--declaration",
    "--emitDeclarationOnly",
    "--rootDir",
    "src",
    "--outDir",
    outDir,
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "src", ...options],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`tsc ended with ${status}\n${stdout}${stderr}`);
}

/** The official declarations; their one import is of the HTTP client whose type is of no use to anyone. */
function chromadbTypes() {
  const text = readFileSync(join(root, "node_modules", "chromadb", "dist", "chromadb.d.ts"), "utf8");
  const httpClient = "import { createClient } from '@hey-api/client-fetch';";
  if (!text.startsWith(httpClient))
    throw new Error("chromadb's declarations begin differently: look at them anew");
  return text.replace(httpClient, "declare function createClient(): unknown;");
}

function declarationsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith(".d.ts"));
}
