// `npm run bench -- <name> [--save] [arguments]`: sets up, installs the peers, bundles the benchmark's
// TypeScript for Node and runs it. `--save` puts its tables into RESULTS.md.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPackages, setup } from "../scripts/setup.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const benchmarks = {
  engine: "our engine beside native usearch, in Node, on one thread",
  browser: "our engine beside hnswlib-wasm, and the public API, in a headless Chromium",
  storage: "durable writes, opening, and what reads wait for checkpoints, in a headless Chromium",
  million: "a million vectors in one collection: memory, build, opening, queries, in a headless Chromium",
  embedder: "the sentence embedder beside BM25 and chance, in Node",
  written: "bytes written per byte added, in Node",
  collections: "what many small collections take in memory, in Node",
};
const inBrowser = ["browser", "storage", "million"];

const parameters = process.argv.slice(2).filter((each) => each !== "--save");
const [name = "", ...rest] = parameters;

if (name in benchmarks) {
  const report = await run(name, rest);
  report.sayLoad();
  if (process.argv.includes("--save")) {
    report.save(folder);
    spawnSync("npx", ["oxfmt", join(folder, "RESULTS.md")], { shell: process.platform === "win32" });
  }
} else {
  console.error(`"${name}" is none of the benchmarks:`);
  for (const [each, what] of Object.entries(benchmarks))
    console.error(`  npm run bench -- ${each.padEnd(11)} ${what}`);
  process.exitCode = 1;
}

async function run(benchmark, benchmarkArguments) {
  await setup({ browser: inBrowser.includes(benchmark), log: console.error });
  installPackages(folder);
  const { buildPackage } = await import("../scripts/build.mjs");
  await buildPackage(join(folder, "../dist"));
  const { run: runBenchmark } = await import(await bundle(benchmark));
  return runBenchmark(benchmarkArguments, folder);
}

/** Node 20 runs no TypeScript, and a bundle runs as fast as the built package does. */
async function bundle(benchmark) {
  const { build } = await import("vite");
  const outDir = join(folder, ".cache", benchmark);
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    build: { ssr: join(folder, benchmark, "main.ts"), outDir, emptyOutDir: true, minify: false },
  });
  return pathToFileURL(join(outDir, "main.js")).href;
}
