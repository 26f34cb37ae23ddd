// The schema of a collection as JSON on the wire: value type → index → setting, for every key that has
// settings of its own and for all others. Shape and defaults are those of Chroma's server (1.3.4).

import type { EmbeddingFunction, HnswConfiguration, HnswPatch } from "../requests/configuration.ts";
import {
  DOCUMENT_KEY,
  EMBEDDING_KEY,
  type IndexSetting,
  type SchemaRequest,
  type ValueTypeSettings,
  type VectorIndexSetting,
} from "../requests/schema.ts";
import { HNSW_DEFAULT, hnswNumbersToJson } from "./hnsw.ts";
import type { CollectionRecord } from "./record.ts";

type Json = Readonly<Record<string, unknown>>;

/** By value type (`string`, `float_list`, `int`…), then by index (`fts_index`, `vector_index`…). */
export type ValueTypesJson = Readonly<Record<string, Readonly<Record<string, IndexSetting>>>>;

export interface SchemaJson {
  readonly defaults: ValueTypesJson;
  readonly keys: Readonly<Record<string, ValueTypesJson>>;
}

/** The schema of a collection, with what its configuration and its writes say. */
export function schemaToJson(record: CollectionRecord): SchemaJson {
  const { defaults, keys } = mustGetSchema(record);
  const vector = keys[EMBEDDING_KEY]?.["float_list"]?.["vector_index"];
  const config = vectorConfig(record.hnsw, record.embeddingFunction, DOCUMENT_KEY);
  const embedding = { float_list: { vector_index: { enabled: vector?.enabled ?? true, config } } };
  const allKeys = copyKeys({ ...keys, [EMBEDDING_KEY]: embedding });
  for (const { key, types } of record.schemaKeys) {
    const added = Object.fromEntries(types.map((type) => [type, defaults[type]!]));
    allKeys[key] = { ...added, ...allKeys[key] };
  }
  return { defaults, keys: allKeys };
}

/** The schema that decides what may be filtered by. */
export function mustGetSchema(record: CollectionRecord): SchemaJson {
  return record.schema ?? defaultSchema(record.hnsw, record.embeddingFunction);
}

export function defaultSchema(
  hnsw: HnswConfiguration,
  embeddingFunction: EmbeddingFunction | null,
): SchemaJson {
  const vector = (enabled: boolean, sourceKey: string | null) => ({
    vector_index: { enabled, config: vectorConfig(hnsw, embeddingFunction, sourceKey) },
  });
  return {
    defaults: {
      string: { fts_index: off, string_inverted_index: on },
      float_list: vector(false, null),
      sparse_vector: {
        sparse_vector_index: {
          enabled: false,
          config: { embedding_function: { type: "unknown" }, bm25: false },
        },
      },
      int: { int_inverted_index: on },
      float: { float_inverted_index: on },
      bool: { bool_inverted_index: on },
    },
    keys: copyKeys({
      [DOCUMENT_KEY]: { string: { fts_index: on, string_inverted_index: off } },
      [EMBEDDING_KEY]: { float_list: vector(true, DOCUMENT_KEY) },
    }),
  };
}

/** The default schema with what a request sets. */
export function schemaFromRequest(request: SchemaRequest): SchemaJson {
  const base = defaultSchema(HNSW_DEFAULT, null);
  const keys = copyKeys(base.keys);
  for (const [key, settings] of request.keys) {
    const sourceKey = key === EMBEDDING_KEY ? DOCUMENT_KEY : null;
    keys[key] = override(base.keys[key] ?? {}, settings, sourceKey);
  }
  return { defaults: override(base.defaults, request.defaults, null), keys };
}

/** Whether it says what no schema would say too. Names of no function and numbers of threads do not count. */
export function isDefaultSchema(request: SchemaRequest): boolean {
  const vectors = [request.defaults.vector, request.keys.get(EMBEDDING_KEY)?.vector];
  if (!vectors.every((vector) => isDefaultEmbeddingFunction(vector?.embeddingFunction ?? null))) return false;
  const keys = new Map([...request.keys].map(([key, types]) => [key, withoutNeutral(types)]));
  const schema = schemaFromRequest({ ...request, defaults: withoutNeutral(request.defaults), keys });
  return JSON.stringify(schema) === JSON.stringify(defaultSchema(HNSW_DEFAULT, null));
}

/** Null, unknown, and the function that clients name when the caller names none. */
export function isDefaultEmbeddingFunction(embeddingFunction: EmbeddingFunction | null): boolean {
  if (embeddingFunction === null || embeddingFunction.type === "unknown") return true;
  return embeddingFunction.type === "known" && embeddingFunction.name === "default";
}

/** A schema whose default vector index follows a change of the configuration, as Chroma has it. */
export function withVectorDefaults(
  schema: SchemaJson,
  hnsw: HnswPatch,
  embeddingFunction: EmbeddingFunction | null,
): SchemaJson {
  const { enabled, config } = schema.defaults["float_list"]!["vector_index"]!;
  const changed: Json = {
    ...config,
    ...(embeddingFunction === null ? {} : { embedding_function: embeddingFunction }),
    hnsw: { ...(config["hnsw"] as Json), ...hnswNumbersToJson(hnsw) },
  };
  const floatList = { vector_index: { enabled, config: changed } };
  return { ...schema, defaults: { ...schema.defaults, float_list: floatList } };
}

const on: IndexSetting = { enabled: true, config: {} };
const off: IndexSetting = { enabled: false, config: {} };

function vectorConfig(
  hnsw: HnswConfiguration,
  embeddingFunction: EmbeddingFunction | null,
  sourceKey: string | null,
): Json {
  return {
    space: hnsw.space,
    ...(embeddingFunction === null ? {} : { embedding_function: embeddingFunction }),
    ...(sourceKey === null ? {} : { source_key: sourceKey }),
    hnsw: hnswNumbersToJson(hnsw),
  };
}

function override(
  base: ValueTypesJson,
  settings: ValueTypeSettings,
  sourceKey: string | null,
): ValueTypesJson {
  const result: Record<string, Readonly<Record<string, IndexSetting>>> = { ...base };
  for (const [type, indexes] of Object.entries(settings.scalars)) {
    const merged: Record<string, IndexSetting> = { ...base[type] };
    for (const [index, { enabled, config }] of Object.entries(indexes)) {
      merged[index] = { enabled, config: { ...merged[index]?.config, ...config } };
    }
    result[type] = merged;
  }
  if (settings.vector !== null)
    result["float_list"] = { vector_index: vectorIndex(settings.vector, sourceKey) };
  return result;
}

function vectorIndex(setting: VectorIndexSetting, sourceKey: string | null): IndexSetting {
  const hnsw = { ...HNSW_DEFAULT, ...setting.hnsw, space: setting.space ?? HNSW_DEFAULT.space };
  return { enabled: setting.enabled, config: vectorConfig(hnsw, setting.embeddingFunction, sourceKey) };
}

function withoutNeutral(types: ValueTypeSettings): ValueTypeSettings {
  if (types.vector === null) return types;
  const hnsw = { ...types.vector.hnsw, numThreads: HNSW_DEFAULT.numThreads };
  return { ...types, vector: { ...types.vector, hnsw, embeddingFunction: null } };
}

/** Without a prototype: a metadata key may be named `__proto__`. */
function copyKeys(keys: Readonly<Record<string, ValueTypesJson>>): Record<string, ValueTypesJson> {
  return Object.assign(Object.create(null) as Record<string, ValueTypesJson>, keys);
}
