// Operations on collections: what each comes to, with the errors of Chroma's server (1.3.4). Names are
// looked up in tenant and database, ids alone: so does the server.

import type { MetadataPatch } from "../../src/protocol/metadata.ts";
import { alreadyExists, invalidArgument, notFound } from "../../src/protocol/request-error.ts";
import type { CreateCollectionRequest, UpdateCollectionRequest } from "../requests/collection.ts";
import type { Page } from "../requests/query-string.ts";
import type { Catalog } from "./catalog.ts";
import type { ExtendCollectionChange, Plan, UpdateCollectionChange } from "./change.ts";
import { collectionToJson, type CollectionJson } from "./collection-json.ts";
import { pageOf } from "./page.ts";
import type { CollectionRecord } from "./record.ts";
import { newSchemaKeys } from "./schema-keys.ts";
import { withVectorDefaults } from "./schema.ts";
import { resolveSettings } from "./settings.ts";

/** The reply of an operation that has nothing to say. */
type Empty = Readonly<Record<string, never>>;

/** Where a collection is looked up by name. */
export interface Scope {
  readonly tenant: string;
  readonly database: string;
}

/**
 * Creates, or with `getOrCreate` finds, and then all the request says beside the name is ignored.
 * @param newId  a fresh UUID v4
 */
export function planCreateCollection(
  catalog: Catalog,
  { tenant, database }: Scope,
  request: CreateCollectionRequest,
  newId: () => string,
): Plan<CollectionJson> {
  const { name, metadata } = request;
  const settings = resolveSettings(request);
  if (catalog.getDatabase(tenant, database) === undefined) {
    throw invalidArgument(`Database [${database}] does not exist`);
  }
  const existing = catalog.getCollectionByName(tenant, database, name);
  if (existing !== undefined) {
    if (request.getOrCreate) return { reply: collectionToJson(existing) };
    throw alreadyExists(`Collection [${name}] already exists`);
  }
  const record: CollectionRecord = {
    id: newId(),
    name,
    tenant,
    database,
    metadata,
    ...settings,
    dimension: null,
    schemaKeys: [],
  };
  return { change: { type: "createCollection", record }, reply: collectionToJson(record) };
}

/** Renaming to a taken name is a 409 here; the server fails with a 500 and SQLite's words. */
export function planUpdateCollection(
  catalog: Catalog,
  id: string,
  request: UpdateCollectionRequest,
): Plan<Empty> {
  const record = mustGetCollection(catalog, id);
  const { newName, newMetadata, hnsw, embeddingFunction } = request;
  if (newName !== undefined && newName !== record.name) assertNameIsFree(catalog, record, newName);
  const configured = hnsw !== undefined || embeddingFunction !== undefined;
  const schema = configured ? record.schema : null;
  const change: UpdateCollectionChange = {
    type: "updateCollection",
    id,
    ...(newName === undefined ? {} : { name: newName }),
    ...(newMetadata === undefined ? {} : { metadata: newMetadata }),
    ...(hnsw === undefined ? {} : { hnsw: { ...record.hnsw, ...hnsw } }),
    ...(embeddingFunction === undefined ? {} : { embeddingFunction }),
    ...(schema === null ? {} : { schema: withVectorDefaults(schema, hnsw ?? {}, embeddingFunction ?? null) }),
  };
  const changesNothing = newName === undefined && newMetadata === undefined && !configured;
  return changesNothing ? { reply: {} } : { change, reply: {} };
}

export function planDeleteCollection(catalog: Catalog, scope: Scope, name: string): Plan<Empty> {
  const { id } = mustGetCollectionByName(catalog, scope, name);
  return { change: { type: "deleteCollection", id }, reply: {} };
}

/**
 * What a write of records tells the catalog: its dimension, where it is the first, and keys not seen yet.
 * The server learns no keys from what a write passes over: records added twice, updates of missing ones.
 * @param dimension  of the embeddings; null when there are none
 * @param metadatas  of the records that the write inserts or changes
 * @returns undefined when the catalog knows all of it
 * @throws {RequestError}  400 when the collection has another dimension
 */
export function planWrite(
  record: CollectionRecord,
  dimension: number | null,
  metadatas: readonly (MetadataPatch | null)[] | null,
): ExtendCollectionChange | undefined {
  if (dimension !== null) assertDimension(record, dimension);
  const isFirst = record.dimension === null && dimension !== null;
  const schemaKeys = newSchemaKeys(record.schemaKeys, metadatas ?? []);
  if (!isFirst && schemaKeys === undefined) return undefined;
  return {
    type: "extendCollection",
    id: record.id,
    ...(isFirst ? { dimension } : {}),
    ...(schemaKeys === undefined ? {} : { schemaKeys }),
  };
}

/** For writes and queries. A collection without a dimension takes any. */
export function assertDimension(record: CollectionRecord, dimension: number): void {
  if (record.dimension === null || record.dimension === dimension) return;
  throw invalidArgument(
    `Collection expecting embedding with dimension of ${record.dimension}, got ${dimension}`,
  );
}

/** For operations that name a collection by its id alone, wherever their path says it is. */
export function mustGetCollection(catalog: Catalog, id: string): CollectionRecord {
  const record = catalog.getCollection(id);
  if (record === undefined) throw notFound(`Collection [${id}] does not exist.`);
  return record;
}

export function mustGetCollectionByName(
  catalog: Catalog,
  { tenant, database }: Scope,
  name: string,
): CollectionRecord {
  const record = catalog.getCollectionByName(tenant, database, name);
  if (record === undefined) throw notFound(`Collection [${name}] does not exist`);
  return record;
}

/** For the one operation that looks an id up in tenant and database. */
export function mustGetCollectionById(catalog: Catalog, scope: Scope, id: string): CollectionRecord {
  const record = catalog.getCollection(id);
  if (record === undefined || record.tenant !== scope.tenant || record.database !== scope.database) {
    throw notFound(`Collection [${id}] does not exist`);
  }
  return record;
}

/** Ordered by id; of a database that does not exist, none. */
export function listCollections(catalog: Catalog, scope: Scope, page: Page): readonly CollectionJson[] {
  return pageOf(catalog.collections(scope.tenant, scope.database), page).map(collectionToJson);
}

export function countCollections(catalog: Catalog, { tenant, database }: Scope): number {
  return catalog.collectionCount(tenant, database);
}

function assertNameIsFree(catalog: Catalog, record: CollectionRecord, name: string): void {
  if (catalog.getCollectionByName(record.tenant, record.database, name) !== undefined) {
    throw alreadyExists(`Collection [${name}] already exists`);
  }
}
