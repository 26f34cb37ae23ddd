// Regular expressions as filters use them. What compiles them is loaded late, so it is handed in.

import { invalidArgument } from "../../src/protocol/request-error.ts";

/** A compiled pattern. */
export interface TextPattern {
  readonly source: string;
  /** Whether the pattern matches anywhere in a text of UTF-8 bytes. */
  matches(text: Uint8Array): boolean;
}

/** Compiles a pattern in Rust's dialect, or throws what is wrong with it. */
export type PatternCompiler = (source: string) => (text: Uint8Array) => boolean;

let compiler: PatternCompiler | undefined;

/** From here on clauses with `$regex` can be parsed. */
export function useRegex(compilePattern: PatternCompiler): void {
  compiler = compilePattern;
}

/** @throws {RequestError}  400 "Regex syntax errror: …", three r as the server writes it */
export function compileRegex(source: string): TextPattern {
  if (compiler === undefined) throw new Error("useRegex() comes before a filter with a regular expression");
  try {
    return { source, matches: compiler(source) };
  } catch (error) {
    throw invalidArgument(`Regex syntax errror: ${error instanceof Error ? error.message : String(error)}`);
  }
}
