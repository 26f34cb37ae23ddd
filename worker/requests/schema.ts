// The `schema` of a collection as a request gives it: which index is on for which key and value type.
// The shape is checked (422) and the rules that Chroma's server (1.3.4) puts on it (400).

import { parseEmbeddingFunction, parseHnsw, parseSpace } from "./configuration.ts";
import type { EmbeddingFunction, HnswPatch, Space } from "./configuration.ts";
import {
  assertKnownFields,
  mustHave,
  parseBoolean,
  parseMap,
  parseOptional,
  parseString,
  parseStruct,
  pathOf,
  type Fields,
} from "./shape.ts";
import type { Problem } from "./validation.ts";

export const DOCUMENT_KEY = "#document";
export const EMBEDDING_KEY = "#embedding";

/** Whether one index is on; `config` is that of the index, empty for most. */
export interface IndexSetting {
  readonly enabled: boolean;
  readonly config: Fields;
}

export interface VectorIndexSetting {
  readonly enabled: boolean;
  readonly space: Space | null;
  readonly embeddingFunction: EmbeddingFunction | null;
  readonly sourceKey: string | null;
  readonly hnsw: HnswPatch | null;
}

/** Settings of one key, or of every key that has none: index by value type. Absent: as by default. */
export interface ValueTypeSettings {
  readonly vector: VectorIndexSetting | null;
  /** The other indexes by value type and name, as `string` → `fts_index`; types that were there stay. */
  readonly scalars: Readonly<Record<string, Readonly<Record<string, IndexSetting>>>>;
}

export interface SchemaRequest {
  readonly defaults: ValueTypeSettings;
  readonly keys: ReadonlyMap<string, ValueTypeSettings>;
  /** Fields that only the server's cloud may set. */
  readonly cmek: boolean;
  readonly sourceAttachedFunction: boolean;
}

/** The indexes of each value type but vectors. */
export const scalarIndexes = {
  string: ["fts_index", "string_inverted_index"],
  sparse_vector: ["sparse_vector_index"],
  int: ["int_inverted_index"],
  float: ["float_inverted_index"],
  bool: ["bool_inverted_index"],
} as const;

const vectorFields = ["space", "embedding_function", "source_key", "hnsw", "spann"];
const hnswFields = [
  "ef_construction",
  "max_neighbors",
  "ef_search",
  "num_threads",
  "batch_size",
  "sync_threshold",
  "resize_factor",
];

export function parseSchema(value: unknown, path: string): SchemaRequest {
  const fields = parseStruct(value, path, "Schema");
  const defaults = parseValueTypes(mustHave(fields, path, "defaults"), pathOf(path, "defaults"));
  const keysPath = pathOf(path, "keys");
  const keys = new Map<string, ValueTypeSettings>();
  for (const [key, types] of Object.entries(parseMap(mustHave(fields, path, "keys"), keysPath))) {
    keys.set(parseString(key, keysPath), parseValueTypes(types, pathOf(keysPath, key)));
  }
  return {
    defaults,
    keys,
    cmek: isGiven(fields["cmek"]),
    sourceAttachedFunction: isGiven(fields["source_attached_function_id"]),
  };
}

/** Which index may be on where. */
export function schemaProblem(schema: SchemaRequest | null): Problem {
  if (schema === null) return undefined;
  if (schema.cmek) return "Customer-managed encryption keys are not supported";
  if (schema.sourceAttachedFunction) {
    return "Cannot set source_attached_function_id. This field is reserved for system use.";
  }
  const problem = defaultsProblem(schema.defaults);
  if (problem !== undefined) return problem;
  for (const [key, types] of schema.keys) {
    const keyProblem = problemOfKey(key, types);
    if (keyProblem !== undefined) return keyProblem;
  }
  return undefined;
}

function defaultsProblem(types: ValueTypeSettings): Problem {
  if (types.vector?.enabled) {
    return "Vector index cannot be enabled by default. It can only be enabled on #embedding field.";
  }
  if (isEnabled(types, "sparse_vector", "sparse_vector_index")) {
    return (
      "Sparse vector index cannot be enabled by default. Please enable sparse vector index on specific keys. " +
      "At most one sparse vector index is allowed for the collection."
    );
  }
  if (isEnabled(types, "string", "fts_index")) {
    return (
      "Full text search / regular expression index cannot be enabled by default. " +
      "It can only be enabled on #document field."
    );
  }
  return undefined;
}

function problemOfKey(key: string, types: ValueTypeSettings): Problem {
  if (key === DOCUMENT_KEY) return documentProblem(types);
  if (key === EMBEDDING_KEY) return embeddingProblem(types);
  if (key.startsWith("#")) {
    return `key cannot begin with '#'. Keys starting with '#' are reserved for system use: ${key}`;
  }
  if (types.vector?.enabled) return `Vector index can only be enabled on #embedding field: ${key}`;
  if (isEnabled(types, "string", "fts_index")) {
    return `Full text search / regular expression index can only be enabled on #document field: ${key}`;
  }
  return undefined;
}

function embeddingProblem(types: ValueTypeSettings): Problem {
  if (Object.keys(types.scalars).length > 0) {
    return `Embedding field cannot have any value types other than float_list: ${EMBEDDING_KEY}`;
  }
  const sourceKey = types.vector?.sourceKey ?? DOCUMENT_KEY;
  return sourceKey === DOCUMENT_KEY ? undefined : "Vector index can only source from #document";
}

function documentProblem(types: ValueTypeSettings): Problem {
  if (types.vector !== null || Object.keys(types.scalars).some((type) => type !== "string")) {
    return `Document field cannot have any value types other than string: ${DOCUMENT_KEY}`;
  }
  if (isEnabled(types, "string", "string_inverted_index")) {
    return `String inverted index can not be enabled on #document key: ${DOCUMENT_KEY}`;
  }
  return undefined;
}

export function isEnabled(types: ValueTypeSettings, type: string, index: string): boolean {
  return types.scalars[type]?.[index]?.enabled ?? false;
}

function parseValueTypes(value: unknown, path: string): ValueTypeSettings {
  const fields = parseStruct(value, path, "ValueTypes");
  const scalars: Record<string, Record<string, IndexSetting>> = {};
  for (const [type, indexes] of Object.entries(scalarIndexes)) {
    const settings = parseOptional(fields, path, type, (inner, at) => parseIndexes(inner, at, indexes));
    if (settings !== null) scalars[type] = settings;
  }
  return { scalars, vector: parseOptional(fields, path, "float_list", parseFloatList) };
}

function parseIndexes(value: unknown, path: string, names: readonly string[]): Record<string, IndexSetting> {
  const fields = parseStruct(value, path, "ValueType");
  const settings: Record<string, IndexSetting> = {};
  for (const name of names) {
    const setting = parseOptional(fields, path, name, parseIndex);
    if (setting !== null) settings[name] = setting;
  }
  return settings;
}

function parseIndex(value: unknown, path: string): IndexSetting {
  const fields = parseStruct(value, path, "IndexType");
  const enabled = parseBoolean(mustHave(fields, path, "enabled"), pathOf(path, "enabled"));
  const config = parseMap(mustHave(fields, path, "config"), pathOf(path, "config"));
  if (!path.endsWith("sparse_vector_index")) return { enabled, config: {} };
  return { enabled, config: parseSparseConfig(config, pathOf(path, "config")) };
}

function parseSparseConfig(fields: Fields, path: string): Fields {
  const embeddingFunction = parseOptional(fields, path, "embedding_function", parseEmbeddingFunction);
  const sourceKey = parseOptional(fields, path, "source_key", parseString);
  const bm25 = parseOptional(fields, path, "bm25", parseBoolean);
  return {
    ...(embeddingFunction === null ? {} : { embedding_function: embeddingFunction }),
    ...(sourceKey === null ? {} : { source_key: sourceKey }),
    ...(bm25 === null ? {} : { bm25 }),
  };
}

function parseFloatList(value: unknown, path: string): VectorIndexSetting | null {
  const fields = parseStruct(value, path, "FloatListValueType");
  return parseOptional(fields, path, "vector_index", parseVectorIndex);
}

function parseVectorIndex(value: unknown, path: string): VectorIndexSetting {
  const fields = parseStruct(value, path, "VectorIndexType");
  const at = pathOf(path, "config");
  const config = parseStruct(mustHave(fields, path, "config"), at, "VectorIndexConfig");
  assertKnownFields(config, at, vectorFields);
  const sourceKey = parseOptional(config, at, "source_key", parseString);
  return {
    enabled: parseBoolean(mustHave(fields, path, "enabled"), pathOf(path, "enabled")),
    space: parseOptional(config, at, "space", parseSpace),
    embeddingFunction: parseOptional(config, at, "embedding_function", parseEmbeddingFunction),
    sourceKey,
    hnsw: parseOptional(config, at, "hnsw", (hnsw, inner) =>
      parseHnsw(parseStruct(hnsw, inner, "HnswIndexConfig"), inner, hnswFields),
    ),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
