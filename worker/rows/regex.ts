// Regular expressions over documents: RE2's linear-time engine (re2js), in Rust's dialect.
// The engine is a chunk of its own, loaded at the first clause that needs it.

import type { RE2JS } from "re2js";
import { invalidArgument } from "../../src/protocol/request-error.ts";

/** A compiled pattern. */
export interface TextPattern {
  readonly source: string;
  /** Whether the pattern matches anywhere in the text. */
  matches(text: Uint8Array): boolean;
}

let engine: typeof RE2JS | undefined;

/** Loads the engine; cheap when it is loaded. */
export async function loadRegex(): Promise<void> {
  engine ??= (await import("re2js")).RE2JS;
}

/** @throws {RequestError}  400 "Regex syntax errror: …", three r as the server writes it */
export function compileRegex(source: string): TextPattern {
  if (engine === undefined) throw new Error("loadRegex() comes before a filter with a regular expression");
  try {
    const pattern = engine.compile(source);
    return { source, matches: (text) => pattern.test(text) };
  } catch (error) {
    throw invalidArgument(`Regex syntax errror: ${(error as Error).message}`);
  }
}
