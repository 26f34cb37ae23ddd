// Vectors in a body: arrays of numbers, or base64 of little-endian f32, all the one or all the other.

import { invalidArgument } from "../src/protocol/request-error.ts";
import { decodeBase64 } from "./base64.ts";
import type { JsonKind, JsonReader } from "./json/json-reader.ts";
import { VectorRows } from "./vector-rows.ts";

const F32_BYTES = 4;

/** What a row may be: an "array" of numbers, a "string" of base64, an "other" null where there is no vector. */
export type RowKinds = readonly JsonKind[];

/**
 * The vectors that `reader` stands before, packed (`PackedVectors`) as they are read. What are no
 * vectors are handed on as plain JSON, for the engine to refuse.
 *
 * @throws {JsonError}
 * @throws {RequestError}  400: bad base64 or a number in it that is not finite, rows of different lengths
 */
export function readVectors(reader: JsonReader, kinds: RowKinds): unknown {
  const start = reader.position;
  if (reader.peek() !== "array") return reader.value();
  const rows = new VectorRows();
  const numbers: number[] = [];
  let kind: JsonKind | undefined;
  let fits = true;
  reader.array(() => {
    const ahead = reader.peek();
    const rowStart = reader.position;
    fits &&= kinds.includes(ahead) && (ahead === "other" || ahead === (kind ?? ahead));
    if (!fits || ahead === "other") {
      const isNull = reader.value() === null;
      fits &&= isNull;
      rows.addAbsent();
      return;
    }
    kind = ahead;
    const row = ahead === "string" ? parseBase64Row(reader.string()) : numbers;
    if (row === numbers && !reader.numbers(numbers)) fits = false;
    else rows.add(row, rowsAhead(reader, rowStart));
  });
  if (fits) return rows.finish();
  reader.position = start;
  return reader.value();
}

/** As many rows of this length as the text can hold. */
function rowsAhead({ position, text }: JsonReader, rowStart: number): number {
  return Math.floor((text.length - position) / (position - rowStart));
}

function parseBase64Row(text: string): Float32Array {
  const bytes = decodeBase64(text);
  if (bytes.length % F32_BYTES !== 0) {
    const problem = "cannot be converted to f32 values (must be divisible by 4)";
    throw invalidArgument(`Invalid byte length: ${bytes.length} bytes ${problem}`);
  }
  const row = new Float32Array(bytes.buffer);
  const at = row.findIndex((value) => !Number.isFinite(value));
  if (at !== -1) {
    const shown = String(row[at]).replace("Infinity", "inf");
    throw invalidArgument(`Non-finite float value at embedding index ${at}: ${shown}`);
  }
  return row;
}
