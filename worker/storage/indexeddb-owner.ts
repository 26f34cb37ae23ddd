// The transactions of whoever has a path's database open. An owner draws an epoch when it opens, and every
// transaction of an owner before ends without having written anything. What finds no room keeps nothing,
// nor does what was sent after it before that was known.

import type { Durability } from "../../src/protocol/operation.ts";

/** Key of the epoch, beside the chunks: a number drawn by the owner; missing when there was no room for it. */
const EPOCH = "epoch";

/**
 * Values that one request reads, while the next is on its way: 4 of 32 KiB take Chromium 156 half the time of all 200 of
 * a path at once (22 and 46 ms); with 1 or 16 it is 40.
 */
const VALUES_AT_ONCE = 4;

/** What a database has beside the epoch. */
export type Entry = readonly [key: IDBValidKey, value: Uint8Array];

/** What the files do when a transaction found no room: they are again as the last one left them. */
type Revert = () => void;

export class IndexedDbOwner {
  readonly #database: IDBDatabase;
  readonly #store: string;
  readonly #epoch = crypto.getRandomValues(new Uint32Array(1))[0]!;
  readonly #reverts: Revert[] = [];
  /** Whether the database may still be without an epoch: the first write brings it. */
  #lacksEpoch = false;
  /** Of each transaction that found no room. */
  #refusals: DOMException[] = [];

  /** @param store  the object store that has everything */
  constructor(database: IDBDatabase, store: string) {
    this.#database = database;
    this.#store = store;
  }

  /** Begins the epoch, and reads everything in the same transaction: what an owner before sends later is too late. */
  async takeOver(): Promise<Entry[]> {
    try {
      return await this.#readWith((chunks) => chunks.put(this.#epoch, EPOCH));
    } catch (error) {
      if (!isQuota(error)) throw error;
      // Deleting needs no room, and without an epoch the owner before cannot write either.
      this.#lacksEpoch = true;
      return await this.#readWith((chunks) => chunks.delete(EPOCH));
    }
  }

  /** @param revert  called whenever a transaction found no room, of whichever file it was */
  onRevert(revert: Revert): void {
    this.#reverts.push(revert);
  }

  /** Resolves when what `change` asked for is kept. @throws {DOMException}  "QuotaExceededError": nothing was */
  async write(durability: Durability, change: (chunks: IDBObjectStore) => void): Promise<void> {
    const refusals = this.#refusals.length;
    const transaction = this.#begin(durability);
    const chunks = transaction.objectStore(this.#store);
    const current = chunks.get(EPOCH);
    current.onsuccess = () => {
      const isOwned = current.result === this.#epoch || (this.#lacksEpoch && current.result === undefined);
      if (!isOwned || this.#refusals.length > refusals) transaction.abort();
    };
    if (this.#lacksEpoch) chunks.put(this.#epoch, EPOCH);
    change(chunks);
    try {
      await transactionDone(transaction);
      this.#lacksEpoch = false;
    } catch (error) {
      const earlier = this.#refusals[refusals];
      if (earlier !== undefined) throw earlier;
      if (isQuota(error)) {
        this.#refusals.push(error);
        for (const revert of this.#reverts) revert();
      }
      throw error;
    }
  }

  async #readWith(mark: (chunks: IDBObjectStore) => IDBRequest): Promise<Entry[]> {
    const transaction = this.#begin("strict");
    const chunks = transaction.objectStore(this.#store);
    // Numbers and strings sort before arrays: the bound leaves the epoch out.
    const keys = chunks.getAllKeys(IDBKeyRange.lowerBound([]));
    const values: IDBRequest<Uint8Array[]>[] = [];
    keys.onsuccess = () => {
      for (let from = 0; from < keys.result.length; from += VALUES_AT_ONCE) {
        const some = keys.result.slice(from, from + VALUES_AT_ONCE);
        values.push(chunks.getAll(IDBKeyRange.bound(some[0], some.at(-1))));
      }
    };
    mark(chunks);
    await transactionDone(transaction);
    const read = values.flatMap(({ result }) => result);
    return keys.result.map((key, i) => [key, read[i]!] as const);
  }

  #begin(durability: Durability): IDBTransaction {
    return this.#database.transaction(this.#store, "readwrite", { durability });
  }
}

function isQuota(error: unknown): error is DOMException {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** idb-keyval's `promisifyRequest` rejects at the first failed request, before the transaction has its error. */
function transactionDone(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    // Without an error of its own, it was aborted by `write`.
    transaction.onabort = () =>
      reject(transaction.error ?? new Error("another tab has opened the path since"));
  });
}
