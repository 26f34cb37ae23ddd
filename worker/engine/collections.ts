// The collections of a path that are loaded, and what works on them, loaded with the first.

import { notFound } from "../../src/protocol/request-error.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { graphSettings } from "../catalog/hnsw.ts";
import type { CollectionRecord } from "../catalog/record.ts";
import type { Collection } from "../collection/collection.ts";
import type { Path } from "../path/path.ts";
import type { Records } from "./records.ts";

export class LoadedCollections {
  readonly #path: Path;
  readonly #catalog: Catalog;
  readonly #loadRecords: () => Promise<Records>;
  readonly #byId = new Map<string, Collection>();

  constructor(path: Path, catalog: Catalog, loadRecords: () => Promise<Records>) {
    this.#path = path;
    this.#catalog = catalog;
    this.#loadRecords = loadRecords;
  }

  /** The collection where it is loaded already. */
  get(id: string): Collection | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Collection> {
    return this.#byId.values();
  }

  /**
   * The collection, loaded when it is not.
   * @throws {RequestError}  404 when there is none with this id
   * @throws {Failure}       "corrupt"
   */
  async load(id: string): Promise<Collection> {
    const loaded = this.#byId.get(id);
    if (loaded !== undefined) return loaded;
    const record = this.mustGetRecord(id);
    const store = this.#path.collection(id);
    if (store === undefined) throw new Error(`collection ${id} is in the catalog but has no store`);
    const records = await this.records();
    const collection = records.openCollection(store, {
      dimension: record.dimension,
      space: record.hnsw.space,
      ...graphSettings(record.hnsw),
    });
    this.#byId.set(id, collection);
    return collection;
  }

  /** @throws {RequestError}  404, with the final period that the server writes for ids */
  mustGetRecord(id: string): CollectionRecord {
    const record = this.#catalog.getCollection(id);
    if (record === undefined) throw notFound(`Collection [${id}] does not exist.`);
    return record;
  }

  /** What works on records. */
  records(): Promise<Records> {
    return this.#loadRecords();
  }

  /** Closes a collection that is gone or can no longer be trusted. */
  drop(id: string): void {
    this.#byId.get(id)?.close();
    this.#byId.delete(id);
  }

  close(): void {
    for (const collection of this.#byId.values()) collection.close();
    this.#byId.clear();
  }
}
