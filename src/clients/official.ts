// The one file that knows inside the official client (chromadb 3.5.0): a private field of client and
// collection, and methods of the latter. test/client/official.test.ts says so when an upgrade changes either.

import { ChromaValueError } from "chromadb";
import type {
  ChromaClient,
  Collection as OfficialCollection,
  GetResult,
  Metadata,
  QueryResult,
} from "chromadb";
import type { ApiClient } from "../transport/operation-client.ts";
import { assertNesting } from "./nesting.ts";
import type { Collection, QueryEmbeddings } from "./types.ts";
import { readWhole, sendWhole, type Nulls } from "./whole-metadata.ts";

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

type Extension = Pick<
  Collection,
  "add" | "update" | "upsert" | "get" | "query" | "delete" | "modify" | "fork"
>;

/**
 * A collection that takes a flat query vector, deletes a metadata key by null, keeps a key `__proto__`
 * and refuses a filter nested too deep: the official one throws raw errors on the first and the last,
 * and loses the others.
 */
export function extendCollection(official: OfficialCollection): Collection {
  const original = Object.getPrototypeOf(official) as OfficialCollection;
  const { apiClient } = official as unknown as { apiClient: ApiClient };
  /** The collection over another API client: one call's own, since calls overlap. */
  const over = (other: ApiClient): OfficialCollection =>
    Object.create(official, { apiClient: { value: other } });
  const sending = (records: { metadatas?: unknown }, nulls: Nulls): OfficialCollection =>
    over(sendWhole(apiClient, records.metadatas, nulls));
  const extension: Extension = {
    add: async ({ ...records }) =>
      original.add.call(sending(records, "dropped"), records as Parameters<OfficialCollection["add"]>[0]),
    update: async ({ ...records }) =>
      original.update.call(sending(records, "kept"), records as Parameters<OfficialCollection["update"]>[0]),
    upsert: async ({ ...records }) =>
      original.upsert.call(sending(records, "kept"), records as Parameters<OfficialCollection["upsert"]>[0]),
    get: async <TMeta extends Metadata>({ ...request }: Parameters<OfficialCollection["get"]>[0] = {}) => {
      assertFilters(request);
      return readWhole(
        apiClient,
        (noting) => original.get.call(over(noting), request) as Promise<GetResult<TMeta>>,
      );
    },
    query: async <TMeta extends Metadata>({
      queryEmbeddings,
      ...rest
    }: Parameters<Collection["query"]>[0]) => {
      assertFilters(rest);
      const request = { ...rest, ...(queryEmbeddings && { queryEmbeddings: nest(queryEmbeddings) }) };
      return readWhole(
        apiClient,
        (noting) => original.query.call(over(noting), request) as Promise<QueryResult<TMeta>>,
      );
    },
    delete: async ({ ...request }) => {
      assertFilters(request);
      return original.delete.call(official, request);
    },
    modify: async ({ ...changes }) => {
      assertKeepable(changes.metadata);
      return original.modify.call(official, changes);
    },
    fork: async (target) => extendCollection(await original.fork.call(official, target)),
  };
  for (const [name, value] of Object.entries(extension)) {
    Object.defineProperty(official, name, { value, configurable: true, writable: true });
  }
  return official;
}

/**
 * The official client's copies lose this key of a collection's metadata, and nothing puts it back.
 * @throws {ChromaValueError}  it is there
 */
export function assertKeepable(metadata: object | null | undefined): void {
  if (metadata && Object.hasOwn(metadata, "__proto__")) {
    throw new ChromaValueError("Expected metadata of a collection to have no key '__proto__'");
  }
}

function assertFilters({ where, whereDocument }: { where?: unknown; whereDocument?: unknown }): void {
  assertNesting("where", where);
  assertNesting("where document", whereDocument);
}

/** One vector alone as a list of one. */
function nest(embeddings: QueryEmbeddings): number[][] {
  const isFlat = embeddings instanceof Float32Array || typeof embeddings[0] === "number";
  return (isFlat ? [embeddings] : embeddings) as number[][];
}
