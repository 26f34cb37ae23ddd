// One value of metadata, checked and brought to the form that src/protocol/metadata.ts describes: ints
// as numbers wherever a number holds them exactly, arrays of one type, no negative zero.

import { type IntegralFloat, isIntegralFloat } from "../../src/protocol/metadata.ts";
import type { MetadataScalar, MetadataValue } from "../../src/protocol/metadata.ts";
import { isFields } from "./shape.ts";

const INT_END = 2 ** 63;
const INT_MIN_BIGINT = -(2n ** 63n);
const INT_END_BIGINT = 2n ** 63n;

/** The types Chroma tells apart; an array has the type of its elements. */
export type ValueType = "string" | "int" | "float" | "bool";

/** The type of a value that was parsed. An empty array has none: undefined. */
export function valueType(value: MetadataValue): ValueType | undefined {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return isInt(value) ? "int" : "float";
    default:
      if (!isArray(value)) return "float";
      return value.length === 0 ? undefined : valueType(value[0]!);
  }
}

/** `value` itself where it is in that form already, a new one otherwise, undefined when it is none. */
export function parseMetadataValue(value: unknown): MetadataValue | undefined {
  return Array.isArray(value) ? parseArray(value) : parseScalar(value);
}

/** True for Chroma's sparse vector: `{"#type": "sparse_vector", indices, values}`, the type optional. */
export function isSparseVector(value: unknown): boolean {
  if (!isFields(value)) return false;
  const type = value["#type"];
  return (
    (type === undefined || type === "sparse_vector") &&
    Array.isArray(value["indices"]) &&
    Array.isArray(value["values"])
  );
}

function parseScalar(value: unknown): MetadataScalar | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) return undefined;
      return value === 0 ? 0 : value;
    case "bigint":
      return parseBigint(value);
    default:
      return isIntegralFloat(value) ? floatOf(value["#float"]) : undefined;
  }
}

/** Beyond 64 bits it is a float, as in Chroma. */
function parseBigint(value: bigint): number | bigint {
  if (value < INT_MIN_BIGINT || value >= INT_END_BIGINT) return Number(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Mixed numbers become floats; any other mixture is refused. */
function parseArray(items: readonly unknown[]): readonly MetadataScalar[] | undefined {
  const parsed: MetadataScalar[] = [];
  const types = new Set<ValueType>();
  for (const item of items) {
    const scalar = parseScalar(item);
    if (scalar === undefined) return undefined;
    types.add(valueType(scalar)!);
    parsed.push(scalar);
  }
  if (types.size === 2 && types.has("int") && types.has("float")) {
    return parsed.map((number) => floatOf(number as number | bigint | IntegralFloat));
  }
  if (types.size > 1) return undefined;
  const unchanged = parsed.every((scalar, index) => Object.is(scalar, items[index]));
  return unchanged ? (items as readonly MetadataScalar[]) : parsed;
}

/** A number that reads back as a float. */
function floatOf(value: number | bigint | IntegralFloat): number | IntegralFloat {
  const number = Number(typeof value === "object" ? value["#float"] : value);
  return isInt(number) ? { "#float": number === 0 ? 0 : number } : number;
}

function isInt(value: number): boolean {
  return Number.isInteger(value) && value >= -INT_END && value < INT_END;
}

function isArray(value: MetadataValue): value is readonly MetadataScalar[] {
  return Array.isArray(value);
}
