// Brings one of the two binaries to life: the one with relaxed SIMD where the engine has it (Node 20 and
// older browsers do not), the plain SIMD one elsewhere. Works in workers, pages and Node.

import { relaxedSimd } from "wasm-feature-detect";
import { HnswModule } from "./hnsw.ts";
import { WasmMemory, type WasmExports } from "./memory.ts";

/** Where the binaries are: an address to fetch (a file: address in Node), or their bytes. */
export interface WasmBinaries {
  readonly simd: URL | BufferSource;
  readonly relaxed: URL | BufferSource;
}

/**
 * Compiles and instantiates the engine; each call gives a memory of its own.
 * @throws {WebAssembly.CompileError}  the browser has no SIMD (all have since 2023), or the file is not wasm
 * @throws {TypeError}  the file cannot be fetched
 */
export async function loadHnsw(binaries: WasmBinaries): Promise<HnswModule> {
  const source = (await relaxedSimd()) ? binaries.relaxed : binaries.simd;
  const module = source instanceof URL ? await compileFrom(source) : await WebAssembly.compile(source);
  const instance = await WebAssembly.instantiate(module, importsOf(module));
  const exports = instance.exports as unknown as WasmExports;
  exports._initialize();
  return new HnswModule(new WasmMemory(exports));
}

async function compileFrom(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`${url.href} answered ${response.status}, expected the wasm engine`);
  // Many static servers do not know the type; streaming refuses to compile anything else.
  if (response.headers.get("content-type")?.startsWith("application/wasm"))
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** wasi's file functions are linked in by the C library and never reached: each says "not supported". */
function importsOf(module: WebAssembly.Module): WebAssembly.Imports {
  const notSupported = 58;
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => notSupported;
  return imports;
}
