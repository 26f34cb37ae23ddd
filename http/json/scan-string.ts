// One string of JSON. Its escapes are read as serde_json reads them: a surrogate has its other half, or
// there is no string.

import { JsonError } from "./json-error.ts";

const BACKSLASH = 0x5c;
const SPACE = 0x20;
const QUOTE = 0x22;
const LOWER_U = 0x75;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Anything that cannot stand in a string as it is. */
// oxlint-disable-next-line no-control-regex -- these are what JSON forbids
const special = /[\\\u0000-\u001f]/;

/**
 * The string whose opening quote is at `start`, without its quotes; `end` is behind the closing one.
 * @throws {JsonError}
 */
export function scanString(text: string, start: number): { readonly value: string; readonly end: number } {
  const close = text.indexOf('"', start + 1);
  if (close !== -1) {
    const value = text.slice(start + 1, close);
    if (!special.test(value)) return { value, end: close + 1 };
  }
  return scanWithEscapes(text, start + 1);
}

function scanWithEscapes(text: string, start: number): { value: string; end: number } {
  const parts: string[] = [];
  let from = start;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) throw endOfText(text);
    if (code === QUOTE) {
      parts.push(text.slice(from, at));
      return { value: parts.join(""), end: at + 1 };
    }
    if (code === BACKSLASH) {
      parts.push(text.slice(from, at));
      const { value, end } = scanEscape(text, at + 1);
      parts.push(value);
      from = end;
      at = end;
    } else if (code < SPACE) {
      throw new JsonError("control character (\\u0000-\\u001F) found while parsing a string", at + 1);
    } else at += 1;
  }
}

/** @param at  behind the backslash */
function scanEscape(text: string, at: number): { value: string; end: number } {
  if (at >= text.length) throw endOfText(text);
  if (text.charCodeAt(at) === LOWER_U) return scanCodePoint(text, at + 1);
  const letter = text.charAt(at);
  const value = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
  if (value === undefined) throw new JsonError("invalid escape", at, true);
  return { value, end: at + 1 };
}

/** @param at  behind `\u` */
function scanCodePoint(text: string, at: number): { value: string; end: number } {
  const first = scanHex(text, at);
  const end = at + 4;
  if (first < 0xd800 || first > 0xdfff) return { value: String.fromCharCode(first), end };
  if (first > 0xdbff) throw new JsonError(loneSurrogate, end);
  for (const [index, expected] of ["\\", "u"].entries()) {
    if (end + index >= text.length) throw endOfText(text);
    if (text.charAt(end + index) !== expected) {
      throw new JsonError("unexpected end of hex escape", end + index, true);
    }
  }
  const second = scanHex(text, end + 2);
  if (second < 0xdc00 || second > 0xdfff) throw new JsonError(loneSurrogate, end + 6);
  return { value: String.fromCharCode(first, second), end: end + 6 };
}

const loneSurrogate = "lone leading surrogate in hex escape";

function scanHex(text: string, at: number): number {
  const hex = text.slice(at, at + 4);
  if (hex.length < 4) throw endOfText(text);
  if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new JsonError("invalid escape", at + 4);
  return Number.parseInt(hex, 16);
}

function endOfText(text: string): JsonError {
  return new JsonError("EOF while parsing a string", text.length);
}
