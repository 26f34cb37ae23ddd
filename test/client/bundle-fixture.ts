// Bundles a TypeScript fixture to one file, as the package's scripts are built: Node 20 cannot start
// a worker from TypeScript.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { scriptConfig } from "../../scripts/build/script-config.mjs";

export interface BundledFixture {
  /** Where the bundle is. */
  readonly url: URL;
  remove(): Promise<void>;
}

/** @param source  the fixture's entry */
export async function bundleFixture(source: URL): Promise<BundledFixture> {
  const folder = await mkdtemp(join(tmpdir(), "chromalite-fixture-"));
  await build(scriptConfig("worker.js", fileURLToPath(source), folder));
  return {
    url: pathToFileURL(join(folder, "worker.js")),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
