// Replies as JSON, in which a float never looks like an int: `1.0`, as Chroma's server writes it. Knows
// the kinds of numbers that cross the seam: ints (number, bigint), floats, and f32 in packed arrays.

import { isIntegralFloat } from "../../src/protocol/metadata.ts";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import { f32ToDecimal } from "../../src/transport/f32-decimal.ts";

/** From here on a number is written with an exponent, as serde_json does. */
const F64_EXPONENT_FROM = 1e16;
const F32_EXPONENT_FROM = 1e13;
const EXPONENT_BELOW = 1e-5;
const INT64_END = 2 ** 63;

/**
 * The JSON of a reply. A `Float32Array` is an array of numbers, packed vectors are an array of such
 * (null for an absent row); what is no finite number is null; undefined fields are left out.
 */
export function writeJson(data: unknown): string {
  switch (typeof data) {
    case "string":
      return JSON.stringify(data);
    case "number":
      return isInt(data) ? intToJson(data) : floatToJson(data, F64_EXPONENT_FROM);
    case "bigint":
    case "boolean":
      return String(data);
    case "object":
      return data === null ? "null" : writeObject(data);
    default:
      return "null";
  }
}

function writeObject(data: object): string {
  if (Array.isArray(data)) return `[${data.map(writeJson).join(",")}]`;
  if (data instanceof Float32Array) return f32sToJson(data, 0, data.length);
  if (isPackedVectors(data)) return vectorsToJson(data);
  if (isIntegralFloat(data)) return floatToJson(data["#float"], F64_EXPONENT_FROM);
  const fields: string[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (value !== undefined) fields.push(`${JSON.stringify(name)}:${writeJson(value)}`);
  }
  return `{${fields.join(",")}}`;
}

function vectorsToJson({ rows, dimension, values, present }: PackedVectors): string {
  const written: string[] = [];
  let from = 0;
  for (let row = 0; row < rows; row++) {
    if (present !== undefined && present[row] === 0) written.push("null");
    else {
      written.push(f32sToJson(values, from, dimension));
      from += dimension;
    }
  }
  return `[${written.join(",")}]`;
}

function f32sToJson(values: Float32Array, from: number, length: number): string {
  const decimals: number[] = [];
  let isPlain = true;
  for (let index = from; index < from + length; index++) {
    const decimal = f32ToDecimal(values[index] as number);
    decimals.push(decimal);
    const magnitude = Math.abs(decimal);
    isPlain &&= magnitude >= EXPONENT_BELOW && magnitude < F32_EXPONENT_FROM && decimal % 1 !== 0;
  }
  // The platform writes such numbers alike, and three times as fast.
  if (isPlain) return JSON.stringify(decimals);
  return `[${decimals.map((decimal) => floatToJson(decimal, F32_EXPONENT_FROM)).join(",")}]`;
}

/** Beyond 2^53 a number's own text has zeros where its digits are. */
function intToJson(int: number): string {
  return Number.isSafeInteger(int) ? String(int) : BigInt(int).toString();
}

function floatToJson(float: number, exponentFrom: number): string {
  if (!Number.isFinite(float)) return "null";
  const magnitude = Math.abs(float);
  if (magnitude >= exponentFrom || (magnitude < EXPONENT_BELOW && magnitude > 0))
    return float.toExponential();
  if (!Number.isInteger(float)) return String(float);
  return `${Object.is(float, -0) ? "-0" : float}.0`;
}

/** An integral number of 64 bits is an int; a float of such a value crosses the seam as an `IntegralFloat`. */
function isInt(value: number): boolean {
  return Number.isInteger(value) && value >= -INT64_END && value < INT64_END;
}

function isPackedVectors(data: object): data is PackedVectors {
  return "values" in data && data.values instanceof Float32Array;
}
