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
    return vectorToDecimals(values, from, dimension);
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
  if (distances instanceof Float32Array) return vectorToDecimals(distances, 0, distances.length);
  if (!Array.isArray(distances)) return distances;
  return distances.map((distance: unknown) =>
    typeof distance === "number" ? toDecimal(Math.fround(distance)) : null,
  );
}

/** The one loop over every number of a reply: plain, and of one kind of array. */
function vectorToDecimals(values: Float32Array, from: number, length: number): number[] {
  const decimals: (number | null)[] = [];
  for (let index = from; index < from + length; index += 1) decimals.push(toDecimal(values[index] as number));
  // The official type has no null here, the official client's replies do.
  return decimals as number[];
}

function toDecimal(value: number): number | null {
  return Number.isFinite(value) ? f32ToDecimal(value) : null;
}

function isPacked(value: unknown): value is PackedVectors {
  return typeof value === "object" && value !== null && "values" in value && "dimension" in value;
}
