// What the catalog knows: plain data, as the manifest and the log hold it. Never changed in place.

import type { Metadata } from "../../src/protocol/metadata.ts";
import type { EmbeddingFunction, HnswConfiguration } from "../requests/configuration.ts";
import type { ValueType } from "../requests/metadata-value.ts";
import type { SchemaJson } from "./schema.ts";

export interface TenantRecord {
  readonly name: string;
  readonly resourceName: string | null;
}

export interface DatabaseRecord {
  /** A UUID, lower case. */
  readonly id: string;
  readonly name: string;
  /** Need not exist: Chroma makes databases in tenants it does not know. */
  readonly tenant: string;
}

export interface CollectionRecord {
  /** A UUID, lower case; what every record operation names. */
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly database: string;
  readonly metadata: Metadata | null;
  readonly hnsw: HnswConfiguration;
  readonly embeddingFunction: EmbeddingFunction | null;
  /** Whole, as created; null: the default one, which follows from the configuration. */
  readonly schema: SchemaJson | null;
  /** Set by the first write, kept when all records are gone. */
  readonly dimension: number | null;
  /** Metadata keys that writes have shown, in the order they came. */
  readonly schemaKeys: readonly SchemaKey[];
}

export interface SchemaKey {
  readonly key: string;
  readonly types: readonly ValueType[];
}

export const DEFAULT_TENANT = "default_tenant";
export const DEFAULT_DATABASE = "default_database";
/** Chroma's id of the default database. */
export const NIL_UUID = "00000000-0000-0000-0000-000000000000";
