// Values as filters compare them. Ints and floats are one kind, and equal values are `===`.

import type { MetadataScalar, MetadataValue } from "../../src/protocol/metadata.ts";
import { isIntegralFloat, numericNormalForm, typeOf } from "./metadata-rows.ts";

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

function scalarToFilter(value: MetadataScalar): FilterScalar {
  if (typeof value === "bigint") return numericNormalForm(value);
  return isIntegralFloat(value) ? value["#float"] : value;
}
