// The package beside chromadb, and in its place: as an alias in Node, in TypeScript and in a bundler, and
// with the application's own chromadb, whose embedding functions are found.

import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "vite";
import { compileProgram } from "./compile-program.ts";
import { copyFixture } from "./copy-fixture.ts";
import { installPackage, root, type InstalledPackage } from "./installed-package.ts";
import { launchChromium, openPage, readOutcome } from "./page-run.ts";
import { serveFolder } from "./static-server.ts";

let installed: InstalledPackage;
let alias: InstalledPackage;
beforeAll(async () => {
  [installed, alias] = [await installPackage(), await installPackage("chromadb")];
});
afterAll(() => Promise.all([installed.remove(), alias.remove()]));

async function runNode(parameters: string[], cwd: string, env = {}): Promise<string> {
  const options = { cwd, encoding: "utf8", timeout: 30_000, env: { ...process.env, ...env } } as const;
  const outcome = await promisify(execFile)(process.execPath, parameters, options).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  return outcome.stdout + outcome.stderr;
}

const lengths = (from: string): string => `
  import { registerEmbeddingFunction } from "${from}";
  class Lengths {
    name = "test-lengths";
    static buildFromConfig() { return new Lengths(); }
    getConfig() { return {}; }
    async generate(texts) { return texts.map((text) => [text.length, 1]); }
  }
  registerEmbeddingFunction("test-lengths", Lengths);`;

const words = `
  const client = new EphemeralClient();
  const made = await client.createCollection({ name: "words", embeddingFunction: new Lengths() });
  await made.add({ ids: ["a", "b"], documents: ["tea", "lemonade"] });
  const found = await client.getCollection({ name: "words" });
  console.log(JSON.stringify((await found.query({ queryTexts: ["water"], nResults: 1 })).ids));`;

test("an installed chromadb's embedding functions are found by name in Node, without a word", async () => {
  // The real one, which is a second copy: the package has its own inside.
  const modules = join(installed.folder, "node_modules");
  for (const name of ["chromadb", "semver"])
    await symlink(join(root, "node_modules", name), join(modules, name));
  const script = `${lengths("chromadb")}
    import { knownEmbeddingFunctions } from "chromadb";
    import { EphemeralClient, knownEmbeddingFunctions as own } from "chromalite";
    if (own === knownEmbeddingFunctions) throw new Error("expected two copies");${words}`;
  await writeFile(join(installed.folder, "beside.mjs"), script);
  expect((await runNode(["beside.mjs"], installed.folder)).trim()).toBe('[["a"]]');
});

test("installed under the name chromadb, it is chromadb: in Node", async () => {
  const script = `${lengths("chromadb")}
    import { EphemeralClient } from "chromadb";${words}`;
  await writeFile(join(alias.folder, "alias.mjs"), script);
  expect((await runNode(["alias.mjs"], alias.folder)).trim()).toBe('[["a"]]');
});

test("installed under the name chromadb, it is chromadb: in TypeScript", async () => {
  const program = `
    import { ChromaClient, type Collection, PersistentClient, Schema, type Where } from "chromadb";
    const client: ChromaClient = new PersistentClient({ path: "a" });
    const notes: Collection = await new PersistentClient().createCollection({ name: "n", schema: new Schema() });
    const where: Where = { year: { $gt: 2000 } };
    await notes.query({ queryEmbeddings: [1, 2], where });
    // @ts-expect-error  a count is a number
    const wrong: string = await notes.count();
    export { client, wrong };`;
  const options = ["--noEmit", "--module", "nodenext", "--lib", "es2023,dom"];
  expect(await compileProgram(alias.folder, program, options)).toBe("");
});

test("a bundler that is told so makes it chromadb in a page", async () => {
  const app = await copyFixture(installed, "alias-app");
  await build({
    root: app,
    configFile: false,
    logLevel: "error",
    resolve: { alias: { chromadb: "chromalite" } },
  });
  const [server, browser] = await Promise.all([serveFolder(join(app, "dist")), launchChromium()]);
  const run = await openPage(browser, server.url);
  expect(await readOutcome(run)).toEqual({ ids: [["a"]], isClient: true, isNotFound: true });
  expect(run.troubles).toEqual([]);
  await Promise.all([browser.close(), server.close()]);
});

test("a `.env` file in the working directory chooses and configures the client", async () => {
  await writeFile(
    join(installed.folder, ".env"),
    "IS_PERSISTENT=TRUE\nPERSIST_DIRECTORY=kept\nALLOW_RESET=1\n",
  );
  const script = `
    import { Client, PersistentClient } from "chromalite";
    const client = Client();
    await client.createCollection({ name: "notes", embeddingFunction: null });
    const there = await new PersistentClient("kept").listCollections();
    await client.reset();
    console.log(client instanceof PersistentClient, there.length, await client.countCollections());`;
  await writeFile(join(installed.folder, "env.mjs"), script);
  expect((await runNode(["env.mjs"], installed.folder)).trim()).toBe("true 1 0");
});
