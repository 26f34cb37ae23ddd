// Regular expressions over documents: RE2's linear-time engine (re2js), in Rust's dialect.
// The engine is a chunk of its own, loaded at the first clause that needs it.

import type { RE2JS } from "re2js";
import { invalidArgument } from "../../src/protocol/request-error.ts";
import { translateRustRegex } from "./rust-regex.ts";
import { type Program, WordBoundaryMatcher } from "./word-boundary.ts";

/** A compiled pattern. */
export interface TextPattern {
  readonly source: string;
  /** Whether the pattern matches anywhere in a text of UTF-8 bytes. */
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
    const { pattern, hasWordBoundary } = translateRustRegex(source);
    const compiled = engine.compile(pattern);
    const matches = (text: Uint8Array): boolean => compiled.test(text);
    if (!hasWordBoundary) return { source, matches };
    const matcher = new WordBoundaryMatcher(compiled.re2().prog as Program);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return {
      source,
      matches: (text) => (isAscii(text) ? matches(text) : matcher.matches(decoder.decode(text))),
    };
  } catch (error) {
    throw invalidArgument(`Regex syntax errror: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isAscii(text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (text[i]! > 127) return false;
  return true;
}
