// Packed replies → what Chroma's server would have sent: rows of numbers, null for what is no number.

import type { PackedVectors } from "../protocol/operation.ts";
import { f32ToDecimal } from "./f32-decimal.ts";

/** Rows of a packed reply; null for an absent row, and for a number that JSON cannot write. */
export function unpackVectors({ rows, dimension, values, present }: PackedVectors): (number[] | null)[] {
  let taken = 0;
  return Array.from({ length: rows }, (_, row) => {
    if (present && present[row] === 0) return null;
    const from = taken * dimension;
    taken += 1;
    return toDecimals(values.subarray(from, from + dimension)) as number[];
  });
}

/** Data of a get or query reply as the official client expects it; any other data as it is. */
export function unpackData(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const { embeddings, distances } = data as { embeddings?: unknown; distances?: unknown };
  return {
    ...data,
    ...(isPacked(embeddings) ? { embeddings: unpackVectors(embeddings) } : {}),
    ...(Array.isArray(embeddings)
      ? { embeddings: embeddings.map((query: unknown) => (isPacked(query) ? unpackVectors(query) : query)) }
      : {}),
    ...(Array.isArray(distances) ? { distances: distances.map(unpackDistances) } : {}),
  };
}

/** Distances of one query; the engine's are f32. */
function unpackDistances(distances: unknown): unknown {
  if (distances instanceof Float32Array) return toDecimals(distances);
  if (!Array.isArray(distances)) return distances;
  return toDecimals(distances as (number | null)[]);
}

function toDecimals(values: ArrayLike<number | null>): (number | null)[] {
  const decimals = new Array<number | null>(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    decimals[index] = value !== null && Number.isFinite(value) ? f32ToDecimal(Math.fround(value)) : null;
  }
  return decimals;
}

function isPacked(value: unknown): value is PackedVectors {
  return typeof value === "object" && value !== null && "values" in value && "dimension" in value;
}
