// Operations that write records: add, update, upsert, delete.

import type { MetadataPatch } from "../../src/protocol/metadata.ts";
import type { Operation } from "../../src/protocol/operation.ts";
import { assertDimension, planWrite } from "../catalog/collections.ts";
import type { PendingWrite } from "../collection/collection.ts";
import type { RecordsWrite } from "../collection/resolve.ts";
import { parseAdd, parseDelete, parseUpdate, parseUpsert } from "../requests/write.ts";
import { everything } from "../rows/filter.ts";
import type { Handler } from "./handler.ts";
import { loadCollection, parseSelection } from "./read-records.ts";

export const add = recordsHandler("add", parseAdd, 201);
export const update = recordsHandler("update", parseUpdate, 200);
export const upsert = recordsHandler("upsert", parseUpsert, 200);

export const deleteRecords: Handler = {
  kind: "write",
  // A filter on documents reads texts, and those of a write before it are not stored yet.
  isGroupable: ({ body }) => !hasFilter(body),
  resolve: async ({ path, body }, context) => {
    const request = parseDelete(body);
    const collection = await loadCollection(path, context);
    const selection = await parseSelection(request, collection.id, context);
    if (selection.ids === null && selection.filter === everything) {
      return { status: 200, data: { deleted: 0 } };
    }
    const { write, deleted } = collection.delete(selection, request.limit ?? undefined);
    // For ids alone Chroma counts what was sent, also ids of no record.
    const isById = selection.ids !== null && selection.filter === everything;
    const data = { deleted: isById ? selection.ids.length : deleted };
    const isChanged = write.parts !== undefined;
    return {
      status: 200,
      data,
      ...(isChanged ? { records: { collection: collection.id, pending: write } } : {}),
    };
  },
};

type Columns = Omit<RecordsWrite, "kind">;

function recordsHandler(
  kind: RecordsWrite["kind"],
  parse: (body: unknown) => Columns,
  status: number,
): Handler {
  return {
    kind: "write",
    isGroupable: () => true,
    resolve: async ({ path, body }: Operation, context) => {
      const request = parse(body);
      const collection = await loadCollection(path, context);
      const record = context.collections.mustGetRecord(collection.id);
      const { embeddings } = request;
      const dimension = embeddings !== null && embeddings.rows > 0 ? embeddings.dimension : null;
      if (dimension !== null) assertDimension(record, dimension);
      const pending = collection.write({ kind, ...request });
      if (pending.parts === undefined) return { status, data: {} };
      // Only what records really took teaches the catalog: an add of known ids takes nothing.
      const change = planWrite(record, dimension, metadatasOf(pending));
      const records = { collection: collection.id, pending };
      return { status, data: {}, records, ...(change === undefined ? {} : { change }) };
    },
  };
}

function metadatasOf({ resolved }: PendingWrite): (MetadataPatch | null)[] {
  return resolved.changes.flatMap(({ inserts, updates }) => [
    ...(inserts?.metadatas ?? []),
    ...(updates?.metadatas ?? []),
  ]);
}

function hasFilter(body: unknown): boolean {
  const { where, where_document } = (body ?? {}) as { where?: unknown; where_document?: unknown };
  return (where ?? null) !== null || (where_document ?? null) !== null;
}
