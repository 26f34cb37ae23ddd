// Operations on tenants and databases: what each comes to, with the errors of Chroma's server (1.3.4).

import { alreadyExists, invalidArgument, notFound, RequestError } from "../../src/protocol/request-error.ts";
import type { Page } from "../requests/query-string.ts";
import type { CreateDatabaseRequest, CreateTenantRequest, UpdateTenantRequest } from "../requests/tenancy.ts";
import type { Catalog } from "./catalog.ts";
import type { Plan } from "./change.ts";
import { pageOf } from "./page.ts";
import type { DatabaseRecord, TenantRecord } from "./record.ts";

const DATABASE_NAME_LENGTH_MIN = 3;

/** The reply of an operation that has nothing to say. */
type Empty = Readonly<Record<string, never>>;

export function planCreateTenant(catalog: Catalog, { name }: CreateTenantRequest): Plan<Empty> {
  if (catalog.getTenant(name) !== undefined) throw alreadyExists(`Tenant [${name}] already exists`);
  return { change: { type: "createTenant", name }, reply: {} };
}

/** The server does nothing for a tenant that is not there; we say so. */
export function planUpdateTenant(
  catalog: Catalog,
  name: string,
  { resourceName }: UpdateTenantRequest,
): Plan<Empty> {
  mustGetTenant(catalog, name);
  return { change: { type: "updateTenant", name, resourceName }, reply: {} };
}

export function mustGetTenant(catalog: Catalog, name: string): TenantRecord {
  const tenant = catalog.getTenant(name);
  if (tenant === undefined) throw notFound(`Tenant [${name}] not found`);
  return tenant;
}

/** The tenant need not exist. */
export function planCreateDatabase(
  catalog: Catalog,
  tenant: string,
  { name }: CreateDatabaseRequest,
  newId: () => string,
): Plan<Empty> {
  if (catalog.getDatabase(tenant, name) !== undefined) {
    throw alreadyExists(`Database [${name}] already exists`);
  }
  return { change: { type: "createDatabase", id: newId(), name, tenant }, reply: {} };
}

/** Its collections go with it. */
export function planDeleteDatabase(catalog: Catalog, tenant: string, name: string): Plan<Empty> {
  if (catalog.getDatabase(tenant, name) === undefined) throw notFound(`Database [${name}] not found`);
  return { change: { type: "deleteDatabase", name, tenant }, reply: {} };
}

export function mustGetDatabase(catalog: Catalog, tenant: string, name: string): DatabaseRecord {
  if (name.length < DATABASE_NAME_LENGTH_MIN) {
    throw invalidArgument(`database name must be at least ${DATABASE_NAME_LENGTH_MIN} characters`);
  }
  const database = catalog.getDatabase(tenant, name);
  if (database === undefined) throw notFound(`Database [${name}] not found. Are you sure it exists?`);
  return database;
}

/** Ordered by name; of a tenant that does not exist, none. */
export function listDatabases(catalog: Catalog, tenant: string, page: Page): readonly DatabaseRecord[] {
  return pageOf(catalog.databases(tenant), page);
}

/** @param allowReset  the path's setting */
export function planReset(allowReset: boolean): Plan<true> {
  if (!allowReset) throw new RequestError(403, "ChromaError", "Reset is disabled by config");
  return { change: { type: "reset" }, reply: true };
}
