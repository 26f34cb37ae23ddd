// The installed package in Node: files on disk, a worker thread, and an end without close().

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackage, type InstalledPackage } from "./installed-package.ts";

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

const script = `
import { EphemeralClient, PersistentClient } from "chromalite";
const kept = new PersistentClient({ path: "./notes" });
const visits = await kept.getOrCreateCollection({ name: "visits", embeddingFunction: null });
await visits.add({ ids: [crypto.randomUUID()], embeddings: [[1, 2]], documents: ["seen"] });
const scratch = await new EphemeralClient().createCollection({ name: "scratch", embeddingFunction: null });
await scratch.add({ ids: ["a"], embeddings: [[1, 0]] });
const archive = await new Response(kept.export()).blob();
const copy = await PersistentClient.import(archive, { path: "./copy-" + (await visits.count()) });
console.log(JSON.stringify({
  visits: await visits.count(),
  scratch: await scratch.count(),
  copied: await (await copy.getCollection({ name: "visits", embeddingFunction: null })).count(),
}));
`;

test("a script stores on disk, ends by itself, and finds it all the next time", async () => {
  await writeFile(join(installed.folder, "script.js"), script);
  const run = async (): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, ["script.js"], {
      cwd: installed.folder,
      timeout: 30_000,
    });
    return JSON.parse(stdout) as unknown;
  };
  expect(await run()).toEqual({ visits: 1, scratch: 1, copied: 1 });
  expect(await run()).toEqual({ visits: 2, scratch: 1, copied: 2 });
});
