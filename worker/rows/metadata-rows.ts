// Metadata values as rows of typed columns, and back. The one place that knows how ints and floats,
// which JavaScript does not tell apart, are told apart in storage.

import type { IntegralFloat, Metadata, MetadataScalar, MetadataValue } from "../../src/protocol/metadata.ts";
import { SCALAR } from "./schema.ts";

/** The types Chroma tells apart in storage. */
export type Type = "string" | "int" | "float" | "bool";

/** What sql.js binds and returns. */
export type SqlValue = string | number | Uint8Array | null;

/** element, string, int, float, bool */
export type TypedCells = readonly [
  number,
  string | null,
  number | string | null,
  number | null,
  number | null,
];

/** Names of a row's cells as they are read: `key` and the five of `TypedCells`. */
export const CELL_COLUMNS = "key, element, string, int, float, bool";

export function isIntegralFloat(value: unknown): value is IntegralFloat {
  return typeof value === "object" && value !== null && "#float" in value;
}

/** A number where one is equal to the int, else the bigint itself. */
export function numericNormalForm(int: bigint): number | bigint {
  const number = Number(int);
  return BigInt(number) === int ? number : int;
}

/** Integers at or past 2^63 are floats, as in Chroma. */
const INT_END = 2 ** 63;

export function typeOf(value: MetadataScalar): Type {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return Number.isInteger(value) && value >= -INT_END && value < INT_END ? "int" : "float";
    default:
      return "float";
  }
}

/** sql.js binds numbers past 32 bits as doubles; text reaches an integer column without loss. */
function intCell(value: number | bigint): number | string {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  return BigInt(value).toString();
}

function cells(element: number, type: Type, value: MetadataScalar): TypedCells {
  switch (type) {
    case "string":
      return [element, value as string, null, null, null];
    case "int":
      return [element, null, intCell(value as number | bigint), null, null];
    case "float":
      return [element, null, null, isIntegralFloat(value) ? value["#float"] : Number(value), null];
    case "bool":
      return [element, null, null, null, value === true ? 1 : 0];
  }
}

/** The rows of one value. None for an empty array: it vanishes. An array with one float is all floats. */
export function valueToCells(value: MetadataValue): TypedCells[] {
  if (!Array.isArray(value)) return [cells(SCALAR, typeOf(value as MetadataScalar), value as MetadataScalar)];
  const elements = value as readonly MetadataScalar[];
  const types = elements.map(typeOf);
  const type = types.includes("float") ? "float" : types[0];
  return type === undefined ? [] : elements.map((element, i) => cells(i, type, element));
}

/** Reads an int cell that a double cannot be trusted with. */
export type ReadWideInt = (key: number, element: number) => bigint;

/**
 * One scalar from the typed cells of a row as sql.js returns them.
 * @param exact  true: ints that no number equals as bigint and integral floats as `IntegralFloat`; false: plain numbers
 */
export function cellsToScalar(row: readonly SqlValue[], exact: boolean, wide: ReadWideInt): MetadataScalar {
  if (row[2] !== null) return row[2] as string;
  if (row[3] !== null) {
    const int = row[3] as number;
    if (!exact || Number.isSafeInteger(int)) return int;
    return numericNormalForm(wide(row[0] as number, row[1] as number));
  }
  if (row[4] !== null) {
    const float = row[4] as number;
    return exact && typeOf(float) === "int" ? { "#float": float } : float;
  }
  return row[5] === 1;
}

/** Collects rows, in order of key and element, into one record's metadata. */
export class MetadataBuilder {
  #metadata: Record<string, MetadataValue> | null = null;
  #array: MetadataScalar[] = [];

  add(name: string, element: number, value: MetadataScalar): void {
    this.#metadata ??= {};
    if (element > 0) {
      this.#array.push(value);
      return;
    }
    if (element === 0) this.#array = [value];
    const stored = element === SCALAR ? value : this.#array;
    if (name === "__proto__") {
      Object.defineProperty(this.#metadata, name, {
        value: stored,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      this.#metadata[name] = stored;
    }
  }

  /** Null where the record has no metadata. Ready for the next record afterwards. */
  take(): Metadata | null {
    const metadata = this.#metadata;
    this.#metadata = null;
    return metadata;
  }
}
