// The collections of a path that are loaded, and the libraries they need, loaded at the first of them.

import type { SqlJsStatic } from "sql.js";
import { notFound } from "../../src/protocol/request-error.ts";
import type { HnswModule } from "../../wasm/hnsw.ts";
import { scanTexts } from "../../wasm/text-scan.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { graphSettings } from "../catalog/hnsw.ts";
import type { CollectionRecord } from "../catalog/record.ts";
import { Collection, type CollectionRuntime } from "../collection/collection.ts";
import type { Path } from "../path/path.ts";

/** How the engine gets the libraries that are files of their own. */
export interface Libraries {
  sql(): Promise<SqlJsStatic>;
  hnsw(): Promise<HnswModule>;
  /** Makes regular expressions usable. */
  regex(): Promise<void>;
}

/** Bytes of full vectors that a collection keeps in memory. */
const VECTOR_CACHE_BYTES = 64 * 2 ** 20;

export class LoadedCollections {
  readonly #path: Path;
  readonly #catalog: Catalog;
  readonly #libraries: Libraries;
  readonly #byId = new Map<string, Collection>();

  constructor(path: Path, catalog: Catalog, libraries: Libraries) {
    this.#path = path;
    this.#catalog = catalog;
    this.#libraries = libraries;
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
    const [sql, hnsw] = await Promise.all([this.#libraries.sql(), this.#libraries.hnsw()]);
    const runtime: CollectionRuntime = {
      sql,
      hnsw,
      findTexts: (...search) => scanTexts(hnsw.memory, ...search),
      vectorCacheBytes: VECTOR_CACHE_BYTES,
    };
    const collection = Collection.load(store, runtime, {
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

  loadRegex(): Promise<void> {
    return this.#libraries.regex();
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
