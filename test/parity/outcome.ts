// What a step came to, as plain data that can be compared: a reply without what was generated or is an
// address, or an error as its class, name and text.

import { type ChromaClient, type Collection, GetResult, QueryResult } from "chromadb";

/** The columns of some records, aligned by id. */
export interface Columns {
  /** How long each column is: one that was not asked for is empty. */
  readonly lengths: Readonly<Record<string, number | null>>;
  readonly byId: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** The neighbours of one vector. */
export interface Neighbours {
  readonly ids: readonly string[];
  /** Asked for even where the caller did not: equal distances are told by them. */
  readonly distances: readonly (number | null)[];
  readonly columns: Columns;
}

export interface ErrorOutcome {
  readonly class: string;
  readonly name: string;
  readonly message: string;
  /** Text of the error behind it. */
  readonly cause: string | null;
}

export type Outcome =
  | {
      readonly kind: "records";
      readonly ids: readonly string[];
      readonly columns: Columns;
      readonly include: unknown;
    }
  | { readonly kind: "neighbours"; readonly queries: readonly Neighbours[]; readonly include: unknown }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: ErrorOutcome };

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const origin = /https?:\/\/[a-z0-9.]+:\d+/g;
const columnNames = ["documents", "metadatas", "uris", "embeddings"] as const;

type ColumnsOfReply = Readonly<Record<(typeof columnNames)[number], readonly unknown[] | null | undefined>>;

/** The outcome of a call that resolved. @param distances  of a query whose caller did not ask for them */
export function replyOutcome(reply: unknown, distances?: QueryResult["distances"]): Outcome {
  if (reply instanceof GetResult) {
    return { kind: "records", ids: reply.ids, columns: toColumns(reply.ids, reply), include: reply.include };
  }
  if (reply instanceof QueryResult) {
    const queries = reply.ids.map((ids, query) => ({
      ids,
      distances: (distances ?? reply.distances)[query] ?? [],
      columns: toColumns(ids, {
        documents: reply.documents[query],
        metadatas: reply.metadatas[query],
        uris: reply.uris[query],
        embeddings: reply.embeddings[query],
      }),
    }));
    return { kind: "neighbours", queries, include: reply.include };
  }
  return { kind: "value", value: reply ?? null };
}

/** The outcome of a call that threw. */
export function errorOutcome(error: unknown): Outcome {
  if (!(error instanceof Error)) throw new TypeError(`Thrown, and no Error: ${String(error)}`);
  const cause = error.cause instanceof Error ? normalizeText(error.cause.message) : null;
  const message = normalizeText(error.message);
  return { kind: "error", error: { class: error.constructor.name, name: error.name, message, cause } };
}

/** Whether a reply to get or query has a record; an error has none. */
export function hasRecords(outcome: Outcome): boolean {
  if (outcome.kind === "records") return outcome.ids.length > 0;
  return outcome.kind === "neighbours" && outcome.queries.some(({ ids }) => ids.length > 0);
}

/** What a collection tells of itself, but its id. */
export function describeCollection(collection: Collection): Record<string, unknown> {
  const { name, metadata, configuration, embeddingFunction, schema, tenant, database } = collection;
  return {
    name,
    metadata: metadata ?? null,
    configuration,
    embeddingFunction: embeddingFunction?.name ?? null,
    schema: schema?.serializeToJSON() ?? null,
    tenant,
    database,
  };
}

/** Collections in the order of their names: the server's is that of generated ids. */
export function describeCollections(collections: readonly Collection[]): Record<string, unknown>[] {
  return collections
    .map((collection) => describeCollection(collection))
    .sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
}

/** A clock's answer: whether it is of now, and its resolution. */
export function describeHeartbeat(nanoseconds: Awaited<ReturnType<ChromaClient["heartbeat"]>>): object {
  const milliseconds = nanoseconds / 1e6;
  return {
    isOfNow: Math.abs(milliseconds - Date.now()) < 60_000,
    isWholeMilliseconds: Math.abs(milliseconds - Math.round(milliseconds)) < 1e-3,
  };
}

/** A text without generated ids and without host and port. */
export function normalizeText(text: string): string {
  return text.replace(uuid, "<id>").replace(origin, "<origin>");
}

function toColumns(ids: readonly string[], reply: ColumnsOfReply): Columns {
  const given = columnNames.filter((name) => (reply[name]?.length ?? 0) > 0);
  return {
    lengths: Object.fromEntries(columnNames.map((name) => [name, reply[name]?.length ?? null])),
    byId: new Map(
      ids.map((id, row) => [id, Object.fromEntries(given.map((name) => [name, reply[name]?.[row] ?? null]))]),
    ),
  };
}
