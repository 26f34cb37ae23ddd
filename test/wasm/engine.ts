// The engine under test, and a whole query in one call.

import { buildWasm } from "../../wasm/build.mjs";
import type { HnswIndex, HnswModule, HnswParameters, Neighbors } from "../../wasm/hnsw.ts";
import { loadHnsw } from "../../wasm/load.ts";
import { rowOf, type Dataset } from "./datasets.ts";

const folder = new URL("../../wasm/build/", import.meta.url);

/** A memory of its own. Compiles nothing unless the sources changed. */
export async function loadEngine(): Promise<HnswModule> {
  await buildWasm();
  return loadHnsw({ simd: new URL("hnsw.wasm", folder), relaxed: new URL("hnsw-relaxed.wasm", folder) });
}

export const defaults: Omit<HnswParameters, "dimension"> = {
  space: "l2",
  maxNeighbors: 16,
  efConstruction: 100,
  codeKind: "i8",
};

export interface WholeQuery {
  readonly k: number;
  readonly breadth?: number;
  readonly allowed?: Uint32Array;
  /** By the graph, or by comparing everything. */
  readonly by?: "graph" | "scan";
}

/** Collects candidates, rescores all of them, and returns the best. */
export function findNearest(
  index: HnswIndex,
  set: Dataset,
  query: Float32Array,
  wanted: WholeQuery,
): Neighbors {
  const { k, breadth = Math.max(100, 3 * k), allowed, by = "graph" } = wanted;
  index.query(query, breadth, allowed);
  if (by === "graph") index.search();
  else index.scan(0, index.state().slots);
  const count = index.candidates();
  const missing = index.rescore(0, count);
  if (missing) {
    const rows = new Float32Array(missing.slots.length * set.dimension);
    missing.slots.forEach((slot, i) => rows.set(rowOf(set, slot), i * set.dimension));
    index.supply(missing.candidates, rows);
  }
  return index.results(count, k);
}

/** A bitset's words. */
export function wordsOf(slots: number, isAllowed: (slot: number) => boolean): Uint32Array {
  const words = new Uint32Array((slots + 31) >>> 5);
  for (let slot = 0; slot < slots; slot++) if (isAllowed(slot)) words[slot >>> 5]! |= 1 << (slot & 31);
  return words;
}
