// A collection as the API shows it.

import type { Metadata } from "../../src/protocol/metadata.ts";
import type { EmbeddingFunction, Space } from "../requests/configuration.ts";
import type { CollectionRecord, DatabaseRecord, TenantRecord } from "./record.ts";
import { schemaToJson, type SchemaJson } from "./schema.ts";

/** `Collection` of Chroma's REST contract. */
export interface CollectionJson {
  readonly id: string;
  readonly name: string;
  readonly configuration_json: {
    readonly hnsw: {
      readonly space: Space;
      readonly ef_construction: number;
      readonly ef_search: number;
      readonly max_neighbors: number;
      readonly resize_factor: number;
      readonly sync_threshold: number;
    };
    readonly spann: null;
    readonly embedding_function: EmbeddingFunction | null;
  };
  readonly schema: SchemaJson;
  readonly metadata: Metadata | null;
  readonly dimension: number | null;
  readonly tenant: string;
  readonly database: string;
  /** Always 0, as on a server of one machine. */
  readonly log_position: 0;
  readonly version: 0;
}

export function collectionToJson(record: CollectionRecord): CollectionJson {
  const { hnsw } = record;
  return {
    id: record.id,
    name: record.name,
    configuration_json: {
      hnsw: {
        space: hnsw.space,
        ef_construction: hnsw.efConstruction,
        ef_search: hnsw.efSearch,
        max_neighbors: hnsw.maxNeighbors,
        resize_factor: hnsw.resizeFactor,
        sync_threshold: hnsw.syncThreshold,
      },
      spann: null,
      embedding_function: record.embeddingFunction,
    },
    schema: schemaToJson(record),
    metadata: record.metadata,
    dimension: record.dimension,
    tenant: record.tenant,
    database: record.database,
    log_position: 0,
    version: 0,
  };
}

export function databaseToJson({ id, name, tenant }: DatabaseRecord): DatabaseRecord {
  return { id, name, tenant };
}

export function tenantToJson(record: TenantRecord): { name: string; resource_name: string | null } {
  return { name: record.name, resource_name: record.resourceName };
}
