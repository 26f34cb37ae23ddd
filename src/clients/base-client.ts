// What every client of ours has beside the official one: collections that take Float32Array and a flat
// query vector, embedding functions of an installed `chromadb`, and an end.

import { ChromaClient, type Collection as OfficialCollection } from "chromadb";
import { findInstalledEmbeddingFunctions } from "./embedding-functions.ts";
import { assertKeepable, extendCollection } from "./official.ts";
import type { Collection } from "./types.ts";

type Arguments<Name extends keyof ChromaClient> = ChromaClient[Name] extends (...args: infer A) => unknown
  ? A
  : never;

/** The official client, with collections as ours return them. */
export abstract class BaseClient extends ChromaClient implements AsyncDisposable {
  /** Releases what the client holds. Idempotent. Every call after it throws `ChromaliteError` "closed". */
  abstract close(): Promise<void>;

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  override async createCollection(...args: Arguments<"createCollection">): Promise<Collection> {
    assertKeepable(args[0].metadata);
    await findInstalledEmbeddingFunctions();
    return extendCollection(await super.createCollection(...args));
  }

  override async getCollection(...args: Arguments<"getCollection">): Promise<Collection> {
    await findInstalledEmbeddingFunctions();
    return extendCollection(await super.getCollection(...args));
  }

  override async getOrCreateCollection(...args: Arguments<"getOrCreateCollection">): Promise<Collection> {
    assertKeepable(args[0].metadata);
    await findInstalledEmbeddingFunctions();
    return extendCollection(await super.getOrCreateCollection(...args));
  }

  override async getCollectionById(...args: Arguments<"getCollectionById">): Promise<Collection> {
    await findInstalledEmbeddingFunctions();
    return extendCollection(await super.getCollectionById(...args));
  }

  override async getCollectionByCrn(...args: Arguments<"getCollectionByCrn">): Promise<Collection> {
    await findInstalledEmbeddingFunctions();
    return extendCollection(await super.getCollectionByCrn(...args));
  }

  // The official one asks getCollection for each, so these are extended already.
  override async getCollections(...args: Arguments<"getCollections">): Promise<Collection[]> {
    return super.getCollections(...args);
  }

  override async listCollections(...args: Arguments<"listCollections">): Promise<Collection[]> {
    await findInstalledEmbeddingFunctions();
    return (await super.listCollections(...args)).map((each: OfficialCollection) => extendCollection(each));
  }

  override collection(...args: Arguments<"collection">): Collection {
    return extendCollection(super.collection(...args));
  }
}
