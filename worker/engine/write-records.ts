// Operations that write records: add, update, upsert, delete.

import type { Operation } from "../../src/protocol/operation.ts";
import type { CatalogChange } from "../catalog/change.ts";
import { planWrite } from "../catalog/collections.ts";
import type { Collection, PendingWrite } from "../collection/collection.ts";
import type { RecordsWrite } from "../collection/resolve.ts";
import { parseAdd, parseDelete, parseUpdate, parseUpsert } from "../requests/write.ts";
import { everything } from "../rows/filter.ts";
import type { Handler, ResolvedWrite } from "./handler.ts";
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
    const data = { deleted: isById ? selection.ids!.length : deleted };
    return resolved(collection, write, { status: 200, data }, undefined);
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
      const { embeddings, metadatas } = request;
      const dimension = embeddings !== null && embeddings.rows > 0 ? embeddings.dimension : null;
      const change = planWrite(context.collections.mustGetRecord(collection.id), dimension, metadatas);
      const write = collection.write({ kind, ...request });
      return resolved(collection, write, { status, data: {} }, change);
    },
  };
}

/** A write that changes no record changes nothing at all. */
function resolved(
  collection: Collection,
  pending: PendingWrite,
  answer: { status: number; data: unknown },
  change: CatalogChange | undefined,
): ResolvedWrite {
  if (pending.parts === undefined) return answer;
  return { ...answer, records: { collection: collection.id, pending }, ...(change ? { change } : {}) };
}

function hasFilter(body: unknown): boolean {
  const { where, where_document } = (body ?? {}) as { where?: unknown; where_document?: unknown };
  return (where ?? null) !== null || (where_document ?? null) !== null;
}
