// Regular expressions over UTF-8 bytes: RE2's linear-time engine (re2js), in Rust's dialect.
// This folder is a file of its own in the package, loaded at the first clause that needs it.

import { RE2JS } from "re2js";
import { translateRustRegex } from "./rust-regex.ts";
import { type Program, WordBoundaryMatcher } from "./word-boundary.ts";

/**
 * What tells whether a text of UTF-8 bytes has a match of `source` anywhere.
 * @throws {Error}  a syntax error, in re2js's words
 */
export function compilePattern(source: string): (text: Uint8Array) => boolean {
  const { pattern, hasWordBoundary } = translateRustRegex(source);
  const compiled = RE2JS.compile(pattern);
  const matches = (text: Uint8Array): boolean => compiled.test(text);
  if (!hasWordBoundary) return matches;
  const matcher = new WordBoundaryMatcher(compiled.re2().prog as Program);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (text) => (isAscii(text) ? matches(text) : matcher.matches(decoder.decode(text)));
}

function isAscii(text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (text[i]! > 127) return false;
  return true;
}
