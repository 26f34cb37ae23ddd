// The one file that knows inside the official client (chromadb 3.5.0): a private field, and a method
// of its collections. test/client/official.test.ts says so when an upgrade changes either.

import type { ChromaClient, Collection as OfficialCollection } from "chromadb";
import type { ApiClient } from "../transport/operation-client.ts";
import type { Collection, QueryEmbeddings } from "./types.ts";

/**
 * Puts `apiClient` in the place of the official client's fetch. The client's collections take it from there.
 * A subclass cannot redeclare a private field, so this is the one cast.
 *
 * @throws {Error}  the official client has no such field any more
 */
export function replaceApiClient(client: ChromaClient, apiClient: ApiClient): void {
  if (!Object.hasOwn(client, "apiClient")) throw new Error("chromadb's client no longer has an apiClient");
  (client as unknown as { apiClient: ApiClient }).apiClient = apiClient;
}

/**
 * A collection that takes a flat query vector: the official validators throw a raw TypeError on one,
 * so it is nested before they see it. Rows of Float32Array pass them already.
 */
export function extendCollection(official: OfficialCollection): Collection {
  const query = official.query.bind(official);
  const fork = official.fork.bind(official);
  const extension: Pick<Collection, "query" | "fork"> = {
    query: ({ queryEmbeddings, ...rest }) =>
      query({ ...rest, ...(queryEmbeddings && { queryEmbeddings: nest(queryEmbeddings) }) }),
    fork: async (target) => extendCollection(await fork(target)),
  };
  for (const [name, value] of Object.entries(extension)) {
    Object.defineProperty(official, name, { value, configurable: true, writable: true });
  }
  return official;
}

/** One vector alone as a list of one. */
function nest(embeddings: QueryEmbeddings): number[][] {
  const isFlat = embeddings instanceof Float32Array || typeof embeddings[0] === "number";
  return (isFlat ? [embeddings] : embeddings) as number[][];
}
