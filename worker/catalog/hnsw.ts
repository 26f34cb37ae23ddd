// The graph's settings: Chroma's defaults, their wire form, and what the graph makes of extreme values.

import { hnswProperties, type HnswConfiguration, type HnswPatch } from "../requests/configuration.ts";

/** Chroma's defaults (1.3.4); its num_threads is the machine's, ours the one thread there is. */
export const HNSW_DEFAULT: HnswConfiguration = {
  space: "l2",
  efConstruction: 100,
  efSearch: 100,
  maxNeighbors: 16,
  numThreads: 1,
  batchSize: 100,
  syncThreshold: 1000,
  resizeFactor: 1.2,
};

/** Below four neighbors a graph falls apart: Chroma finds 1 of 50 at one, and crashes at none. */
const MAX_NEIGHBORS_MIN = 4;
const MAX_NEIGHBORS_MAX = 512;
const EF_MAX = 65_536;

/** What the graph is built with: any configuration Chroma accepts, within what works. */
export interface GraphSettings {
  readonly maxNeighbors: number;
  readonly efConstruction: number;
  readonly efSearch: number;
}

export function graphSettings(configuration: HnswConfiguration): GraphSettings {
  const maxNeighbors = clamp(configuration.maxNeighbors, MAX_NEIGHBORS_MIN, MAX_NEIGHBORS_MAX);
  return {
    maxNeighbors,
    efConstruction: clamp(configuration.efConstruction, maxNeighbors, EF_MAX),
    efSearch: clamp(configuration.efSearch, 1, EF_MAX),
  };
}

/** Whether nothing of it was chosen; the threads are no choice, every machine has its own number. */
export function isDefaultHnsw(configuration: HnswConfiguration): boolean {
  const names = Object.keys(HNSW_DEFAULT) as (keyof HnswConfiguration)[];
  return names.every((name) => name === "numThreads" || configuration[name] === HNSW_DEFAULT[name]);
}

/** The numbers under their wire names, in the order of Chroma's schema. */
export function hnswNumbersToJson(hnsw: HnswPatch): Record<string, number> {
  const json: Record<string, number> = {};
  for (const name of schemaOrder) {
    const value = hnsw[hnswProperties[name]];
    if (value !== undefined) json[name] = value;
  }
  return json;
}

const schemaOrder = [
  "ef_construction",
  "max_neighbors",
  "ef_search",
  "num_threads",
  "batch_size",
  "sync_threshold",
  "resize_factor",
] as const;

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
