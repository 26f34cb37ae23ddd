// Every operation of Chroma's REST contract, by method and route template, and those of our own.

import type { Method } from "../../src/protocol/operation.ts";
import * as moving from "../../src/protocol/archive.ts";
import * as followed from "../../src/protocol/followed-write.ts";
import { flushOperation, salvageOperation, storageInfoOperation } from "../../src/protocol/storage-info.ts";
import * as archive from "./archive-operations.ts";
import * as catalog from "./catalog-operations.ts";
import type { Handler } from "./handler.ts";
import { cancel, progress } from "./followed-operations.ts";
import { hasFilter, recordRead, recordWrite, salvageRead } from "./records.ts";

const DATABASES = "/api/v2/tenants/{tenant}/databases";
const DATABASE = `${DATABASES}/{database}`;
const COLLECTIONS = `${DATABASE}/collections`;
const COLLECTION = `${COLLECTIONS}/{collection_id}`;

const routes: Readonly<Record<string, Handler>> = {
  "get /api/v2": catalog.heartbeat,
  "get /api/v2/heartbeat": catalog.heartbeat,
  "get /api/v2/version": catalog.version,
  "get /api/v2/pre-flight-checks": catalog.preFlightChecks,
  "get /api/v2/healthcheck": catalog.healthcheck,
  "get /api/v2/auth/identity": catalog.identity,
  "post /api/v2/reset": catalog.reset,
  "post /api/v2/tenants": catalog.createTenant,
  "get /api/v2/tenants/{tenant_name}": catalog.getTenant,
  "patch /api/v2/tenants/{tenant_name}": catalog.updateTenant,
  [`get ${DATABASES}`]: catalog.listDatabasesOfTenant,
  [`post ${DATABASES}`]: catalog.createDatabase,
  [`get ${DATABASE}`]: catalog.getDatabase,
  [`delete ${DATABASE}`]: catalog.deleteDatabase,
  [`get ${COLLECTIONS}`]: catalog.listCollectionsOfDatabase,
  [`post ${COLLECTIONS}`]: catalog.createCollection,
  [`get ${DATABASE}/collections_count`]: catalog.countCollectionsOfDatabase,
  [`get ${COLLECTION}`]: catalog.getCollection,
  [`get ${COLLECTIONS}/by-id/{collection_id}`]: catalog.getCollectionById,
  [`put ${COLLECTION}`]: catalog.updateCollection,
  [`delete ${COLLECTION}`]: catalog.deleteCollection,
  "get /api/v2/collections/{crn}": catalog.missing("looking a collection up by its CRN"),
  [nameOf(storageInfoOperation)]: catalog.storageInfo,
  [nameOf(flushOperation)]: catalog.flush,
  [nameOf(salvageOperation)]: salvageRead,
  [nameOf(followed.progressOperation)]: progress,
  [nameOf(followed.cancelOperation)]: cancel,
  [nameOf(moving.startExportOperation)]: archive.startExport,
  [nameOf(moving.readExportOperation)]: archive.readExport,
  [nameOf(moving.endExportOperation)]: archive.endExport,
  [nameOf(moving.importOperation)]: archive.importArchive,
  [nameOf(moving.cancelImportOperation)]: archive.cancelImport,
  [`post ${COLLECTION}/add`]: recordWrite("add"),
  [`post ${COLLECTION}/update`]: recordWrite("update"),
  [`post ${COLLECTION}/upsert`]: recordWrite("upsert"),
  [`post ${COLLECTION}/delete`]: recordWrite("delete", (operation) => !hasFilter(operation)),
  [`post ${COLLECTION}/get`]: recordRead("get"),
  [`post ${COLLECTION}/query`]: recordRead("query"),
  [`get ${COLLECTION}/count`]: recordRead("count"),
  [`get ${COLLECTION}/indexing_status`]: recordRead("indexingStatus"),
  [`post ${COLLECTION}/search`]: catalog.missing("search()"),
  [`post ${COLLECTION}/fork`]: catalog.missing("fork()"),
  [`get ${COLLECTION}/fork_count`]: catalog.missing("forkCount()"),
  [`post ${COLLECTION}/functions/attach`]: catalog.missing("attaching functions"),
  [`get ${COLLECTION}/functions/{function_name}`]: catalog.missing("attached functions"),
  [`post ${COLLECTION}/attached_functions/{name}/detach`]: catalog.missing("detaching functions"),
};

/** The handler of an operation, or undefined for a route that the contract does not have. */
export function getHandler(method: Method, route: string): Handler | undefined {
  const key = `${method} ${route}`;
  return Object.hasOwn(routes, key) ? routes[key] : undefined;
}

function nameOf({ method, route }: { method: Method; route: string }): string {
  return `${method} ${route}`;
}

/** Each operation the engine knows, as `method route`. */
export const operationNames: readonly string[] = Object.keys(routes);
