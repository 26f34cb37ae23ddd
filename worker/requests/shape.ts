// Checks of a body's shape, in the words of Chroma's server (1.3.4) for JSON that does not fit its types,
// less the "at line 1 column 20", which has no meaning here. A property that is undefined counts as
// missing, as it does in JSON. Every error is a 422 unless said otherwise.

import { isIntegralFloat } from "../../src/protocol/metadata.ts";
import { invalidArgument, wrongShape, type RequestError } from "../../src/protocol/request-error.ts";
import { isWellFormedText } from "../well-formed.ts";

/** An object with named fields, nothing known of their values. */
export type Fields = Readonly<Record<string, unknown>>;

/** Nesting that Chroma's JSON parser accepts. */
const NESTING_MAX = 128;
const QUOTED_LENGTH_MAX = 200;

export const U32_MAX = 0xffffffff;
/** Chroma's usize; a number holds it only roughly, and everything near it is clamped by its user. */
export const USIZE_MAX = 2 ** 64;

/** @param path  where in the body, as `configuration.hnsw`; empty for the body itself */
export function misfit(path: string, problem: string): RequestError {
  const place = path === "" ? "" : `${path}: `;
  return wrongShape(`Failed to deserialize the JSON body into the target type: ${place}${problem}`);
}

export function pathOf(parent: string, field: string | number): string {
  if (typeof field === "number") return `${parent}[${field}]`;
  return parent === "" ? field : `${parent}.${field}`;
}

export function isFields(value: unknown): value is Fields {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** What a value is, as serde names it. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") {
    const shown = value.length > QUOTED_LENGTH_MAX ? `${value.slice(0, QUOTED_LENGTH_MAX)}…` : value;
    return `string ${JSON.stringify(shown)}`;
  }
  if (typeof value === "boolean") return `boolean \`${value}\``;
  if (typeof value === "bigint") return `integer \`${value}\``;
  if (typeof value === "number" && Number.isInteger(value)) return `integer \`${value}\``;
  if (typeof value === "number") return `floating point \`${value}\``;
  if (isIntegralFloat(value)) return `floating point \`${value["#float"]}.0\``;
  return Array.isArray(value) || ArrayBuffer.isView(value) ? "sequence" : "map";
}

export function invalidType(path: string, value: unknown, expected: string): RequestError {
  return misfit(path, `invalid type: ${describe(value)}, expected ${expected}`);
}

/** @param name  of the server's structure, as its errors call it */
export function parseStruct(value: unknown, path: string, name: string): Fields {
  if (isFields(value)) return value;
  throw invalidType(path, value, `struct ${name}`);
}

export function parseMap(value: unknown, path: string): Fields {
  if (isFields(value)) return value;
  throw invalidType(path, value, "a map");
}

export function parseSequence(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalidType(path, value, "a sequence");
}

/** @throws {RequestError}  400 for a lone surrogate: neither JSON nor SQLite can hold one */
export function parseString(value: unknown, path: string): string {
  if (typeof value !== "string") throw invalidType(path, value, "a string");
  assertWellFormed(value, path);
  return value;
}

export function assertWellFormed(text: string, path: string): void {
  if (!isWellFormedText(text)) {
    throw invalidArgument(`${path}: a string with a lone surrogate, expected well-formed Unicode`);
  }
}

export function parseBoolean(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  throw invalidType(path, value, "a boolean");
}

export function parseUnsigned(value: unknown, path: string, type: "u32" | "usize"): number {
  const max = type === "u32" ? U32_MAX : USIZE_MAX;
  if (typeof value === "bigint" || Number.isInteger(value)) {
    const number = Number(value);
    if (number >= 0 && number <= max) return number === 0 ? 0 : number;
    throw misfit(path, `invalid value: integer \`${value as number}\`, expected ${type}`);
  }
  throw invalidType(path, value, type);
}

export function parseDouble(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (isIntegralFloat(value)) return value["#float"];
  throw invalidType(path, value, "f64");
}

export function parseVariant<T extends string>(value: unknown, path: string, variants: readonly T[]): T {
  if (typeof value !== "string") throw invalidType(path, value, "string or map");
  if (isOneOf(value, variants)) return value;
  throw misfit(path, `unknown variant \`${value}\`, expected ${oneOf(variants)}`);
}

export function isOneOf<T extends string>(value: string, options: readonly T[]): value is T {
  return (options as readonly string[]).includes(value);
}

/** Names in backquotes, joined as serde joins them. */
export function oneOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length > 2 ? `one of ${quoted.join(", ")}` : quoted.join(" or ");
}

export function mustHave(fields: Fields, path: string, name: string): unknown {
  if (fields[name] === undefined) throw misfit(path, `missing field \`${name}\``);
  return fields[name];
}

export function assertKnownFields(fields: Fields, path: string, known: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (fields[name] === undefined || known.includes(name)) continue;
    throw misfit(pathOf(path, name), `unknown field \`${name}\`, expected ${oneOf(known)}`);
  }
}

/** A field that may be missing or null, both read as null. */
export function parseOptional<T>(
  fields: Fields,
  path: string,
  name: string,
  parse: (value: unknown, path: string) => T,
): T | null {
  const value = fields[name];
  return value === undefined || value === null ? null : parse(value, pathOf(path, name));
}

/**
 * Any JSON, copied: the result shares nothing with the body.
 * @throws {RequestError}  400 when it is nested deeper than Chroma's parser goes
 */
export function parseJson(value: unknown, path: string, depth = 0): unknown {
  if (depth > NESTING_MAX) {
    throw invalidArgument(`Failed to parse the request body as JSON: ${path}: recursion limit exceeded`);
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return parseString(value, path);
  if (typeof value === "boolean" || typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => parseJson(item, path, depth + 1));
  if (!isFields(value)) throw invalidType(path, value, "JSON");
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, item] of Object.entries(value)) {
    assertWellFormed(name, path);
    if (item !== undefined) copy[name] = parseJson(item, path, depth + 1);
  }
  return copy;
}
