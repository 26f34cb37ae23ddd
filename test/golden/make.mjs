// `node test/golden/make.mjs version-N`: makes the golden database of a format that has none yet, with the
// engine of this commit. One that is there is never written again: what it proves is that old files open.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const [name = ""] = process.argv.slice(2);
const folder = join(here, name);
if (!/^version-\d+$/.test(name) || existsSync(folder)) {
  console.error(`"${name}": expected version-N, of which there is no folder yet`);
  process.exit(1);
}

const root = join(here, "../..");
// One folder deep, as the engine's sources are, which name the wasm files from where they lie.
const outDir = join(root, ".cache");
await build({
  root,
  configFile: false,
  logLevel: "warn",
  build: { ssr: join(here, "make.ts"), outDir, emptyOutDir: true, minify: false },
});
const { makeGolden } = await import(pathToFileURL(join(outDir, "make.js")).href);
await makeGolden(folder);
rmSync(outDir, { recursive: true });

const sums = Object.fromEntries(
  readdirSync(folder).map((file) => [
    file,
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex"),
  ]),
);
writeFileSync(join(folder, "sha256.json"), `${JSON.stringify(sums, null, 2)}\n`);
console.log(sums);
