// The slow and obvious reference: distances in doubles, every row compared, everything sorted.

import type { Space } from "../../wasm/hnsw.ts";
import { rowOf, type Dataset } from "./datasets.ts";

export interface Found {
  readonly slot: number;
  readonly distance: number;
}

export function distanceBetween(space: Space, a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squares = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    squares += (a[i]! - b[i]!) ** 2;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  if (space === "l2") return squares;
  if (space === "ip") return 1 - dot;
  return aa === 0 || bb === 0 ? 1 : 1 - dot / Math.sqrt(aa * bb);
}

/** The `k` nearest rows of those that `isAllowed` lets pass, nearest first, equals by slot. */
export function nearestRows(
  space: Space,
  set: Dataset,
  query: Float32Array,
  k: number,
  isAllowed: (slot: number) => boolean = () => true,
): Found[] {
  const found: Found[] = [];
  for (let slot = 0; slot < set.rows; slot++)
    if (isAllowed(slot)) found.push({ slot, distance: distanceBetween(space, query, rowOf(set, slot)) });
  return found.sort((a, b) => a.distance - b.distance || a.slot - b.slot).slice(0, k);
}

/**
 * Share of the true neighbors that were found. A slot counts as true when it is as near as the k-th one: among
 * equals any will do.
 */
export function recallOf(
  space: Space,
  set: Dataset,
  query: Float32Array,
  found: ArrayLike<number>,
  truth: readonly Found[],
): number {
  if (truth.length === 0) return 1;
  const farthest = truth[truth.length - 1]!.distance;
  const tolerance = 1e-6 * Math.max(1e-3, Math.abs(farthest));
  let hits = 0;
  for (const slot of Array.from(found))
    if (distanceBetween(space, query, rowOf(set, slot)) <= farthest + tolerance) hits++;
  return hits / truth.length;
}
