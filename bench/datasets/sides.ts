// A number for each row that says on which side of a data set it lies: filters on it allow the region
// around the queries, or the one farthest from them.

import { row, type Dataset } from "./dataset.ts";

/** Queries that lie together, near the first one: row numbers, nearest first. */
export function queriesOnOneSide({ queries, dimension }: Dataset, count: number): number[] {
  const direction = row(queries, 0, dimension);
  const nearness = Array.from({ length: queries.length / dimension }, (_, i) =>
    dot(direction, row(queries, i, dimension)),
  );
  return [...nearness.keys()].toSorted((a, b) => nearness[b]! - nearness[a]!).slice(0, count);
}

/** For each row the share of rows, 0 to below 1, that are farther from the first query than it is. */
export function sidesOf({ vectors, queries, dimension }: Dataset): Float64Array {
  const direction = row(queries, 0, dimension);
  const rows = vectors.length / dimension;
  const nearness = Float64Array.from({ length: rows }, (_, i) => dot(direction, row(vectors, i, dimension)));
  const order = Uint32Array.from(nearness.keys()).toSorted((a, b) => nearness[a]! - nearness[b]!);
  const sides = new Float64Array(rows);
  for (const [place, i] of order.entries()) sides[i] = place / rows;
  return sides;
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
