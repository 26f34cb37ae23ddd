// Parameters after the question mark: numbers from a client in this process, text from an HTTP request.

import { invalidArgument, type RequestError } from "../../src/protocol/request-error.ts";
import { isOneOf, oneOf, U32_MAX, type Fields } from "./shape.ts";

/** A part of a list. */
export interface Page {
  /** Null: all that is left. */
  readonly limit: number | null;
  readonly offset: number;
}

const readLevels = ["index_and_wal", "index_only", "index_and_bounded_wal"] as const;

/** Accepted and without effect: every read here sees every acknowledged write. */
export type ReadLevel = (typeof readLevels)[number];

export function parseListQuery(query: Fields = {}): Page {
  return { limit: parseCount(query, "limit"), offset: parseCount(query, "offset") ?? 0 };
}

export function parseReadLevel(query: Fields = {}): ReadLevel {
  const level = query["read_level"] ?? "index_and_wal";
  if (typeof level === "string" && isOneOf(level, readLevels)) return level;
  const shown = typeof level === "string" ? level : JSON.stringify(level);
  throw unreadable("read_level", `unknown variant \`${shown}\`, expected ${oneOf(readLevels)}`);
}

function parseCount(query: Fields, name: string): number | null {
  const value = query[name];
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" ? value : typeof value === "number" ? numberToText(value) : "?";
  if (text === "") throw unreadable(name, "cannot parse integer from empty string");
  if (!/^\+?[0-9]+$/.test(text)) throw unreadable(name, "invalid digit found in string");
  const count = Number(text);
  if (count > U32_MAX) throw unreadable(name, "number too large to fit in target type");
  return count;
}

/** Digits where there can be digits: 1e21 as text would have an exponent. */
function numberToText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

function unreadable(name: string, problem: string): RequestError {
  return invalidArgument(`Failed to deserialize query string: ${name}: ${problem}`);
}
