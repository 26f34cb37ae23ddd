// What a client with an engine of its own has beside the others: the engine, and word of its storage.

import type { Transport } from "../protocol/operation.ts";
import type { TransferOptions } from "./transfer-options.ts";
import { operationClient } from "../transport/operation-client.ts";
import { scopeOf, type Scope } from "./arguments.ts";
import { BaseClient } from "./base-client.ts";
import { ClientStorage, type StorageInfo } from "./client-storage.ts";
import { exportArchive } from "./export-archive.ts";
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
    const scopeNow = () => ({
      tenant: this.tenant ?? "default_tenant",
      database: this.database ?? "default_database",
    });
    this.storage = new ClientStorage(transport, scopeNow, durability);
    replaceApiClient(this, operationClient(transport));
  }

  /**
   * Everything that is stored, as one stream of bytes: all tenants, databases and collections as they are at the
   * first read, whatever is written meanwhile. `PersistentClient.import` takes it, in a page and in Node alike.
   * It is read as the reader asks; cancelling it ends the export, and so do ten minutes without a read.
   *
   * Cost: memory for one section of 1 MiB here, and in the worker for what no checkpoint has moved yet (at most
   * 32 MB). Space that is freed meanwhile comes back at the end.
   *
   * @throws {ChromaliteError}  reading it: "transfer-interrupted", the engine that served it is gone
   */
  export(options: TransferOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    return exportArchive(this.#transport, options);
  }

  /**
   * Waits for the calls that were made before, then releases the engine; with the last client of a path, the path.
   * One whose embeddings are still being made is refused: await those first.
   * Idempotent. Every call after it throws `ChromaliteError` "closed". Nothing is lost without it:
   * what was acknowledged is stored.
   */
  close(): Promise<void> {
    return this.#transport.close();
  }
}
