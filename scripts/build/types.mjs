// Declarations of the package: ours, emitted by tsc, and chromadb's, shipped beside, so that the package's
// types need nothing installed. Where the application has a chromadb of its own, ours refer to that one:
// a class with private fields is assignable to no other declaration of itself. `imports` of package.json
// says so, and TypeScript takes the first of its types that is there. Projects that resolve modules in
// the oldest way, "node10", do not read `imports`: for them all is there again, in the folder `node10`.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of ours in an import, without its extension. */
const relativeImport = /"(\.{1,2}\/[^"]+)\.ts"/g;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @param {string} outDir  gets `chromadb.d.ts`, a declaration for each entry, and the folder `types` */
export function writeTypes(outDir) {
  const types = join(outDir, "types");
  rmSync(types, { recursive: true, force: true });
  for (const project of ["src", "service-worker"]) emit(project, types);
  const wanted = reachableFrom(join(types, "src", "index.d.ts"));
  reachableFrom(join(types, "src", "embed", "index.d.ts"), wanted);
  reachableFrom(join(types, "service-worker", "index.d.ts"), wanted);
  for (const file of declarationsIn(types)) {
    if (wanted.has(file)) writeFileSync(file, toShipped(readFileSync(file, "utf8")));
    else rmSync(file);
  }
  // Clients can be disposed of: not every project has the library that says what that is.
  const entry = '/// <reference lib="esnext.disposable" />\nexport * from "./types/src/index.js";\n';
  writeFileSync(join(outDir, "chromalite.d.ts"), entry);
  writeFileSync(join(outDir, "embed.d.ts"), 'export * from "./types/src/embed/index.js";\n');
  const serviceWorker = 'export * from "./types/service-worker/index.js";\n';
  writeFileSync(join(outDir, "service-worker.d.ts"), serviceWorker);
  const node10 = join(outDir, "node10");
  for (const file of declarationsIn(outDir)) {
    const copy = join(node10, relative(outDir, file));
    const chromadb = relative(dirname(copy), join(outDir, "chromadb.js"));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(
      copy,
      readFileSync(file, "utf8").replaceAll('"#chromadb"', `"${chromadb.split(sep).join("/")}"`),
    );
  }
  writeFileSync(join(outDir, "chromadb.d.ts"), chromadbTypes());
}

/** Relative imports name files that will be there, and chromadb is the application's or the copy beside. */
function toShipped(text) {
  return text
    .replace(relativeImport, (_whole, path) => `"${path}.js"`)
    .replaceAll('"chromadb"', '"#chromadb"');
}

/** The declarations that a user of `entry` sees: the rest tells of what is inside, in types of others. */
function reachableFrom(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const [, path] of readFileSync(entry, "utf8").matchAll(relativeImport)) {
    reachableFrom(join(dirname(entry), `${path}.d.ts`), seen);
  }
  return seen;
}

/** Declarations of what `project` includes, and of what that imports. */
function emit(project, outDir) {
  mkdirSync(outDir, { recursive: true });
  const options = [
    "--noEmit",
    "false",
    "--declaration",
    "--emitDeclarationOnly",
    "--rootDir",
    ".",
    "--outDir",
    outDir,
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", project, ...options],
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
