// What compiles regular expressions, loaded when a filter first has one: a file of its own, as sql.js is.

import { loadOnce } from "./once.ts";
import type { PatternCompiler } from "./rows/regex.ts";

interface RegexModule {
  readonly compilePattern: PatternCompiler;
}

/**
 * The compiler of patterns. Loaded once a worker; a load that failed is tried again by the next call.
 *
 * Cost: 47 kB of script, gzipped.
 *
 * @param folder  where re2.js is, ending in a slash; beside the worker when absent
 * @throws {Error}  the file is not there
 */
export const loadRegex = loadOnce(async (folder?: string): Promise<PatternCompiler> => {
  const { compilePattern } = await importRegex(folder);
  return compilePattern;
});

function importRegex(folder: string | undefined): Promise<RegexModule> {
  if (folder === undefined) return import("./regex/compile-pattern.ts");
  return import(/* @vite-ignore */ new URL("re2.js", folder).href) as Promise<RegexModule>;
}
