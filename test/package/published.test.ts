// What is published, looked at without running an engine: names, forms that bundlers look for, sizes,
// types, and the judgement of the two tools that know how packages go wrong.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as official from "chromadb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { budgets, gzippedKilobytes } from "../../scripts/build/sizes.mjs";
import { compileProgram } from "./compile-program.ts";
import { installPackage, root, type InstalledPackage } from "./installed-package.ts";

let installed: InstalledPackage;
let dist: string;
beforeAll(async () => {
  installed = await installPackage();
  dist = join(installed.folder, "node_modules", "chromalite", "dist");
});
afterAll(() => installed.remove());

const textOf = (file: string): string => readFileSync(join(dist, file), "utf8");

function runNode(parameters: string[], cwd = installed.folder): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, parameters, { cwd, encoding: "utf8" });
}

test("the files are these, and none is compiled into another", () => {
  expect(readdirSync(dist).sort()).toEqual([
    "archives.js",
    "broker.js",
    "chroma-openapi.json",
    "chromadb.d.ts",
    "chromalite.d.ts",
    "chromalite.js",
    "cli.js",
    "embed.d.ts",
    "embed.js",
    "english.bin",
    "hnsw-relaxed.wasm",
    "hnsw.wasm",
    "node-files.js",
    "node10",
    "re2.js",
    "records.js",
    "service-worker.classic.js",
    "service-worker.d.ts",
    "service-worker.js",
    "sql-wasm.wasm",
    "sql.js",
    "types",
    "worker.js",
  ]);
  for (const script of readdirSync(dist).filter((file) => file.endsWith(".js"))) {
    expect(textOf(script), script).not.toMatch(/data:application\/(wasm|octet-stream)/);
  }
});

test("a collection made with the embedder finds it again by its name, and its table beside it", async () => {
  const program = `
    const { EphemeralClient } = await import("chromalite");
    const { StaticEnglishEmbeddingFunction } = await import("chromalite/embed");
    const client = new EphemeralClient();
    const embeddingFunction = new StaticEnglishEmbeddingFunction();
    const made = await client.createCollection({ name: "pets", embeddingFunction });
    await made.add({ ids: ["a", "b"], documents: ["a small dog", "the price of oil"] });
    const found = await client.getCollection({ name: "pets" });
    const { ids } = await found.query({ queryTexts: ["puppy"], nResults: 1 });
    console.log(JSON.stringify(ids));`;
  const { stdout } = await runNode(["--input-type=module", "--eval", program]);
  expect(JSON.parse(stdout)).toEqual([["a"]]);
});

test("the entry exports every official name and ours, and touches nothing when it is imported", async () => {
  const names = [
    ...Object.keys(official),
    "AsyncHttpClient",
    "ChromaNotImplementedError",
    "ChromaliteError",
    "Client",
    "EphemeralClient",
    "HttpClient",
    "PersistentClient",
    "connectServiceWorker",
    "useEmbeddingFunctionsFrom",
  ];
  // A page's globals fail when they are read, as on a server that renders pages.
  const program = `
    for (const name of ["window", "document", "navigator", "location", "self", "Worker", "indexedDB", "localStorage", "fetch"]) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + " was touched"); } });
    }
    console.log(JSON.stringify(Object.keys(await import("chromalite"))));`;
  const { stdout } = await runNode(["--input-type=module", "--eval", program]);
  expect((JSON.parse(stdout) as string[]).sort()).toEqual(names.sort());
});

test("the entry loads where there is no process and no DOM, only what every server has", async () => {
  const program = `
    import { readFileSync } from "node:fs";
    import { createContext, SourceTextModule } from "node:vm";
    const context = createContext({ Headers });
    const module = new SourceTextModule(readFileSync("node_modules/chromalite/dist/chromalite.js", "utf8"), {
      context, initializeImportMeta(meta) { meta.url = "https://example.test/chromalite.js"; } });
    await module.link((name) => { throw new Error("imports " + name); });
    await module.evaluate();
    const { PersistentClient } = module.namespace;
    console.log(new PersistentClient("./notes").tenant);`;
  const flags = ["--experimental-vm-modules", "--no-warnings", "--input-type=module", "--eval"];
  expect((await runNode([...flags, program])).stdout.trim()).toBe("default_tenant");
});

test("scripts import nothing but files beside them, in the forms that bundlers look for or pass over", () => {
  const entry = textOf("chromalite.js");
  expect(
    entry.match(/new Worker\(new URL\("\.\/worker\.js", import\.meta\.url\),\{type:"module"\}\)/g),
  ).toHaveLength(1);
  for (const script of ["chromalite.js", "worker.js", "records.js", "archives.js", "node-files.js"]) {
    const text = textOf(script);
    expect(text, script).not.toMatch(/(^|[;}])import[\s{*"']/);
    expect(text, script).not.toContain("__chromalite");
    // Not a method of that name, as of PersistentClient.
    const imports =
      text.match(/(?<!async |\.)\bimport\((?!\/\* @vite-ignore \*\/ \/\* webpackIgnore: true \*\/ )/g) ?? [];
    expect(imports, script).toEqual([]);
  }
  // A Service Worker may not import at run time at all.
  for (const script of ["service-worker.js", "service-worker.classic.js"]) {
    expect(textOf(script), script).not.toMatch(/(^|[;}])import[\s{*"']|\bimport\(/);
    expect(textOf(script), script).not.toContain("__chromalite");
  }
  expect(textOf("service-worker.classic.js")).not.toMatch(/\bimport\.meta|(^|[;}\n])export[\s{*]/);
  const besideWorker = [
    "archives.js",
    "hnsw-relaxed.wasm",
    "hnsw.wasm",
    "node-files.js",
    "re2.js",
    "records.js",
    "sql-wasm.wasm",
    "sql.js",
  ];
  for (const file of besideWorker) {
    expect(textOf("worker.js")).toContain(`new URL("./${file}", import.meta.url)`);
  }
});

test.each(budgets)("$name is at most $kilobytesMax kB gzipped", ({ files, kilobytesMax }) => {
  const kilobytes = gzippedKilobytes(dist, files);
  expect(kilobytes).toBeGreaterThan(1);
  expect(kilobytes).toBeLessThanOrEqual(kilobytesMax);
});

test("a project with nothing else installed type-checks against the package", async () => {
  const program = `
    import { PersistentClient, ChromaliteError, type Collection, type Where } from "chromalite";
    const client = new PersistentClient({ path: "notes" });
    const notes: Collection = await client.createCollection({ name: "notes" });
    await notes.add({ ids: ["a"], embeddings: [new Float32Array(2)] });
    const where: Where = { year: { $gt: 2000 } };
    const { distances } = await notes.query({ queryEmbeddings: [1, 2], where });
    const nearest: number | null | undefined = distances[0]?.[0];
    // @ts-expect-error  distances are numbers
    const wrong: string = nearest;
    if (Math.random() > 2) throw new ChromaliteError("closed", "a code of the union");
    export { wrong };`;
  // A page's project, and one for Node, whose types stand in for the few names of a page's that are everywhere.
  const projects = [
    { moduleResolution: "bundler", lib: "es2023,dom", types: "" },
    { moduleResolution: "nodenext", lib: "es2023,dom", types: "" },
    { moduleResolution: "nodenext", lib: "es2023,esnext.disposable", types: "node" },
  ];
  for (const { moduleResolution, lib, types } of projects) {
    const module = moduleResolution === "bundler" ? "esnext" : "nodenext";
    const typeRoots = join(root, "node_modules", "@types");
    const resolution = ["--noEmit", "--module", module, "--moduleResolution", moduleResolution];
    const libraries = ["--types", types, "--typeRoots", typeRoots, "--lib", lib];
    const said = await compileProgram(installed.folder, program, [...resolution, ...libraries]);
    expect(said, `${moduleResolution} ${lib}`).toBe("");
  }
});

test("publint finds nothing", async () => {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages, pkg } = await publint({ pkgDir: join(installed.folder, "node_modules", "chromalite") });
  // Fallbacks differ between tools; TypeScript is the one reader of ours, and takes the first that is there.
  const others = messages.filter(({ code }) => code !== "IMPORTS_FALLBACK_ARRAY_USE");
  expect(others.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("the types resolve in every kind of project that can import an ES module", async () => {
  const attw = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  const { stdout } = await runNode(
    [attw, installed.tarball, "--profile", "esm-only", "--format", "json"],
    root,
  );
  const { problems } = JSON.parse(stdout) as { problems: Record<string, unknown> };
  // A CommonJS project gets an ES module, from `require` too in the Nodes we support; that is meant.
  expect(Object.keys(problems)).toEqual(["CJSResolvesToESM"]);
});
