// The transactions of whoever has a path's database open. An owner draws an epoch when it opens, and every
// transaction of an owner before ends without having written anything. What finds no room keeps nothing,
// nor does what was sent after it before that was known. Room that is kept for a full disk is the owner's, too.

import type { Durability } from "../../src/protocol/operation.ts";
import { drawReserve, RESERVE } from "./indexeddb-reserve.ts";
import type { ReserveUse } from "./storage.ts";

/** Key of the epoch, beside the chunks: a number drawn by the owner; missing when there was no room for it. */
const EPOCH = "epoch";

/** How long what deletes is tried on a full disk: LevelDB took up to 3.2 s to pack 12 to 60 MB. */
const PATIENCE_MS = 6000;
const RETRY_MS = 50;

/** A key that is never there. */
const NOTHING = "nothing";

/**
 * Values that one request reads, while the next is on its way: 4 of 32 KiB take Chromium 156 half the time of all 200 of
 * a path at once (22 and 46 ms); with 1 or 16 it is 40.
 */
const VALUES_AT_ONCE = 4;

/** A chunk as a database has it. */
export type Entry = readonly [key: IDBValidKey, value: Uint8Array];

/** What a transaction is to do. It is tried a second time where the reserve made room for it. */
type Change = (chunks: IDBObjectStore) => void;

/** Undefined where there is nothing to do. */
type Draft = () => Change | undefined;

/** What the files do when a transaction found no room: they are again as the last one left them. */
type Revert = () => void;

export class IndexedDbOwner {
  readonly #database: IDBDatabase;
  readonly #store: string;
  readonly #patienceMs: number;
  readonly #epoch = crypto.getRandomValues(new Uint32Array(1))[0]!;
  readonly #reverts: Revert[] = [];
  /** Whether the database may still be without an epoch: the first write brings it. */
  #lacksEpoch = false;
  #lacksReserve = true;
  /** Of the last transaction that found no room. */
  #refusal: DOMException | undefined;
  /** Settled when no transaction is on its way. */
  #last: Promise<void> = Promise.resolve();

  /**
   * @param store  the object store that has everything
   * @param patienceMs  how long what deletes is tried on a full disk
   */
  constructor(database: IDBDatabase, store: string, patienceMs = PATIENCE_MS) {
    this.#database = database;
    this.#store = store;
    this.#patienceMs = patienceMs;
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

  /** Whether the room that is kept for a full disk is not there. */
  get lacksReserve(): boolean {
    return this.#lacksReserve;
  }

  /**
   * Resolves when what was drafted is kept, in the order of the calls.
   * @param draft  asked when its turn has come
   * @throws {DOMException}  "QuotaExceededError": nothing was kept, of this or of one before it
   */
  write(durability: Durability, reserve: ReserveUse, draft: Draft): Promise<void> {
    const refusal = this.#refusal;
    const written = this.#last.then(() => {
      // The files are not as they were when this was asked for.
      if (this.#refusal !== undefined && this.#refusal !== refusal) throw this.#refusal;
      return this.#write(durability, reserve, draft());
    });
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(durability: Durability, reserve: ReserveUse, change: Change | undefined): Promise<void> {
    if (change === undefined) return;
    const takesReserve = reserve === "keep" && this.#lacksReserve;
    const put: Change = (chunks) => {
      if (this.#lacksEpoch) chunks.put(this.#epoch, EPOCH);
      if (takesReserve) chunks.put(drawReserve(), RESERVE);
      change(chunks);
    };
    try {
      await this.#commit(durability, put, reserve);
    } catch (error) {
      if (isQuota(error)) {
        this.#refusal = error;
        for (const revert of this.#reverts) revert();
      }
      throw error;
    }
    this.#lacksEpoch = false;
    if (takesReserve) this.#lacksReserve = false;
  }

  /**
   * Tries again where there was no room, what deletes for a while. Between two tries is a transaction that only deletes:
   * it needs no room, and has Chromium 156 count anew what the origin uses. LevelDB gives back behind its
   * transactions, as does the reserve's file, and nobody else tells.
   */
  async #commit(durability: Durability, change: Change, reserve: ReserveUse): Promise<void> {
    const givesUp = reserve === "use" && !this.#lacksReserve;
    const until = performance.now() + (reserve === "use" ? this.#patienceMs : 0);
    for (let tries = 1; ; tries++) {
      try {
        return await this.#tryToCommit(durability, change);
      } catch (error) {
        if (!isQuota(error) || (tries > 2 && performance.now() >= until)) throw error;
      }
      await this.#tryToCommit("strict", (chunks) => chunks.delete(givesUp ? RESERVE : NOTHING));
      this.#lacksReserve ||= givesUp;
      if (tries > 2) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #tryToCommit(durability: Durability, change: Change): Promise<void> {
    const transaction = this.#begin(durability);
    const chunks = transaction.objectStore(this.#store);
    const current = chunks.get(EPOCH);
    current.onsuccess = () => {
      const isOwned = current.result === this.#epoch || (this.#lacksEpoch && current.result === undefined);
      if (!isOwned) transaction.abort();
    };
    change(chunks);
    await transactionDone(transaction);
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
    const reserve = chunks.getKey(RESERVE);
    mark(chunks);
    await transactionDone(transaction);
    this.#lacksReserve = reserve.result === undefined;
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
    // Without an error of its own, it was aborted by `#tryToCommit`.
    transaction.onabort = () =>
      reject(transaction.error ?? new Error("another tab has opened the path since"));
  });
}
