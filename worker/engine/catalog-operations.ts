// Operations on tenants, databases and collections, and those about the engine itself.

import type { Operation } from "../../src/protocol/operation.ts";
import { notImplemented } from "../../src/protocol/request-error.ts";
import type { Plan } from "../catalog/change.ts";
import { collectionToJson, databaseToJson, tenantToJson } from "../catalog/collection-json.ts";
import {
  countCollections,
  listCollections,
  mustGetCollectionById,
  mustGetCollectionByName,
  planCreateCollection,
  planDeleteCollection,
  planUpdateCollection,
  type Scope,
} from "../catalog/collections.ts";
import { DEFAULT_DATABASE, DEFAULT_TENANT } from "../catalog/record.ts";
import {
  listDatabases,
  mustGetDatabase,
  mustGetTenant,
  planCreateDatabase,
  planCreateTenant,
  planDeleteDatabase,
  planReset,
  planUpdateTenant,
} from "../catalog/tenancy.ts";
import { parseCollectionId, parseCollectionIdToGet } from "../requests/collection-id.ts";
import { parseCreateCollection, parseUpdateCollection } from "../requests/collection.ts";
import { parseListQuery } from "../requests/query-string.ts";
import { parseCreateDatabase, parseCreateTenant, parseUpdateTenant } from "../requests/tenancy.ts";
import { randomUuid } from "../random-uuid.ts";
import { type EngineContext, type Handler, ok, type ReadHandler } from "./handler.ts";
import { toPlainNumbers } from "./plain-numbers.ts";

/** Records in one add, update or upsert. Chroma's server tells 5,461, a limit of its SQL. */
export const BATCH_RECORDS_MAX = 100_000;
/** The version of Chroma's API that the engine speaks, as its server tells it. */
const API_VERSION = "1.0.0";
const NANOSECONDS_PER_MS = 1e6;

export const heartbeat = reading(() => ({ "nanosecond heartbeat": Date.now() * NANOSECONDS_PER_MS }));
export const version = reading(() => API_VERSION);
export const preFlightChecks = reading(() => ({
  max_batch_size: BATCH_RECORDS_MAX,
  // Vectors cross this seam packed; base64 is for the wire of HTTP.
  supports_base64_encoding: false,
}));
export const healthcheck = reading(() => ({ is_executor_ready: true, is_log_client_ready: true }));
export const identity = reading(() => ({
  user_id: "",
  tenant: DEFAULT_TENANT,
  databases: [DEFAULT_DATABASE],
}));

export const storageInfo: ReadHandler = {
  ...reading((_, context) => context.storageInfo()),
  worksOnDamage: true,
};

export const createTenant = planning(({ body }, { catalog }) =>
  planCreateTenant(catalog, parseCreateTenant(body)),
);
export const getTenant = reading(({ path }, { catalog }) =>
  tenantToJson(mustGetTenant(catalog, mustGetParameter(path, "tenant_name"))),
);
export const updateTenant = planning(({ path, body }, { catalog }) =>
  planUpdateTenant(catalog, mustGetParameter(path, "tenant_name"), parseUpdateTenant(body)),
);

export const createDatabase = planning(({ path, body }, { catalog }) =>
  planCreateDatabase(catalog, mustGetParameter(path, "tenant"), parseCreateDatabase(body), randomUuid),
);
export const getDatabase = reading(({ path }, { catalog }) => {
  const { tenant, database } = scopeOf(path);
  return databaseToJson(mustGetDatabase(catalog, tenant, database));
});
export const deleteDatabase = planning(({ path }, { catalog }) => {
  const { tenant, database } = scopeOf(path);
  return planDeleteDatabase(catalog, tenant, database);
});
export const listDatabasesOfTenant = reading(({ path, query }, { catalog }) =>
  listDatabases(catalog, mustGetParameter(path, "tenant"), parseListQuery(query)).map(databaseToJson),
);

export const createCollection = planning(({ path, body }, { catalog }) =>
  planCreateCollection(catalog, scopeOf(path), parseCreateCollection(body), randomUuid),
);
export const getCollection = reading(({ path }, { catalog }) =>
  collectionToJson(mustGetCollectionByName(catalog, scopeOf(path), mustGetParameter(path, "collection_id"))),
);
export const getCollectionById = reading(({ path }, { catalog }) => {
  const id = parseCollectionIdToGet(mustGetParameter(path, "collection_id"));
  return collectionToJson(mustGetCollectionById(catalog, scopeOf(path), id));
});
export const updateCollection = planning(({ path, body }, { catalog, collections }) => {
  const id = parseCollectionId(mustGetParameter(path, "collection_id"));
  const plan = planUpdateCollection(catalog, id, parseUpdateCollection(body));
  collections.assertKnown(id);
  return plan;
});
export const deleteCollection = planning(({ path }, { catalog }) =>
  planDeleteCollection(catalog, scopeOf(path), mustGetParameter(path, "collection_id")),
);
export const listCollectionsOfDatabase = reading(({ path, query }, { catalog }) =>
  listCollections(catalog, scopeOf(path), parseListQuery(query)),
);
export const countCollectionsOfDatabase = reading(({ path }, { catalog }) =>
  countCollections(catalog, scopeOf(path)),
);
/** Makes durable what relaxed writes left. */
export const flush: Handler = {
  kind: "read",
  run: async (_, context) => {
    await context.flush();
    return ok({});
  },
};
export const reset = planning((_, { allowReset }) => planReset(allowReset));

/** Part of the contract that is not built yet; docs/COMPATIBILITY.md has a row for each. */
export function missing(what: string): Handler {
  return reading(() => {
    throw notImplemented(`${what} is not implemented by Chromalite yet`);
  });
}

function reading(run: (operation: Operation, context: EngineContext) => unknown): ReadHandler {
  return { kind: "read", run: (operation, context) => ok(told(operation, run(operation, context))) };
}

function planning(plan: (operation: Operation, context: EngineContext) => Plan<unknown>): Handler {
  return {
    kind: "write",
    isGroupable: () => false,
    resolve: (operation, context) => {
      const { change, reply } = plan(operation, context);
      return { ...ok(told(operation, reply)), ...(change === undefined ? {} : { change }) };
    },
  };
}

/** What a caller is told of the catalog: numbers as it can take them. */
function told({ exact = false }: Operation, data: unknown): unknown {
  return exact ? data : toPlainNumbers(data);
}

function scopeOf(path: Operation["path"]): Scope {
  return { tenant: mustGetParameter(path, "tenant"), database: mustGetParameter(path, "database") };
}

function mustGetParameter(path: Operation["path"], name: string): string {
  const value = path?.[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return value;
}
