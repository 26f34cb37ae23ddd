// A folder of this one as a site or an application of its own, beside the installed package.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InstalledPackage } from "./installed-package.ts";

const fromHere = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Copies the folder `name`. One that has no page of its own gets the page that runs its main.js.
 * @returns  where the copy is
 */
export async function copyFixture(installed: InstalledPackage, name: string, as = name): Promise<string> {
  const folder = join(installed.folder, as);
  await cp(fromHere("main-page.html"), join(folder, "index.html"));
  await cp(fromHere(name), folder, { recursive: true });
  return folder;
}
