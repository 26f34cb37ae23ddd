// What a client in the page has beside the official one: collections that take Float32Array, and an end.

import { ChromaClient, type Collection as OfficialCollection } from "chromadb";
import type { Transport } from "../protocol/operation.ts";
import { operationClient } from "../transport/operation-client.ts";
import { ClientStorage } from "./client-storage.ts";
import { assertKeepable, extendCollection, replaceApiClient } from "./official.ts";
import type { Collection } from "./types.ts";

/** Tenant and database of a client; Chroma's defaults when left out. */
export interface Scope {
  tenant?: string;
  database?: string;
}

type Arguments<Name extends keyof ChromaClient> = ChromaClient[Name] extends (...args: infer A) => unknown
  ? A
  : never;

/** The way to a client's engine, for the parts of the package that reach it otherwise. */
export let transportOf: (client: LocalClient) => Transport;

/** The official client over an engine of its own. */
export abstract class LocalClient extends ChromaClient implements AsyncDisposable {
  static {
    transportOf = (client) => client.#transport;
  }

  /** Where the data lies, and the browser's promise to keep it. */
  readonly storage: ClientStorage;
  readonly #transport: Transport;

  protected constructor({ tenant, database }: Scope, transport: Transport) {
    super({ ...(tenant !== undefined && { tenant }), ...(database !== undefined && { database }) });
    this.#transport = transport;
    this.storage = new ClientStorage(transport);
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  override async createCollection(...args: Arguments<"createCollection">): Promise<Collection> {
    assertKeepable(args[0].metadata);
    return extendCollection(await super.createCollection(...args));
  }

  override async getCollection(...args: Arguments<"getCollection">): Promise<Collection> {
    return extendCollection(await super.getCollection(...args));
  }

  override async getOrCreateCollection(...args: Arguments<"getOrCreateCollection">): Promise<Collection> {
    assertKeepable(args[0].metadata);
    return extendCollection(await super.getOrCreateCollection(...args));
  }

  override async getCollectionById(...args: Arguments<"getCollectionById">): Promise<Collection> {
    return extendCollection(await super.getCollectionById(...args));
  }

  override async getCollectionByCrn(...args: Arguments<"getCollectionByCrn">): Promise<Collection> {
    return extendCollection(await super.getCollectionByCrn(...args));
  }

  // The official one asks getCollection for each, so these are extended already.
  override async getCollections(...args: Arguments<"getCollections">): Promise<Collection[]> {
    return super.getCollections(...args);
  }

  override async listCollections(...args: Arguments<"listCollections">): Promise<Collection[]> {
    return (await super.listCollections(...args)).map((each: OfficialCollection) => extendCollection(each));
  }

  override collection(...args: Arguments<"collection">): Collection {
    return extendCollection(super.collection(...args));
  }
}
