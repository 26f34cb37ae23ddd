// What compiles regular expressions, loaded when a filter first has one: a file of its own, as sql.js is.

import type { PatternCompiler } from "./rows/regex.ts";

interface RegexModule {
  readonly compilePattern: PatternCompiler;
}

let loading: Promise<PatternCompiler> | undefined;

/**
 * The compiler of patterns. Loaded once a worker; a load that failed is tried again by the next call.
 *
 * Cost: 47 kB of script, gzipped.
 *
 * @param folder  where re2.js is, ending in a slash; beside the worker when absent
 * @throws {Error}  the file is not there
 */
export function loadRegex(folder?: string): Promise<PatternCompiler> {
  loading ??= importRegex(folder).then(
    ({ compilePattern }) => compilePattern,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

function importRegex(folder: string | undefined): Promise<RegexModule> {
  if (folder === undefined) return import("./regex/compile-pattern.ts");
  return import(/* @vite-ignore */ new URL("re2.js", folder).href) as Promise<RegexModule>;
}
