// What a client says about where its data lies, and how long the browser means to keep it.

import type { Durability, Reach, Transport } from "../protocol/operation.ts";
import { type EngineStorageInfo, flushOperation, storageInfoOperation } from "../protocol/storage-info.ts";
import { callEngine } from "../transport/operation-client.ts";
import { salvage, type SalvagedRecords, type SalvageScope } from "./salvage.ts";

export interface StorageInfo extends EngineStorageInfo {
  /** How this client reaches the engine: in its page's own worker, or that of the tab which leads. */
  readonly reach: Reach;
  /** When this client's writes are answered: see `PersistentClientOptions`; "none" in memory. */
  readonly durability: Durability | "none";
  /** Whether the browser has promised not to evict the origin's data; true in Node, false in memory. */
  readonly persisted: boolean;
  /** Bytes that the browser says the origin may use, undefined where it does not say. An estimate: Chromium's foretells nothing. */
  readonly quota: number | undefined;
}

/** `client.storage`. */
export class ClientStorage {
  readonly #transport: Transport;
  readonly #scope: () => SalvageScope;
  readonly #durability: StorageInfo["durability"];

  constructor(transport: Transport, scope: () => SalvageScope, durability: StorageInfo["durability"]) {
    this.#transport = transport;
    this.#scope = scope;
    this.#durability = durability;
  }

  /** Backend, bytes used and the browser's promise. Opens the path where it is not open. */
  async info(): Promise<StorageInfo> {
    const engine = (await callEngine(this.#transport, storageInfoOperation)) as EngineStorageInfo;
    const manager = storageManager();
    const isOfBrowser = engine.backend === "opfs" || engine.backend === "indexeddb";
    return {
      ...engine,
      reach: this.#transport.reach ?? "own-worker",
      durability: this.#durability,
      persisted: isOfBrowser ? ((await manager?.persisted?.()) ?? false) : engine.backend === "node",
      quota: isOfBrowser ? (await manager?.estimate?.())?.quota : undefined,
    };
  }

  /**
   * Makes durable what was answered so far: every client's relaxed writes of the path.
   * @throws {ChromaliteError}  "outcome-unknown": it could not be flushed
   */
  async flush(): Promise<void> {
    await callEngine(this.#transport, flushOperation);
  }

  /**
   * What can still be read of a damaged collection, in batches of up to 1,000 records; of a whole one, all of
   * it. Rows that are damaged are passed over, so records may be missing, or be as an older write left them;
   * of a record with a part that is damaged, `unreadable` says so. Rows that share a checksum with a damaged one
   * are given, and are not `verified`. Works also where the log is damaged and every other call is refused: it is
   * then as before the damaged frame.
   *
   * Cost: all rows once for each batch, and what is read of vectors and texts.
   *
   * @param name  of a collection of this client's database
   * @throws {ChromaNotFoundError}  there is none with this name
   */
  salvage(name: string): AsyncGenerator<SalvagedRecords, void, undefined> {
    return salvage(this.#transport, this.#scope(), name);
  }

  /**
   * Asks the browser to keep the origin's data when space runs low. It may ask the user.
   * @returns  its answer; false where there is nothing to ask
   */
  async persist(): Promise<boolean> {
    return (await storageManager()?.persist?.()) ?? false;
  }
}

function storageManager(): Partial<StorageManager> | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.storage;
}
