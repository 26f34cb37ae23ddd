/// <reference types="node" />
// Node's built-in modules, taken at run time instead of imported: the same worker file is bundled for
// pages by tools that refuse an import of "node:fs" wherever it stands.

export interface NodeBuiltins {
  readonly crypto: typeof import("node:crypto");
  readonly fs: typeof import("node:fs");
  readonly net: typeof import("node:net");
  readonly os: typeof import("node:os");
  readonly path: typeof import("node:path");
  readonly process: NodeJS.Process;
}

/** Undefined in a browser, also where a bundler has put a `process` in place. */
export function getNodeBuiltins(): NodeBuiltins | undefined {
  const process = (globalThis as { process?: Partial<NodeJS.Process> }).process;
  if (!hasBuiltins(process)) return undefined;
  return {
    crypto: process.getBuiltinModule("node:crypto"),
    fs: process.getBuiltinModule("node:fs"),
    net: process.getBuiltinModule("node:net"),
    os: process.getBuiltinModule("node:os"),
    path: process.getBuiltinModule("node:path"),
    process,
  };
}

function hasBuiltins(process: Partial<NodeJS.Process> | undefined): process is NodeJS.Process {
  return typeof process?.getBuiltinModule === "function";
}
