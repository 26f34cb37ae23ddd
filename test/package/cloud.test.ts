// The cloud client in a page: another origin, a key, and the official errors, without a plugin or a shim.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServedEngine } from "../cloud/served-engine.ts";
import { startCloud } from "../cloud/stand-in.ts";
import { copyFixture } from "./copy-fixture.ts";
import { installPackage, type InstalledPackage } from "./installed-package.ts";
import { launchChromium, openPage, readOutcome } from "./page-run.ts";
import { serveFolder } from "./static-server.ts";

let installed: InstalledPackage;
let cloud: ServedEngine;
beforeAll(async () => {
  [installed, cloud] = await Promise.all([installPackage(), startCloud()]);
});
afterAll(() => Promise.all([installed.remove(), cloud.close()]));

test("a page writes, queries and administers over a key, and hears why others are refused", async () => {
  const site = await copyFixture(installed, "cloud-page");
  await cp(join(installed.folder, "node_modules", "chromalite", "dist"), join(site, "dist"), {
    recursive: true,
  });
  const [server, browser] = await Promise.all([serveFolder(site), launchChromium()]);
  const run = await openPage(browser, `${server.url}?cloud=${encodeURIComponent(cloud.url)}`, cloud.url);
  expect(await readOutcome(run)).toEqual({
    ids: [["b"]],
    scope: ["default_tenant", "default_database"],
    databases: ["default_database", "letters"],
    overHttp: 1,
    several: {
      name: "ChromaValueError",
      message:
        "Your API key is scoped to more than 1 DB. Please provide a DB name to the CloudClient constructor",
    },
    unknown: { name: "ChromaAuthError", message: "Unauthorized" },
    revoked: {
      name: "ChromaForbiddenError",
      message: "You do not have permission to access the requested resource.",
    },
    none: {
      name: "ChromaValueError",
      message:
        "Missing API key. Please provide it to the CloudClient constructor or set your CHROMA_API_KEY environment variable",
    },
  });
  // The browser's own lines about answers of 401 and 403, and nothing else.
  expect(run.troubles.filter((trouble) => !/status of 40[13]/.test(trouble))).toEqual([]);
  await Promise.all([browser.close(), server.close()]);
});
