// What a new collection is made with. Four places can say it: `configuration`, `schema`, `hnsw:*` keys of
// the metadata, and the defaults; which of them wins is as measured on Chroma's server (1.3.4), which
// takes a value equal to the default for one that was not given.

import { invalidArgument } from "../../src/protocol/request-error.ts";
import type { CreateCollectionRequest } from "../requests/collection.ts";
import type { EmbeddingFunction, HnswConfiguration, HnswPatch } from "../requests/configuration.ts";
import { EMBEDDING_KEY, isEnabled, type SchemaRequest } from "../requests/schema.ts";
import { HNSW_DEFAULT, isDefaultHnsw } from "./hnsw.ts";
import { parseLegacyMetadata } from "./legacy-metadata.ts";
import { isDefaultEmbeddingFunction, isDefaultSchema, schemaFromRequest, type SchemaJson } from "./schema.ts";

export interface CollectionSettings {
  readonly hnsw: HnswConfiguration;
  readonly embeddingFunction: EmbeddingFunction | null;
  /** Null: the default one. */
  readonly schema: SchemaJson | null;
}

/**
 * The configuration, if any of it differs from the defaults; else the metadata's; and a schema that says
 * anything of its own only where neither does.
 * @throws {RequestError}  400 when they contradict or ask for what cannot be
 */
export function resolveSettings(request: CreateCollectionRequest): CollectionSettings {
  const { configuration, metadata, schema } = request;
  const legacy = parseLegacyMetadata(metadata);
  const embeddingFunction = configuration?.embeddingFunction ?? null;
  let hnsw: HnswConfiguration = { ...HNSW_DEFAULT, ...configuration?.hnsw };
  if (configuration?.spann)
    hnsw = { ...HNSW_DEFAULT, space: configuration.spann.space ?? HNSW_DEFAULT.space };
  else if (isDefaultHnsw(hnsw)) hnsw = { ...hnsw, ...legacy };
  if (schema === null) return { hnsw, embeddingFunction, schema: null };

  assertPossible(schema);
  if (isDefaultSchema(schema)) {
    const ownFunction = schema.keys.get(EMBEDDING_KEY)?.vector?.embeddingFunction ?? null;
    return { hnsw, embeddingFunction: embeddingFunction ?? ownFunction, schema: null };
  }
  if (!isDefaultHnsw(hnsw) || !isDefaultEmbeddingFunction(embeddingFunction)) {
    throw irreconcilable("Cannot set both collection config and schema simultaneously");
  }
  const vector = schema.keys.get(EMBEDDING_KEY)?.vector;
  return {
    hnsw: { ...HNSW_DEFAULT, ...vector?.hnsw, space: vector?.space ?? HNSW_DEFAULT.space },
    embeddingFunction: vector?.embeddingFunction ?? null,
    schema: schemaFromRequest(schema),
  };
}

function assertPossible(schema: SchemaRequest): void {
  for (const types of schema.keys.values()) {
    if (isEnabled(types, "sparse_vector", "sparse_vector_index")) {
      throw irreconcilable("Invalid schema input: Sparse vector indexing is not enabled in local");
    }
    if (types.vector?.hnsw) assertRanges(types.vector.hnsw);
  }
  if (schema.defaults.vector?.hnsw) assertRanges(schema.defaults.vector.hnsw);
}

/** The server checks these in a schema, and in a configuration not. */
function assertRanges({ batchSize, syncThreshold }: HnswPatch): void {
  const lines = Object.entries({ batch_size: batchSize, sync_threshold: syncThreshold }).flatMap(
    ([name, value]) =>
      value === undefined || value >= 2
        ? []
        : [`${name}: Validation error: range [{"min": Number(2), "value": Number(${value})}]`],
  );
  if (lines.length > 0) throw irreconcilable(`Invalid HNSW configuration: ${lines.join("\n")}`);
}

function irreconcilable(problem: string): Error {
  return invalidArgument(`Failed to reconcile schema: ${problem}`);
}
