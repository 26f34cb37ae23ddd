// The `configuration` of a collection as a request gives it: what is there, nothing decided. What a
// collection is created with, and what of it wins, is in worker/catalog/settings.ts.

import {
  assertKnownFields,
  invalidType,
  isFields,
  isOneOf,
  misfit,
  mustHave,
  parseDouble,
  parseJson,
  parseOptional,
  parseString,
  parseStruct,
  parseUnsigned,
  parseVariant,
  pathOf,
  type Fields,
} from "./shape.ts";

const spaces = ["l2", "cosine", "ip"] as const;

/** Which distance: squared Euclid, 1 - cosine, 1 - dot. */
export type Space = (typeof spaces)[number];

/** Settings of the graph. All are kept and told; of `numThreads` and the last four nothing depends. */
export interface HnswConfiguration {
  readonly space: Space;
  readonly efConstruction: number;
  readonly efSearch: number;
  readonly maxNeighbors: number;
  readonly numThreads: number;
  readonly batchSize: number;
  readonly syncThreshold: number;
  readonly resizeFactor: number;
}

export type HnswPatch = Partial<HnswConfiguration>;

/** How embeddings were made: told to whoever opens the collection, never run here. Plain JSON. */
export type EmbeddingFunction =
  | { readonly type: "legacy" | "unknown" }
  | { readonly type: "known"; readonly name: string; readonly config: unknown };

export interface ConfigurationRequest {
  readonly hnsw: HnswPatch | null;
  /** Chroma's index for many machines: on one it is hnsw with the same space. */
  readonly spann: { readonly space: Space | null } | null;
  readonly embeddingFunction: EmbeddingFunction | null;
}

/** Wire name of each setting that is a number, with its property. */
export const hnswProperties = {
  ef_construction: "efConstruction",
  ef_search: "efSearch",
  max_neighbors: "maxNeighbors",
  num_threads: "numThreads",
  batch_size: "batchSize",
  sync_threshold: "syncThreshold",
  resize_factor: "resizeFactor",
} as const;

type HnswWireName = keyof typeof hnswProperties;

// The orders are those in which the server's errors list the fields.
const createFields: readonly ("space" | HnswWireName)[] = [
  "space",
  "ef_construction",
  "ef_search",
  "max_neighbors",
  "num_threads",
  "resize_factor",
  "sync_threshold",
  "batch_size",
];
const updateFields: readonly HnswWireName[] = [
  "ef_search",
  "max_neighbors",
  "num_threads",
  "resize_factor",
  "sync_threshold",
  "batch_size",
];
const spannFields = [
  "search_nprobe",
  "write_nprobe",
  "space",
  "ef_construction",
  "ef_search",
  "max_neighbors",
  "reassign_neighbor_count",
  "split_threshold",
  "merge_threshold",
];
const spannUpdateFields = ["search_nprobe", "ef_search"];

/** Configuration at creation. Unknown keys beside `hnsw`, `spann`, `embedding_function` are ignored. */
export function parseConfiguration(value: unknown, path: string): ConfigurationRequest {
  const fields = parseStruct(value, path, "CollectionConfiguration");
  return {
    hnsw: parseOptional(fields, path, "hnsw", (hnsw, at) =>
      parseHnsw(parseStruct(hnsw, at, "HnswConfiguration"), at, createFields),
    ),
    spann: parseOptional(fields, path, "spann", (spann, at) =>
      parseSpann(parseStruct(spann, at, "SpannConfiguration"), at, spannFields),
    ),
    embeddingFunction: parseOptional(fields, path, "embedding_function", parseEmbeddingFunction),
  };
}

/** Changes of a configuration: space and efConstruction are not among what can change. */
export function parseUpdateConfiguration(value: unknown, path: string): ConfigurationRequest {
  const fields = parseStruct(value, path, "UpdateCollectionConfiguration");
  return {
    hnsw: parseOptional(fields, path, "hnsw", (hnsw, at) =>
      parseHnsw(parseStruct(hnsw, at, "UpdateHnswConfiguration"), at, updateFields),
    ),
    spann: parseOptional(fields, path, "spann", (spann, at) =>
      parseSpann(parseStruct(spann, at, "UpdateSpannConfiguration"), at, spannUpdateFields),
    ),
    embeddingFunction: parseOptional(fields, path, "embedding_function", parseEmbeddingFunction),
  };
}

/** @param known  the fields that may be there; others are a 422 */
export function parseHnsw(fields: Fields, path: string, known: readonly string[]): HnswPatch {
  assertKnownFields(fields, path, known);
  const space = parseOptional(fields, path, "space", parseSpace);
  const patch: { -readonly [Name in keyof HnswPatch]: HnswPatch[Name] } = space === null ? {} : { space };
  for (const name of Object.keys(hnswProperties) as HnswWireName[]) {
    const parse = name === "resize_factor" ? parseDouble : parseUsize;
    const setting = parseOptional(fields, path, name, parse);
    if (setting !== null) patch[hnswProperties[name]] = setting;
  }
  return patch;
}

export function isSpace(value: unknown): value is Space {
  return typeof value === "string" && isOneOf(value, spaces);
}

export function parseSpace(value: unknown, path: string): Space {
  return parseVariant(value, path, spaces);
}

export function parseEmbeddingFunction(value: unknown, path: string): EmbeddingFunction {
  if (!isFields(value)) {
    throw invalidType(path, value, "internally tagged enum EmbeddingFunctionConfiguration");
  }
  const variants = ["legacy", "known", "unknown"] as const;
  const type = parseVariant(mustHave(value, path, "type"), pathOf(path, "type"), variants);
  if (type !== "known") return { type };
  const name = parseString(mustHave(value, path, "name"), pathOf(path, "name"));
  if (value["config"] === undefined) throw misfit(path, "missing field `config`");
  return { type, name, config: parseJson(value["config"], pathOf(path, "config")) };
}

/** Numbers are checked and dropped: nothing here is searched by clusters. */
function parseSpann(fields: Fields, path: string, known: readonly string[]): { space: Space | null } {
  assertKnownFields(fields, path, known);
  for (const name of known) {
    if (name === "space") continue;
    const isSize = name.startsWith("ef_") || name === "max_neighbors";
    parseOptional(fields, path, name, isSize ? parseUsize : parseU32);
  }
  return { space: parseOptional(fields, path, "space", parseSpace) };
}

function parseUsize(value: unknown, path: string): number {
  return parseUnsigned(value, path, "usize");
}

function parseU32(value: unknown, path: string): number {
  return parseUnsigned(value, path, "u32");
}
