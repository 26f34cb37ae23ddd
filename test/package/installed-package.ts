// The package packed as for the registry and installed into a folder of its own: what a user has.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface InstalledPackage {
  /** A project whose one dependency is the package. */
  readonly folder: string;
  /** The packed file, as it would be published. */
  readonly tarball: string;
  remove(): Promise<void>;
}

/**
 * Packs what `npm run build` left in dist/. Needs no registry: the package depends on nothing.
 * @param name  what the project calls it
 */
export async function installPackage(name = "chromalite"): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), "chromalite-installed-"));
  const packed = await npm(root, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await npm(folder, ["install", "--offline", "--no-audit", "--no-fund", `${name}@file:./${filename}`]);
  return {
    folder,
    tarball: join(folder, filename),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function npm(cwd: string, parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", parameters, { cwd, encoding: "utf8" });
  return stdout;
}
