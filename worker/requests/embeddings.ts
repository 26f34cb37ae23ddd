// Packed vectors of a request, checked against what Chroma's server (1.3.4) checks in JSON.

import { isIntegralFloat } from "../../src/protocol/metadata.ts";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import { invalidArgument, type RequestError } from "../../src/protocol/request-error.ts";
import { invalidType, isFields, misfit } from "./shape.ts";

/** Numbers in a vector, at most: the vector engine's limit. Chroma's server has none. */
const DIMENSION_MAX = 65_536;

/** Vectors of new records: one a row, every row present. `null` and the like are a 422. */
export function parseEmbeddings(value: unknown): PackedVectors {
  const vectors = isPackedVectors(value) ? value : undefined;
  if (vectors === undefined || presentRows(vectors) !== vectors.rows) {
    throw misfit("embeddings", "data did not match any variant of untagged enum EmbeddingsPayload");
  }
  assertUsable(vectors);
  return vectors;
}

/** Vectors of records to change, where a row without one keeps what the record has; null: no row has one. */
export function parseUpdateEmbeddings(value: unknown): PackedVectors | null {
  if (value === undefined || value === null) return null;
  if (!isPackedVectors(value)) {
    throw misfit("embeddings", "data did not match any variant of untagged enum UpdateEmbeddingsPayload");
  }
  assertUsable(value);
  return value;
}

/** Vectors to search near to. Infinity is let through, as on the server: its distances are null. */
export function parseQueryEmbeddings(value: unknown): PackedVectors {
  if (!isPackedVectors(value) || presentRows(value) !== value.rows) throw queryMisfit(value);
  const at = value.values.findIndex(Number.isNaN);
  if (at !== -1) {
    const path = `query_embeddings[${Math.floor(at / value.dimension)}][${at % value.dimension}]`;
    throw invalidType(path, null, "f32");
  }
  return value;
}

/** What is wrong with rows that could not be packed, and where. */
function queryMisfit(value: unknown): RequestError {
  const path = "query_embeddings";
  if (isPackedVectors(value)) return invalidType(`${path}[${value.present?.indexOf(0)}]`, null, "a sequence");
  if (!Array.isArray(value)) return invalidType(path, value, "a sequence");
  const row = value.findIndex((numbers) => !Array.isArray(numbers) || !numbers.every(isNumber));
  const numbers: unknown = value[row];
  if (!Array.isArray(numbers)) return invalidType(`${path}[${row}]`, numbers, "a sequence");
  const place = numbers.findIndex((number) => !isNumber(number));
  return invalidType(`${path}[${row}][${place}]`, numbers[place], "f32");
}

/** How many rows have a vector. */
export function presentRows({ rows, present }: PackedVectors): number {
  if (present === undefined) return rows;
  let count = 0;
  for (const flag of present) count += flag === 0 ? 0 : 1;
  return count;
}

function assertUsable(vectors: PackedVectors): void {
  if (vectors.dimension === 0 && presentRows(vectors) > 0) {
    throw invalidArgument("Validation error: embeddings: Each embedding must have at least 1 dimension");
  }
  if (vectors.dimension > DIMENSION_MAX) {
    throw invalidArgument(
      `Expected embeddings of at most ${DIMENSION_MAX} dimensions, got ${vectors.dimension}`,
    );
  }
  if (!isFinite(vectors.values)) {
    throw invalidArgument("Validation error: embeddings: Embeddings must not contain NaN or Infinity values");
  }
}

/** By index: `for of` over a typed array takes 30 times as long (V8 of Node 20). */
function isFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function isPackedVectors(value: unknown): value is PackedVectors {
  if (!isFields(value)) return false;
  const { rows, dimension, values, present } = value;
  if (!isCount(rows) || !isCount(dimension) || !(values instanceof Float32Array)) return false;
  if (present !== undefined && !(present instanceof Uint8Array && present.length === rows)) return false;
  return values.length === presentRows(value as unknown as PackedVectors) * dimension;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint" || isIntegralFloat(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
