// LangChain's vector store over a client of ours, in Node: an application with both installed compiles
// and runs. LangChain is installed on demand, in a folder of its own, from the npm registry.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, type TestContext } from "vitest";
import { compileProgram } from "./compile-program.ts";
import { installPackage, root, type InstalledPackage } from "./installed-package.ts";

const langchain = join(root, "test", "langchain");

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

/** Skips, and says so in the report, where LangChain is not there and cannot be had. */
async function mustHaveLangChain({ skip }: TestContext): Promise<void> {
  if (existsSync(join(langchain, "node_modules", ".package-lock.json"))) return;
  try {
    await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: langchain,
    });
  } catch (error) {
    if (!/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/.test(String(error))) throw error;
    skip("the npm registry cannot be reached, and test/langchain is not installed");
  }
}

const program = `
import { Chroma } from "@langchain/community/vectorstores/chroma";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import type { ChromaClient, Collection as OfficialCollection } from "chromadb";
import { type Collection, EphemeralClient, HttpClient, PersistentClient } from "chromalite";

class Lengths extends FakeEmbeddings {
  override embedDocuments = (texts: string[]) => Promise.resolve(texts.map((text) => [text.length, 1]));
  override embedQuery = (text: string) => Promise.resolve([text.length, 1]);
}

const path = new URL("langchain-data", import.meta.url).pathname;
for (const client of [new EphemeralClient(), new PersistentClient({ path })]) {
  const store = new Chroma(new Lengths(), {
    index: client,
    collectionName: "words",
    collectionMetadata: { "hnsw:space": "l2" },
  });
  await store.addDocuments(
    [
      { pageContent: "tea", metadata: { hot: true, loc: { lines: { from: 1, to: 2 } } } },
      { pageContent: "water", metadata: { hot: false } },
      { pageContent: "lemonade", metadata: { hot: false } },
    ],
    { ids: ["1", "2", "3"] },
  );
  const found = await store.similaritySearchWithScore("six...", 2);
  const filtered = await store.similaritySearch("anything", 3, { hot: true });
  await store.delete({ ids: ["2"] });
  const collection: Collection = await client.getCollection({ name: "words" });
  console.log(JSON.stringify({
    found: found.map(([{ pageContent }, score]) => [pageContent, score]),
    filtered: filtered.map(({ pageContent, metadata }) => ({ pageContent, metadata })),
    left: await collection.count(),
    space: collection.configuration.hnsw?.space,
  }));
  await client.close();
}

// Where the application's own chromadb is wanted, ours are taken.
new HttpClient() satisfies ChromaClient;
export const asOfficial = (collection: Collection): OfficialCollection => collection;
// @ts-expect-error  a client is wanted
new Chroma(new Lengths(), { index: "http://localhost:8000" });
`;

test("a Chroma store over our clients compiles and runs", async (context) => {
  await mustHaveLangChain(context);
  const modules = join(installed.folder, "node_modules");
  for (const name of await readdir(join(langchain, "node_modules"))) {
    if (!name.startsWith(".")) await symlink(join(langchain, "node_modules", name), join(modules, name));
  }
  const options = ["--module", "nodenext", "--skipLibCheck", "--lib", "es2023,dom"];
  expect(await compileProgram(installed.folder, program, options)).toBe("");
  const inProject = { cwd: installed.folder, encoding: "utf8" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, ["program.js"], inProject);
  const outcome = {
    found: [
      ["water", 1],
      ["lemonade", 4],
    ],
    filtered: [{ pageContent: "tea", metadata: { hot: true, loc: { lines: { from: 1, to: 2 } } } }],
    left: 2,
    space: "l2",
  };
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([outcome, outcome]);
});
