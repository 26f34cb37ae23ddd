// Writes into the built Service Worker which files it keeps: every file of the build, named by a digest
// of all their bytes, so that a new build is a new Service Worker with a cache of its own.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Plugin, ResolvedConfig } from "vite";

const script = "service-worker.js";

/** What `service-worker.ts` has in the place of the list. */
const placeholder = "__PRECACHE__";

export function precachePlugin(): Plugin {
  let config: ResolvedConfig;
  return {
    name: "demo:precache",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    // Not earlier: the files of public/ are no part of the bundle.
    writeBundle() {
      const folder = resolve(config.root, config.build.outDir);
      const files = filesBelow(folder).filter((file) => file !== script);
      const digest = createHash("sha256");
      for (const file of files) digest.update(file).update(readFileSync(join(folder, file)));
      const precache = { version: digest.digest("hex").slice(0, 12), files };
      const code = readFileSync(join(folder, script), "utf8");
      if (!code.includes(placeholder)) throw new Error(`${script} has no ${placeholder}`);
      writeFileSync(join(folder, script), code.replace(placeholder, JSON.stringify(precache)));
    },
  };
}

/** Paths relative to `folder`, with slashes, sorted. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => relative(folder, join(folder, file)).split(sep).join("/"))
    .sort();
}
