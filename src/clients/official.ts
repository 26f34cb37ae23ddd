// The one file that knows inside the official client (chromadb 3.5.0): a private field of client and
// collection, and methods of the latter. test/client/official.test.ts says so when an upgrade changes either.

import { ChromaValueError } from "chromadb";
import type {
  AdminClient,
  ChromaClient,
  Collection as OfficialCollection,
  GetResult,
  Metadata,
  QueryResult,
} from "chromadb";
import type { ApiClient } from "../transport/operation-client.ts";
import { followWrite } from "./follow-write.ts";
import { assertNesting } from "./nesting.ts";
import { withPlainRows } from "./plain-rows.ts";
import { assertRecordShapes, assertRows } from "./record-shapes.ts";
import type { Collection, QueryEmbeddings, WriteOptions } from "./types.ts";
import { readWhole, sendWhole, type Nulls } from "./whole-metadata.ts";

/** The official clients that hold a transport. */
type Official = ChromaClient | AdminClient;

/** The official transport over `fetch`, as far as it is configured here. */
interface FetchConfig {
  readonly baseUrl?: string;
  readonly bodySerializer?: (body: unknown) => unknown;
  readonly fetch?: typeof fetch;
}

interface FetchClient extends ApiClient {
  getConfig(): Required<FetchConfig>;
  setConfig(config: FetchConfig): unknown;
}

/**
 * The transport of a client, of whichever copy of `chromadb`. A subclass cannot redeclare a private
 * field, so this and `replaceApiClient` are the casts.
 *
 * @throws {Error}  the official client has no such field any more
 */
export function apiClientOf(client: Official): ApiClient {
  if (!isClient(client)) throw new Error("chromadb's client no longer has an apiClient");
  return (client as unknown as { apiClient: ApiClient }).apiClient;
}

/** Whether it is a client of `chromadb`, of whichever copy, and not its options. */
export function isClient(object: object): object is ChromaClient {
  return Object.hasOwn(object, "apiClient");
}

/**
 * Puts `apiClient` in the place of the official client's fetch. The client's collections take it from there.
 * @throws {Error}  as `apiClientOf`
 */
export function replaceApiClient(client: Official, apiClient: ApiClient): void {
  apiClientOf(client);
  (client as unknown as { apiClient: ApiClient }).apiClient = apiClient;
}

/**
 * Directs a client that keeps the official transport.
 *
 * @param address    what routes are appended to
 * @param assertOpen  called before each request; what it throws is what the caller hears
 */
export function configureFetch(client: ChromaClient, address: string, assertOpen: () => void): void {
  const apiClient = apiClientOf(client) as FetchClient;
  const { bodySerializer, fetch } = apiClient.getConfig();
  apiClient.setConfig({
    baseUrl: address,
    bodySerializer: (body) => bodySerializer(withPlainRows(body)),
    fetch: async (input, init) => {
      assertOpen();
      return fetch(input, init);
    },
  });
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
  const sending = (
    records: { embeddings?: unknown; metadatas?: unknown },
    nulls: Nulls,
    options: WriteOptions = {},
  ): OfficialCollection => {
    options.signal?.throwIfAborted();
    assertRecordShapes(records);
    return over(sendWhole(followWrite(apiClient, options), records.metadatas, nulls));
  };
  const extension: Extension = {
    add: async ({ ...records }, options) =>
      original.add.call(
        sending(records, "dropped", options),
        records as Parameters<OfficialCollection["add"]>[0],
      ),
    update: async ({ ...records }, options) =>
      original.update.call(
        sending(records, "kept", options),
        records as Parameters<OfficialCollection["update"]>[0],
      ),
    upsert: async ({ ...records }, options) =>
      original.upsert.call(
        sending(records, "kept", options),
        records as Parameters<OfficialCollection["upsert"]>[0],
      ),
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
      assertRows(request.queryEmbeddings);
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
