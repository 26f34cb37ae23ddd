// Tenants, databases and collections of one path, in memory. Plans read it, `apply` alone changes it, and
// the same changes in the same order give the same catalog, in a page and in a replay alike.
// It knows nothing of requests, files or records.

import type { CatalogChange, ExtendCollectionChange, UpdateCollectionChange } from "./change.ts";
import {
  DEFAULT_DATABASE,
  DEFAULT_TENANT,
  NIL_UUID,
  type CollectionRecord,
  type DatabaseRecord,
  type TenantRecord,
} from "./record.ts";
import { addSchemaKeys } from "./schema-keys.ts";

/** The catalog as the manifest holds it: plain data. */
export interface CatalogState {
  readonly tenants: readonly TenantRecord[];
  readonly databases: readonly DatabaseRecord[];
  readonly collections: readonly CollectionRecord[];
}

/** A database with its collections. */
interface DatabaseEntry {
  readonly record: DatabaseRecord;
  readonly idByName: Map<string, string>;
}

export class Catalog {
  readonly #tenantByName = new Map<string, TenantRecord>();
  /** By tenant, then by name. */
  readonly #databases = new Map<string, Map<string, DatabaseEntry>>();
  readonly #collectionById = new Map<string, CollectionRecord>();

  /** Without a state: a new path, with Chroma's default tenant and database. */
  constructor(state: CatalogState = initialState) {
    this.#load(state);
  }

  /** Everything in it, ordered so that equal catalogs have equal states. Cost: one pass and a sort. */
  state(): CatalogState {
    const databases = [...this.#databases.values()].flatMap((byName) => [...byName.values()]);
    return {
      tenants: [...this.#tenantByName.values()].sort((a, b) => compare(a.name, b.name)),
      databases: databases
        .map(({ record }) => record)
        .sort((a, b) => compare(a.tenant, b.tenant) || compare(a.name, b.name)),
      collections: [...this.#collectionById.values()].sort((a, b) => compare(a.id, b.id)),
    };
  }

  getTenant(name: string): TenantRecord | undefined {
    return this.#tenantByName.get(name);
  }

  getDatabase(tenant: string, name: string): DatabaseRecord | undefined {
    return this.#databases.get(tenant)?.get(name)?.record;
  }

  /** Ordered by name. */
  databases(tenant: string): readonly DatabaseRecord[] {
    const entries = [...(this.#databases.get(tenant)?.values() ?? [])];
    return entries.map(({ record }) => record).sort((a, b) => compare(a.name, b.name));
  }

  getCollection(id: string): CollectionRecord | undefined {
    return this.#collectionById.get(id);
  }

  getCollectionByName(tenant: string, database: string, name: string): CollectionRecord | undefined {
    const id = this.#databases.get(tenant)?.get(database)?.idByName.get(name);
    return id === undefined ? undefined : this.#collectionById.get(id);
  }

  /** Ordered by id; of a database that does not exist, none. */
  collections(tenant: string, database: string): readonly CollectionRecord[] {
    const ids = [...(this.#databases.get(tenant)?.get(database)?.idByName.values() ?? [])].sort();
    return ids.map((id) => this.#collectionById.get(id)!);
  }

  collectionCount(tenant: string, database: string): number {
    return this.#databases.get(tenant)?.get(database)?.idByName.size ?? 0;
  }

  /**
   * Applies one change. It never fails: one that no plan would make here, of a thing that is not there or
   * with a name that is taken, changes nothing.
   * @returns the ids of the collections that are gone by it: their records may go too
   */
  apply(change: CatalogChange): readonly string[] {
    switch (change.type) {
      case "createTenant":
        this.#tenantByName.set(change.name, { name: change.name, resourceName: null });
        return [];
      case "updateTenant":
        if (this.#tenantByName.has(change.name)) {
          const { name, resourceName } = change;
          this.#tenantByName.set(name, { name, resourceName });
        }
        return [];
      case "createDatabase":
        this.#addDatabase({ id: change.id, name: change.name, tenant: change.tenant });
        return [];
      case "deleteDatabase":
        return this.#deleteDatabase(change.tenant, change.name);
      case "createCollection":
        this.#addCollection(change.record);
        return [];
      case "updateCollection":
        this.#updateCollection(change);
        return [];
      case "extendCollection":
        this.#extendCollection(change);
        return [];
      case "deleteCollection":
        return this.#deleteCollection(change.id);
      case "reset":
        return this.#reset();
    }
  }

  #load(state: CatalogState): void {
    for (const tenant of state.tenants) this.#tenantByName.set(tenant.name, tenant);
    for (const database of state.databases) this.#addDatabase(database);
    for (const collection of state.collections) this.#addCollection(collection);
  }

  #addDatabase(record: DatabaseRecord): void {
    let byName = this.#databases.get(record.tenant);
    if (byName === undefined) this.#databases.set(record.tenant, (byName = new Map()));
    if (!byName.has(record.name)) byName.set(record.name, { record, idByName: new Map() });
  }

  #deleteDatabase(tenant: string, name: string): readonly string[] {
    const byName = this.#databases.get(tenant);
    const entry = byName?.get(name);
    if (byName === undefined || entry === undefined) return [];
    byName.delete(name);
    if (byName.size === 0) this.#databases.delete(tenant);
    const ids = [...entry.idByName.values()];
    for (const id of ids) this.#collectionById.delete(id);
    return ids;
  }

  #idByName(record: CollectionRecord): Map<string, string> | undefined {
    return this.#databases.get(record.tenant)?.get(record.database)?.idByName;
  }

  #addCollection(record: CollectionRecord): void {
    const idByName = this.#idByName(record);
    if (idByName === undefined || idByName.has(record.name) || this.#collectionById.has(record.id)) return;
    idByName.set(record.name, record.id);
    this.#collectionById.set(record.id, record);
  }

  #updateCollection({ type: _, id, ...changed }: UpdateCollectionChange): void {
    const record = this.#collectionById.get(id);
    if (record === undefined) return;
    if (changed.name !== undefined && changed.name !== record.name) {
      const idByName = this.#idByName(record)!;
      if (idByName.has(changed.name)) return;
      idByName.delete(record.name);
      idByName.set(changed.name, id);
    }
    this.#collectionById.set(id, { ...record, ...changed });
  }

  #extendCollection({ id, dimension, schemaKeys }: ExtendCollectionChange): void {
    const record = this.#collectionById.get(id);
    if (record === undefined) return;
    this.#collectionById.set(id, {
      ...record,
      dimension: record.dimension ?? dimension ?? null,
      schemaKeys: addSchemaKeys(record.schemaKeys, schemaKeys ?? []),
    });
  }

  #deleteCollection(id: string): readonly string[] {
    const record = this.#collectionById.get(id);
    if (record === undefined) return [];
    this.#idByName(record)?.delete(record.name);
    this.#collectionById.delete(id);
    return [id];
  }

  #reset(): readonly string[] {
    const ids = [...this.#collectionById.keys()];
    this.#tenantByName.clear();
    this.#databases.clear();
    this.#collectionById.clear();
    this.#load(initialState);
    return ids;
  }
}

const initialState: CatalogState = {
  tenants: [{ name: DEFAULT_TENANT, resourceName: null }],
  databases: [{ id: NIL_UUID, name: DEFAULT_DATABASE, tenant: DEFAULT_TENANT }],
  collections: [],
};

/** By code units: names are ASCII and ids hexadecimal, so this is Chroma's order, by bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
