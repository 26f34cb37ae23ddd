// A folder with the package as built, a page, and a script for Node: everything a program that gets
// killed consists of. The package is copied, so that a build beside the tests does not disturb them.

import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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

/** The scripts of this folder: the page's is the one that it loads. */
const killScripts = ["page-script", "node-script"].map((name) => new URL(`${name}.ts`, import.meta.url));

/**
 * @param scripts  one of them called page-script.ts
 * @throws {Error}  there is no build
 */
export async function makeSite(scripts: readonly URL[] = killScripts): Promise<Site> {
  if (!existsSync(dist)) throw new Error("dist/ is missing: npm run build makes it");
  const folder = await mkdtemp(join(tmpdir(), "chromalite-kill-"));
  await cp(dist, join(folder, "dist"), { recursive: true });
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const script of scripts) await bundle(fileURLToPath(script), folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A script as one file, but for the package, which it finds in dist/ beside it. */
async function bundle(entry: string, outDir: string): Promise<void> {
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
        entry,
        formats: ["es"],
        fileName: () => `${basename(entry, ".ts")}.js`,
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
