// The package in the two places where most will use it: a Vite application without configuration, and
// a page that needs no tools at all. Real Chromium, real engine, no other host.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "vite";
import { installPackage, type InstalledPackage } from "./installed-package.ts";
import { launchChromium, openPage, readOutcome } from "./page-run.ts";
import { serveFolder } from "./static-server.ts";

let installed: InstalledPackage;
let browser: Browser;
beforeAll(async () => {
  [installed, browser] = await Promise.all([installPackage(), launchChromium()]);
});
afterAll(() => Promise.all([installed.remove(), browser.close()]));

const fixture = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

test("a plain Vite application adds, queries, and has it all after a reload", async () => {
  const app = join(installed.folder, "vite-app");
  await cp(fixture("vite-app"), app, { recursive: true });
  await build({ root: app, configFile: false, logLevel: "error" });
  const server = await serveFolder(join(app, "dist"));
  try {
    const run = await openPage(browser, server.url);
    const outcome = {
      after: 3,
      near: [["bread", "apple"]],
      inedible: [{ id: "cloud", document: "Cloud nine", embedding: [0, 0, 1] }],
      matched: ["apple"],
    };
    expect(await readOutcome(run)).toEqual({ before: 0, ...outcome });
    await run.page.reload();
    expect(await readOutcome(run)).toEqual({ before: 3, ...outcome });
    expect(run.troubles).toEqual([]);
  } finally {
    await server.close();
  }
});

test("a page with a script of type module imports the built file as it is", async () => {
  const site = join(installed.folder, "script-page");
  await cp(fixture("script-page"), site, { recursive: true });
  await cp(join(installed.folder, "node_modules", "chromalite", "dist"), join(site, "dist"), {
    recursive: true,
  });
  const server = await serveFolder(site);
  try {
    const run = await openPage(browser, server.url);
    const outcome = { ids: [["b", "a"]], distances: [[1, 5]] };
    expect(await readOutcome(run)).toEqual({ visits: 1, ...outcome });
    await run.page.reload();
    expect(await readOutcome(run)).toEqual({ visits: 2, ...outcome });
    expect(run.troubles).toEqual([]);
  } finally {
    await server.close();
  }
});
