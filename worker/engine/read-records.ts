// Operations that read records: count, get, query, indexing status.

import type { Operation, PackedVectors } from "../../src/protocol/operation.ts";
import { assertDimension } from "../catalog/collections.ts";
import { assertDocumentsSearchable, assertFilterable } from "../catalog/filterable.ts";
import type { CollectionRecord } from "../catalog/record.ts";
import type { Collection, Selection } from "../collection/collection.ts";
import { parseCollectionId } from "../requests/collection-id.ts";
import { parseReadLevel } from "../requests/query-string.ts";
import { type GetRequest, type Include, parseGet, parseQuery, type QueryRequest } from "../requests/read.ts";
import { everything, type Filter, filteredKeys, filtersDocuments } from "../rows/filter.ts";
import { parseFilter, usesRegex } from "../rows/parse-where.ts";
import type { FetchedRows } from "../rows/rows.ts";
import { type EngineContext, ok } from "./handler.ts";
import type { RecordOperations } from "./records.ts";

export const count: RecordOperations["count"] = async ({ path, query }, context) => {
  parseReadLevel(query);
  return ok((await loadCollection(path, context)).count);
};

export const get: RecordOperations["get"] = async ({ path, body, exact = false }, context) => {
  const request = parseGet(body);
  const collection = await loadCollection(path, context);
  const selected = collection.select(await parseSelection(request, collection.id, context));
  const limit = request.limit ?? Number.POSITIVE_INFINITY;
  const slots = collection.inOrder(selected, request.offset, limit);
  const rows = fetch(collection, slots, request.include, exact);
  return ok({
    ...columnsOf(rows, request),
    embeddings: request.include.includes("embeddings") ? collection.embeddings(slots) : null,
  });
};

export const query: RecordOperations["query"] = async ({ path, body, exact = false }, context) => {
  const request = parseQuery(body);
  const collection = await loadCollection(path, context);
  const { rows: count, dimension } = request.embeddings;
  const selection = await parseSelection(request, collection.id, context, count > 0 ? dimension : undefined);
  const isFiltered = selection.ids !== null || selection.filter !== everything;
  const allowed = isFiltered ? collection.select(selection) : undefined;
  const vectors = queryVectors(request.embeddings);
  const found = vectors.map((vector) => collection.nearest(vector, request.nResults, allowed));
  const rows = found.map(({ slots }) => fetch(collection, slots, request.include, exact));
  return ok(queryReply(request, collection, found, rows));
};

/** How far the graph is behind the records; Chroma's single-node server answers 500. */
export const indexingStatus: RecordOperations["indexingStatus"] = async ({ path }, context) => {
  const { slots, unindexed } = await loadCollection(path, context);
  return ok({
    num_indexed_ops: slots - unindexed,
    num_unindexed_ops: unindexed,
    total_ops: slots,
    op_indexing_progress: slots === 0 ? 1 : (slots - unindexed) / slots,
  });
};

/** The collection that the route names. @throws {RequestError} 400 for no uuid, 404 */
export async function loadCollection(path: Operation["path"], context: EngineContext): Promise<Collection> {
  return context.collections.load(parseCollectionId(path?.["collection_id"] ?? ""));
}

/**
 * Ids and filter of a request; loads regular expressions where the filter has any.
 * @param dimension  of the vectors of a query: of several mistakes the server tells that of a clause first,
 *   then this one, then an index that is missing
 */
export async function parseSelection(
  request: { ids: readonly string[] | null; where: unknown; whereDocument: unknown },
  id: string,
  context: EngineContext,
  dimension?: number,
): Promise<Selection> {
  const { ids, where, whereDocument } = request;
  if (usesRegex(where) || usesRegex(whereDocument)) await (await context.collections.records()).loadRegex();
  const filter = parseFilter(where, whereDocument);
  const record = context.collections.mustGetRecord(id);
  if (dimension !== undefined) assertDimension(record, dimension);
  assertIndexed(record, filter);
  return { ids, filter };
}

const valueTypes = { Str: "string", Int: "int", Float: "float", Bool: "bool" } as const;

/** @throws {RequestError}  400 where the collection's schema has an index switched off that the filter needs */
function assertIndexed(record: CollectionRecord, filter: Filter): void {
  // The default schema has every index on.
  if (record.schema === null) return;
  for (const { key, type } of filteredKeys(filter)) assertFilterable(record, key, valueTypes[type]);
  if (filtersDocuments(filter)) assertDocumentsSearchable(record);
}

function queryVectors({ rows, dimension, values }: PackedVectors): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => values.subarray(row * dimension, (row + 1) * dimension));
}

function fetch(
  collection: Collection,
  slots: Uint32Array,
  include: readonly Include[],
  exact: boolean,
): FetchedRows {
  const columns = {
    metadatas: include.includes("metadatas"),
    documents: include.includes("documents"),
    uris: include.includes("uris"),
  };
  return collection.rows.fetch(slots, columns, exact);
}

/** Columns that were not asked for are null. */
function columnsOf(rows: FetchedRows, { include }: GetRequest): Record<string, unknown> {
  return {
    ids: rows.ids,
    documents: rows.documents ?? null,
    metadatas: rows.metadatas ?? null,
    uris: rows.uris ?? null,
    include,
  };
}

function queryReply(
  { include }: QueryRequest,
  collection: Collection,
  found: readonly { slots: Uint32Array; distances: Float32Array }[],
  rows: readonly FetchedRows[],
): Record<string, unknown> {
  const column = <T>(name: Include, cells: () => T[]): T[] | null =>
    include.includes(name) ? cells() : null;
  return {
    ids: rows.map(({ ids }) => ids),
    embeddings: column("embeddings", () => found.map(({ slots }) => collection.embeddings(slots))),
    documents: column("documents", () => rows.map(({ documents }) => documents)),
    metadatas: column("metadatas", () => rows.map(({ metadatas }) => metadatas)),
    uris: column("uris", () => rows.map(({ uris }) => uris)),
    distances: column("distances", () => found.map(({ distances }) => finiteOrNull(distances))),
    include,
  };
}

/** JSON has no infinity: the server answers null for a distance that overflowed. */
function finiteOrNull(distances: Float32Array): (number | null)[] {
  return Array.from(distances, (distance) => (Number.isFinite(distance) ? distance : null));
}
