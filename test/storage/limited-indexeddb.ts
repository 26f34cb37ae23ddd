// fake-indexeddb on a disk of so many bytes. As in Chromium, a transaction is refused when what it puts is more
// than what is left, whatever it deletes beside that; one that only deletes never is.

export interface DiskLimit {
  bytes: number;
  /** Whether deleting makes room at once; if not, only the deletion of a value over 64 KiB does: Chromium's LevelDB. */
  readonly packs: boolean;
}

type Parameters = [stores: string | string[], mode?: IDBTransactionMode, options?: IDBTransactionOptions];

/** Values over this are in files of their own. */
const VALUE_BYTES_MAX = 65_536;

/** Makes `limit` hold for databases that are opened from now on. @returns  how to undo it */
export function limitIndexedDb(limit: DiskLimit): () => void {
  const { prototype } = IDBDatabase;
  const own = Object.getOwnPropertyDescriptor(prototype, "transaction")!;
  const begin = own.value as (this: IDBDatabase, ...parameters: Parameters) => IDBTransaction;
  const bytesByKey = new Map<string, number>();
  let used = 0;
  prototype.transaction = function (this: IDBDatabase, ...parameters: Parameters) {
    const transaction = begin.apply(this, parameters);
    const place = (key: unknown): string => JSON.stringify([this.name, key]);
    const changes = new Map<string, number>();
    let asked = 0;
    const refuse = (): void => {
      const full = new DOMException("no room", "QuotaExceededError");
      Object.defineProperty(transaction, "error", { value: full });
      transaction.abort();
    };
    const objectStore = transaction.objectStore.bind(transaction);
    transaction.objectStore = (name) => {
      const store = objectStore(name);
      const put = store.put.bind(store);
      const remove = store.delete.bind(store);
      store.put = (value: unknown, key) => {
        const bytes = value instanceof Uint8Array ? value.length : 8;
        asked += bytes;
        changes.set(place(key), bytes);
        const request = put(value, key);
        if (asked > limit.bytes - used) request.onsuccess = refuse;
        return request;
      };
      store.delete = (key) => {
        changes.set(place(key), 0);
        return remove(key);
      };
      return store;
    };
    transaction.addEventListener("complete", () => {
      for (const [key, bytes] of changes) {
        const before = bytesByKey.get(key) ?? 0;
        used += bytes;
        if (limit.packs || before > VALUE_BYTES_MAX) used -= before;
        bytesByKey.set(key, bytes);
      }
    });
    return transaction;
  };
  return () => {
    Object.defineProperty(prototype, "transaction", own);
  };
}
