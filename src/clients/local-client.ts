// What a client with an engine of its own has beside the others: the engine, and word of its storage.

import type { Transport } from "../protocol/operation.ts";
import { operationClient } from "../transport/operation-client.ts";
import { scopeOf, type Scope } from "./arguments.ts";
import { BaseClient } from "./base-client.ts";
import { ClientStorage, type StorageInfo } from "./client-storage.ts";
import { replaceApiClient } from "./official.ts";

/** The way to a client's engine, for the parts of the package that reach it otherwise. */
export let transportOf: (client: LocalClient) => Transport;

/** The official client over an engine of its own. */
export abstract class LocalClient extends BaseClient {
  static {
    transportOf = (client) => client.#transport;
  }

  /** Where the data lies, and the browser's promise to keep it. */
  readonly storage: ClientStorage;
  readonly #transport: Transport;

  protected constructor(scope: Scope, transport: Transport, durability: StorageInfo["durability"]) {
    super(scopeOf(scope));
    this.#transport = transport;
    this.storage = new ClientStorage(transport, durability);
    replaceApiClient(this, operationClient(transport));
  }

  /**
   * Waits for the calls that the engine has, then releases it; with the last client of a path, the path.
   * Await your own calls first: one that is still being prepared, its embeddings say, is refused.
   * Idempotent. Every call after it throws `ChromaliteError` "closed". Nothing is lost without it:
   * what was acknowledged is stored.
   */
  close(): Promise<void> {
    return this.#transport.close();
  }
}
