// The collections of a path that are loaded, and what works on them, loaded with the first. Together
// they stay within a budget of memory: the one that was used longest ago is closed first, and opened
// again from its image, its delta and the log when it is used. Before that, full vectors at hand are given
// up. Only memory is, never a write: a collection with one under way, or whose images a checkpoint is taking,
// stays. What is done at each write is independent of how many collections there are, loaded or not.

import { type Failure, isFailure } from "../../src/protocol/failure.ts";
import { notFound } from "../../src/protocol/request-error.ts";
import type { StorageWarning } from "../../src/protocol/storage-info.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { graphSettings } from "../catalog/hnsw.ts";
import type { CollectionRecord } from "../catalog/record.ts";
import type { Collection } from "../collection/collection.ts";
import type { CollectionStore } from "../path/collection-store.ts";
import type { Path } from "../path/path.ts";
import type { Records } from "./records.ts";

/** A quarter of what one wasm memory can have. */
export const MEMORY_BYTES_DEFAULT = 2 ** 30;
/** Beyond this share of the memory, full vectors are not kept at hand: they are read in microseconds. */
const CACHE_SHARE = 1 / 2;

export interface LoadedCollectionsOptions {
  records(): Promise<Records>;
  /** Bytes that loaded collections take together; one larger than that stays. */
  readonly memoryBytesMax: number;
}

interface Loaded {
  readonly collection: Collection;
  bytes: number;
}

export class LoadedCollections {
  readonly #path: Path;
  readonly #catalog: Catalog;
  readonly #options: LoadedCollectionsOptions;
  /** In the order of their last use. */
  readonly #byId = new Map<string, Loaded>();
  /** Those whose size may have changed since it was taken. */
  readonly #used = new Set<string>();
  /** Those that may have full vectors at hand, and those whose index may have work to do: in that order, too. */
  readonly #caching = new Set<string>();
  readonly #unsettled = new Set<string>();
  /** Deleted ones that a checkpoint was working on. */
  readonly #deleted = new Set<string>();
  #lastUsed: string | undefined;
  #bytes = 0;

  constructor(path: Path, catalog: Catalog, options: LoadedCollectionsOptions) {
    this.#path = path;
    this.#catalog = catalog;
    this.#options = options;
  }

  /** The collection where it is loaded already. */
  get(id: string): Collection | undefined {
    return this.#byId.get(id)?.collection;
  }

  *all(): Iterable<Collection> {
    for (const { collection } of this.#byId.values()) yield collection;
  }

  /** Bytes that loaded collections take, roughly. */
  get memoryUsed(): number {
    return this.#bytes;
  }

  get warnings(): readonly StorageWarning[] {
    return this.#bytes > this.#options.memoryBytesMax ? ["over-memory-limit"] : [];
  }

  /**
   * The collection, loaded when it is not; others may be closed for it.
   * @throws {RequestError}  404 when there is none with this id
   * @throws {Failure}       "corrupt"
   */
  async load(id: string): Promise<Collection> {
    const loaded = this.#byId.get(id);
    if (loaded !== undefined) {
      this.#byId.delete(id);
      this.#noteUse(id, loaded);
      return loaded.collection;
    }
    const record = this.mustGetRecord(id);
    const store = this.mustGetStore(id);
    if (store.rowsDamage !== undefined) throw store.rowsDamage;
    const records = await this.records();
    this.#keepWithin(this.#options.memoryBytesMax - bytesToLoad(store));
    const collection = openOrNote(records, store, record);
    this.#noteUse(id, { collection, bytes: 0 });
    return collection;
  }

  /** Takes the sizes of what was used, and closes what does not fit; to be called when no write is half done. */
  fit(): void {
    for (const id of this.#used) this.#measure(id);
    this.#used.clear();
    this.#keepWithin(this.#options.memoryBytesMax);
  }

  /** For a collection that is loaded; one that is not takes it from its record. */
  setEfSearch(id: string, efSearch: number): void {
    this.get(id)?.setEfSearch(efSearch);
    this.#unsettled.add(id);
  }

  /**
   * Works on the index of one collection for about that long; false when none needs it.
   * @param wanted  the collection to begin with, where it is loaded; otherwise the one used longest ago
   */
  indexSlice(budgetMs: number, wanted?: string): boolean {
    if (wanted !== undefined && this.#indexSlice(wanted, budgetMs)) return true;
    for (const id of this.#unsettled) if (this.#indexSlice(id, budgetMs)) return true;
    return false;
  }

  #indexSlice(id: string, budgetMs: number): boolean {
    const collection = this.get(id);
    const isIndexing = collection !== undefined && this.#tryToIndex(collection, budgetMs);
    if (isIndexing) this.#used.add(id);
    // While it is written to, or an image of it is taken, it says no for the moment.
    else if (collection?.isWriting !== true && id !== this.#path.movingCollection) this.#unsettled.delete(id);
    return isIndexing;
  }

  /** Of a damaged collection nothing is indexed any more: what the graph lacks is scanned. */
  #tryToIndex(collection: Collection, budgetMs: number): boolean {
    if (this.#path.collection(collection.id)?.isDamaged === true) return false;
    try {
      return collection.indexSlice(budgetMs);
    } catch (error) {
      if (isDamage(error)) return false;
      throw error;
    }
  }

  /** @throws {Failure}  "corrupt": nothing is known of the collection but its id, so nothing of it can change */
  assertKnown(id: string): void {
    const store = this.#path.collection(id);
    if (store?.isLost === true) throw store.damage[0]!;
  }

  /** @throws {RequestError}  404, with the final period that the server writes for ids */
  mustGetRecord(id: string): CollectionRecord {
    const record = this.#catalog.getCollection(id);
    if (record === undefined) throw notFound(`Collection [${id}] does not exist.`);
    return record;
  }

  /** What the path has of a collection that the catalog has. */
  mustGetStore(id: string): CollectionStore {
    const store = this.#path.collection(id);
    if (store === undefined) throw new Error(`collection ${id} is in the catalog but has no store`);
    return store;
  }

  /** What works on records. */
  records(): Promise<Records> {
    return this.#options.records();
  }

  /** Closes a collection: it is gone, or its memory is needed. */
  drop(id: string): void {
    const loaded = this.#byId.get(id);
    if (loaded === undefined) return;
    loaded.collection.close();
    this.#byId.delete(id);
    this.#caching.delete(id);
    this.#unsettled.delete(id);
    this.#bytes -= loaded.bytes;
  }

  /** Closes a collection that has more in memory than it should. What has to be durable of it is. */
  discard(id: string): void {
    this.#path.giveUp(id);
    this.drop(id);
  }

  /** Drops what the catalog no longer has; what a checkpoint is working on, at a later call. */
  dropDeleted(ids: readonly string[]): void {
    for (const id of ids) this.#deleted.add(id);
    for (const id of this.#deleted) {
      if (id === this.#path.movingCollection) continue;
      this.drop(id);
      this.#deleted.delete(id);
    }
  }

  close(): void {
    for (const id of this.#byId.keys()) this.drop(id);
  }

  #noteUse(id: string, loaded: Loaded): void {
    this.#byId.set(id, loaded);
    this.#caching.delete(id);
    this.#caching.add(id);
    this.#unsettled.delete(id);
    this.#unsettled.add(id);
    this.#used.add(id);
    this.#lastUsed = id;
  }

  #measure(id: string): void {
    const loaded = this.#byId.get(id);
    if (loaded === undefined) return;
    this.#bytes -= loaded.bytes;
    loaded.bytes = loaded.collection.memoryUsed();
    this.#bytes += loaded.bytes;
  }

  /** The one used last stays as it is: the next request is likely to be about it too. */
  #keepWithin(bytesMax: number): void {
    for (const id of this.#caching) {
      if (this.#bytes <= bytesMax * CACHE_SHARE) return;
      if (id === this.#lastUsed) continue;
      this.get(id)?.giveUpCache();
      this.#measure(id);
      this.#caching.delete(id);
    }
    for (const [id, { collection }] of this.#byId) {
      if (this.#bytes <= bytesMax) return;
      if (id === this.#lastUsed || collection.isWriting || id === this.#path.movingCollection) continue;
      this.drop(id);
    }
  }
}

function openOrNote(records: Records, store: CollectionStore, record: CollectionRecord): Collection {
  try {
    return records.openCollection(store, {
      dimension: record.dimension,
      space: record.hnsw.space,
      ...graphSettings(record.hnsw),
    });
  } catch (error) {
    // Damage of vectors is met by what reads them; of what does not open at all, the rows are damaged.
    if (isDamage(error)) store.rowsDamage = error;
    throw error;
  }
}

function isDamage(error: unknown): error is Failure {
  return isFailure(error) && error.code === "corrupt";
}

/** What a collection will take at least: its rows as they lie in their images, its codes and graph alike. */
function bytesToLoad({ shards, index }: CollectionStore): number {
  return [...shards, ...index].reduce((sum, [, , length]) => sum + length, 0);
}
