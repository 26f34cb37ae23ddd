// Fields of replies that are floats by type. The engine has plain numbers there; on the wire 1 is 1.0.

import type { IntegralFloat } from "../src/protocol/metadata.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A reply whose floats look like floats; what has none is handed back as it is. */
export function withFloats(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withFloats);
  if (!isFields(data)) return data;
  const { distances, op_indexing_progress: progress, configuration_json, schema } = data;
  return {
    ...data,
    ...(Array.isArray(distances) && { distances: distances.map(toF32s) }),
    ...(progress !== undefined && { op_indexing_progress: toFloat(progress) }),
    ...(isFields(configuration_json) && { configuration_json: withHnswFloats(configuration_json) }),
    ...(isFields(schema) && { schema: withSchemaFloats(schema) }),
  };
}

/** Distances of one query, of which null is no finite number. */
function toF32s(distances: unknown): unknown {
  if (!Array.isArray(distances)) return distances;
  return Float32Array.from(distances as (number | null)[], (distance) => distance ?? Number.NaN);
}

function withSchemaFloats({ defaults, keys }: Fields): Fields {
  return { defaults: withVectorFloats(defaults), keys: mapFields(keys, withVectorFloats) };
}

/** The settings of a key, of which vectors alone have floats: in `float_list.vector_index.config.hnsw`. */
function withVectorFloats(types: unknown): unknown {
  return mapField(types, "float_list", (indexes) =>
    mapField(indexes, "vector_index", (index) =>
      mapField(index, "config", (config) => (isFields(config) ? withHnswFloats(config) : config)),
    ),
  );
}

function withHnswFloats(configuration: Fields): unknown {
  return mapField(configuration, "hnsw", (hnsw) => mapField(hnsw, "resize_factor", toFloat));
}

/** `fields` with one of them changed, where it is there. */
function mapField(fields: unknown, name: string, change: (value: unknown) => unknown): unknown {
  if (!isFields(fields) || fields[name] === undefined) return fields;
  return { ...fields, [name]: change(fields[name]) };
}

function mapFields(fields: unknown, change: (value: unknown) => unknown): unknown {
  if (!isFields(fields)) return fields;
  // Unlike an assignment, this makes a field of `__proto__` too.
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]));
}

function toFloat(value: unknown): unknown {
  if (typeof value !== "number" || !Number.isInteger(value)) return value;
  return { "#float": value } satisfies IntegralFloat;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
