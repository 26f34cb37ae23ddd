// Changes of the catalog with every derived value: what a log frame holds and `Catalog.apply` replays.
// A property that is absent leaves its value alone.

import type { Metadata } from "../../src/protocol/metadata.ts";
import type { EmbeddingFunction, HnswConfiguration } from "../requests/configuration.ts";
import type { CollectionRecord, SchemaKey } from "./record.ts";
import type { SchemaJson } from "./schema.ts";

export type CatalogChange =
  | { readonly type: "createTenant"; readonly name: string }
  | { readonly type: "updateTenant"; readonly name: string; readonly resourceName: string }
  | { readonly type: "createDatabase"; readonly id: string; readonly name: string; readonly tenant: string }
  | { readonly type: "deleteDatabase"; readonly name: string; readonly tenant: string }
  | { readonly type: "createCollection"; readonly record: CollectionRecord }
  | UpdateCollectionChange
  | ExtendCollectionChange
  | { readonly type: "deleteCollection"; readonly id: string }
  | { readonly type: "reset" };

export interface UpdateCollectionChange {
  readonly type: "updateCollection";
  readonly id: string;
  readonly name?: string;
  readonly metadata?: Metadata | null;
  readonly hnsw?: HnswConfiguration;
  readonly embeddingFunction?: EmbeddingFunction;
  readonly schema?: SchemaJson;
}

/** What a write of records tells the catalog, in the same frame as the records. */
export interface ExtendCollectionChange {
  readonly type: "extendCollection";
  readonly id: string;
  readonly dimension?: number;
  /** Keys with types that were not known; types that were are not repeated. */
  readonly schemaKeys?: readonly SchemaKey[];
}

/** What an operation on the catalog comes to. Without a change there is nothing to log. */
export interface Plan<Reply> {
  readonly change?: CatalogChange;
  /** What the caller hears once the change is durable. */
  readonly reply: Reply;
}
