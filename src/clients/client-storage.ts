// What a client says about where its data lies, and how long the browser means to keep it.

import type { Reach, Transport } from "../protocol/operation.ts";
import { type EngineStorageInfo, storageInfoOperation } from "../protocol/storage-info.ts";
import { callOperation } from "../transport/operation-client.ts";

export interface StorageInfo extends EngineStorageInfo {
  /** How this client reaches the engine: in its page's own worker, or that of the tab which leads. */
  readonly reach: Reach;
  /** Whether the browser has promised not to evict the origin's data; true in Node, false in memory. */
  readonly persisted: boolean;
  /** Bytes that the browser says the origin may use, undefined where it does not say. An estimate: Chromium's foretells nothing. */
  readonly quota: number | undefined;
}

/** `client.storage`. */
export class ClientStorage {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Backend, bytes used and the browser's promise. Opens the path where it is not open. */
  async info(): Promise<StorageInfo> {
    const { method, route: url } = storageInfoOperation;
    const engine = (await callOperation(this.#transport, method, { url })) as EngineStorageInfo;
    const manager = storageManager();
    const isOfBrowser = engine.backend === "opfs" || engine.backend === "indexeddb";
    return {
      ...engine,
      reach: this.#transport.reach ?? "own-worker",
      persisted: isOfBrowser ? ((await manager?.persisted?.()) ?? false) : engine.backend === "node",
      quota: isOfBrowser ? (await manager?.estimate?.())?.quota : undefined,
    };
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
