// A folder with the package as built, a page, and a script for Node: everything a program that gets
// killed consists of. The package is copied, so that a build beside the tests does not disturb them.

import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const entry = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="data:," />
    <title>Kill</title>
  </head>
  <body>
    <script type="module" src="./page-script.js"></script>
  </body>
</html>
`;

export interface Site {
  readonly folder: string;
  remove(): Promise<void>;
}

/** @throws {Error}  there is no build */
export async function makeSite(): Promise<Site> {
  if (!existsSync(dist)) throw new Error("dist/ is missing: npm run build makes it");
  const folder = await mkdtemp(join(tmpdir(), "chromalite-kill-"));
  await cp(dist, join(folder, "dist"), { recursive: true });
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const name of ["page-script", "node-script"]) await bundle(name, folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A script of this folder as one file, but for the package, which it finds in dist/ beside it. */
async function bundle(name: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    plugins: [packageFromDist],
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      minify: false,
      reportCompressedSize: false,
      lib: {
        entry: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
        formats: ["es"],
        fileName: () => `${name}.js`,
      },
    },
  });
}

/** Types come from the sources, the code from the build. */
const packageFromDist: Plugin = {
  name: "package-from-dist",
  enforce: "pre",
  async resolveId(source, importer) {
    const resolved = await this.resolve(source, importer, { skipSelf: true });
    return resolved?.id === entry ? { id: "./dist/chromalite.js", external: true } : null;
  },
};
