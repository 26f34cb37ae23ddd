// Compiles the vector engine to wasm/build/hnsw.wasm (SIMD) and hnsw-relaxed.wasm (relaxed SIMD too).
// The compiler is @yowasp/clang, itself wasm from npm: no toolchain of the machine takes part, and the same
// inputs give the same bytes everywhere. Nothing is compiled when a stamp says that nothing changed.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const sourceFolder = dirname(fileURLToPath(import.meta.url));

/** 4 GiB, all that 32-bit addresses reach. */
const memoryBytesMax = 65536 * 65536;

const compilerFlags = [
  "-std=c++17",
  // A tenth smaller than -O3 for 5 % of the speed: the kernels are unrolled and vectorised by hand.
  "-O2",
  "-fno-unroll-loops",
  "-fno-vectorize",
  "-fno-slp-vectorize",
  "-DNDEBUG",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-fno-exceptions",
  "-fno-rtti",
  "-D_WASI_EMULATED_MMAN",
  "-mexec-model=reactor",
];

const linkerFlags = [
  "-lwasi-emulated-mman",
  "-Wl,--gc-sections",
  "-Wl,--strip-all",
  "-Wl,--export=__stack_pointer",
  `-Wl,--max-memory=${memoryBytesMax}`,
];

const variants = [
  { file: "hnsw.wasm", flags: ["-msimd128"] },
  { file: "hnsw-relaxed.wasm", flags: ["-msimd128", "-mrelaxed-simd"] },
];

/**
 * Builds both binaries where they are missing or stale.
 * @param {{ folder?: string }} [options]  where they go; `wasm/build` unless told
 * @returns {Promise<boolean>}  whether anything had to be compiled
 */
export async function buildWasm({ folder = join(sourceFolder, "build") } = {}) {
  const inputs = await readInputs();
  const stamp = await stampOf(inputs);
  const stampFile = join(folder, "stamp");
  if ((await readFile(stampFile, "utf8").catch(() => "")) === stamp) return false;

  const { runClang, runLLVM } = await import("@yowasp/clang");
  await runLLVM(null, {}, { fetchProgress: () => {} }); // else it prints how it loads itself
  await mkdir(folder, { recursive: true });
  for (const { file, flags } of variants) {
    const binary = await compile(runClang, inputs, flags);
    await writeFile(join(folder, `${file}.new`), binary);
    await rename(join(folder, `${file}.new`), join(folder, file));
  }
  await writeFile(stampFile, stamp);
  return true;
}

/** @returns {Promise<Map<string, string>>} text by path, as the compiler sees it */
async function readInputs() {
  const inputs = new Map();
  for (const name of (await readdir(sourceFolder)).sort())
    if (/\.(h|hpp|cpp)$/.test(name)) inputs.set(name, await readFile(join(sourceFolder, name), "utf8"));
  const usearch = join(packageFolder("usearch"), "include/usearch/index.hpp");
  inputs.set("usearch/index.hpp", await readFile(usearch, "utf8"));
  return inputs;
}

async function stampOf(inputs) {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([compilerFlags, linkerFlags, variants, await clangVersion()]));
  for (const [path, text] of inputs) hash.update(`\n${path}\n${text}`);
  return hash.digest("hex");
}

async function compile(runClang, inputs, flags) {
  const sources = [...inputs.keys()].filter((path) => path.endsWith(".cpp"));
  const tree = {};
  for (const [path, text] of inputs) {
    const [first, second] = path.split("/");
    if (second === undefined) tree[first] = text;
    else (tree[first] ??= {})[second] = text;
  }
  const messages = [];
  const write = (bytes) => bytes && messages.push(new TextDecoder().decode(bytes));
  try {
    const built = await runClang(
      [
        "clang++",
        ...compilerFlags,
        ...flags,
        "-isystem",
        ".",
        ...sources,
        "-o",
        "hnsw.wasm",
        ...linkerFlags,
        ...exportsOf(inputs),
      ],
      tree,
      { stdout: write, stderr: write },
    );
    return built["hnsw.wasm"];
  } catch (error) {
    throw new Error(`clang++ failed:\n${messages.join("")}`, { cause: error });
  }
}

/** Whatever a header declares is exported: `hnsw.h` is the ABI. */
function exportsOf(inputs) {
  const headers = [...inputs].filter(([path]) => /^[^/]+\.h$/.test(path));
  const names = headers.flatMap(([, text]) =>
    [...text.matchAll(/^(?:int32_t|void\*) (\w+)\(/gm)].map((match) => match[1]),
  );
  return names.map((name) => `-Wl,--export=${name}`);
}

async function clangVersion() {
  return JSON.parse(await readFile(join(packageFolder("@yowasp/clang"), "package.json"), "utf8")).version;
}

/** Neither package exports its package.json, so its folder is found from its entry. */
function packageFolder(name) {
  const entry = fileURLToPath(import.meta.resolve(name));
  const end = join("node_modules", ...name.split("/"));
  return entry.slice(0, entry.lastIndexOf(end) + end.length);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const start = performance.now();
  const built = await buildWasm();
  console.log(`wasm: ${built ? "built" : "up to date"} in ${Math.round(performance.now() - start)} ms`);
}
