// The package in the two places where most will use it: a Vite application without configuration, and
// a page that needs no tools at all. Real Chromium, real engine, no other host.

import { readdirSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build, createServer } from "vite";
import { applicationKilobytesMax, gzippedKilobytes } from "../../scripts/build/sizes.mjs";
import { copyFixture } from "./copy-fixture.ts";
import { installPackage, type InstalledPackage } from "./installed-package.ts";
import { launchChromium, openPage, readOutcome, type PageRun } from "./page-run.ts";
import { serveFolder } from "./static-server.ts";

let installed: InstalledPackage;
let browser: Browser;
beforeAll(async () => {
  [installed, browser] = await Promise.all([installPackage(), launchChromium()]);
});
afterAll(() => Promise.all([installed.remove(), browser.close()]));

const appOutcome = {
  after: 3,
  copied: 3,
  near: [["bread", "apple"]],
  inedible: [{ id: "cloud", document: "Cloud nine", embedding: [0, 0, 1] }],
  matched: ["apple"],
};
const pageOutcome = { ids: [["b", "a"]], distances: [[1, 5]] };

/** Runs `check` on a page of `folder`, served as it is. */
async function withPage(folder: string, check: (run: PageRun) => Promise<void>): Promise<void> {
  const server = await serveFolder(folder);
  try {
    const run = await openPage(browser, server.url);
    await check(run);
    expect(run.troubles).toEqual([]);
  } finally {
    await server.close();
  }
}

const installedDist = (): string => join(installed.folder, "node_modules", "chromalite", "dist");

test("a plain Vite application adds, queries, and has it all after a reload", async () => {
  const app = await copyFixture(installed, "vite-app");
  await build({ root: app, configFile: false, logLevel: "error" });
  await withPage(join(app, "dist"), async (run) => {
    expect(await readOutcome(run)).toEqual({ before: 0, ...appOutcome });
    await run.page.reload();
    expect(await readOutcome(run)).toEqual({ before: 3, ...appOutcome });
  });
});

test("an application ships the entry without the clients that it does not use", async () => {
  const app = await copyFixture(installed, "vite-app", "shaken-app");
  const importing = (names: string) =>
    `import ${names} from "chromalite"; globalThis.chroma = ${names.replace("* as ", "")};`;
  const kilobytes = async (names: string): Promise<number> => {
    await writeFile(join(app, "main.js"), importing(names));
    // Vite's own script of 0.3 kB is not of the entry.
    const ours = { modulePreload: { polyfill: false } };
    await build({ root: app, configFile: false, logLevel: "error", build: ours });
    const assets = join(app, "dist", "assets");
    return gzippedKilobytes(
      assets,
      readdirSync(assets).filter((file) => /^index-.*\.js$/.test(file)),
    );
  };
  const whole = await kilobytes("* as all");
  const one = await kilobytes("{ PersistentClient }");
  expect(one).toBeLessThanOrEqual(applicationKilobytesMax);
  expect(whole - one).toBeGreaterThan(3);
});

test("the same application runs on Vite's development server", async () => {
  const root = await copyFixture(installed, "vite-app", "vite-dev-app");
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1" },
  });
  try {
    await server.listen();
    const run = await openPage(browser, mustHave(server.resolvedUrls?.local[0]));
    expect(await readOutcome(run)).toEqual({ before: 0, ...appOutcome });
    expect(run.troubles).toEqual([]);
  } finally {
    await server.close();
  }
});

test("a worker of an application has a client, as a bundler makes it: one script without chunks", async () => {
  const app = await copyFixture(installed, "worker-app");
  await build({ root: app, configFile: false, logLevel: "error" });
  await withPage(join(app, "dist"), async (run) => {
    expect(await readOutcome(run)).toEqual({ before: 0, ids: ["apple"], backend: "opfs" });
    await run.page.reload();
    expect(await readOutcome(run)).toEqual({ before: 1, ids: ["apple"], backend: "opfs" });
  });
});

test("a page with a script of type module imports the built file as it is", async () => {
  const site = await copyFixture(installed, "script-page");
  await cp(installedDist(), join(site, "dist"), { recursive: true });
  await withPage(site, async (run) => {
    expect(await readOutcome(run)).toEqual({ visits: 1, ...pageOutcome });
    await run.page.reload();
    expect(await readOutcome(run)).toEqual({ visits: 2, ...pageOutcome });
  });
});

test("worker and wasm may lie elsewhere, when the page says where", async () => {
  const site = await copyFixture(installed, "elsewhere-page");
  await cp(join(installedDist(), "chromalite.js"), join(site, "scripts", "chromalite.js"));
  await cp(join(installedDist(), "worker.js"), join(site, "workers", "engine.js"));
  await cp(installedDist(), join(site, "binaries"), { recursive: true });
  await withPage(site, async (run) => {
    expect(await readOutcome(run)).toEqual({ matched: ["apple"], isArchived: true });
  });
});

function mustHave<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("expected a value");
  return value;
}
