// Values as filters compare them. Ints and floats are one kind, and equal values are `===`.

import type { MetadataScalar, MetadataValue } from "../../src/protocol/metadata.ts";
import {
  isIntegralFloat,
  numericNormalForm,
  type ReadWideInt,
  type SqlValue,
  typeOf,
} from "./metadata-rows.ts";

/**
 * A value to compare with. Ints and floats compare as numbers, so a number stands for both; a bigint
 * is an int that no number equals.
 */
export type FilterScalar = string | number | bigint | boolean;

/** A stored value, or the elements of a stored array. */
export function valueToFilter(value: MetadataValue): FilterScalar | FilterScalar[] {
  if (!Array.isArray(value)) return scalarToFilter(value as MetadataScalar);
  const elements = value as readonly MetadataScalar[];
  const isFloats = elements.some((element) => typeOf(element) === "float");
  return elements.map((element) =>
    isFloats && typeof element === "bigint" ? Number(element) : scalarToFilter(element),
  );
}

/** The same from the typed cells of a row (`CELL_COLUMNS`). */
export function cellsToFilter(row: readonly SqlValue[], wide: ReadWideInt): FilterScalar {
  if (row[2] !== null) return row[2] as string;
  const int = row[3] as number | null;
  if (int !== null) {
    return Number.isSafeInteger(int) ? int : numericNormalForm(wide(row[0] as number, row[1] as number));
  }
  return row[4] === null ? row[5] === 1 : (row[4] as number);
}

export function scalarToFilter(value: MetadataScalar): FilterScalar {
  if (typeof value === "bigint") return numericNormalForm(value);
  return isIntegralFloat(value) ? value["#float"] : value;
}
