// Operations that write records: add, update, upsert, delete.

import type { MetadataPatch } from "../../src/protocol/metadata.ts";
import type { Operation } from "../../src/protocol/operation.ts";
import { assertDimension, planWrite } from "../catalog/collections.ts";
import type { PendingWrite } from "../collection/collection.ts";
import type { RecordsWrite } from "../collection/resolve.ts";
import { presentRows } from "../requests/embeddings.ts";
import { parseAdd, parseDelete, parseUpdate, parseUpsert } from "../requests/write.ts";
import { everything } from "../rows/filter.ts";
import { loadCollection, parseSelection } from "./read-records.ts";
import type { RecordOperations } from "./records.ts";

export const add = recordsWriter("add", parseAdd, 201);
export const update = recordsWriter("update", parseUpdate, 200);
export const upsert = recordsWriter("upsert", parseUpsert, 200);

export const deleteRecords: RecordOperations["delete"] = async ({ path, body }, context) => {
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
    frees: true,
    ...(isChanged ? { records: { collection: collection.id, pending: write } } : {}),
  };
};

type Columns = Omit<RecordsWrite, "kind">;

function recordsWriter(
  kind: RecordsWrite["kind"],
  parse: (body: unknown) => Columns,
  status: number,
): RecordOperations["add"] {
  return async ({ path, body }: Operation, context) => {
    const request = parse(body);
    const collection = await loadCollection(path, context);
    const record = context.collections.mustGetRecord(collection.id);
    const { embeddings } = request;
    const dimension = embeddings !== null && presentRows(embeddings) > 0 ? embeddings.dimension : null;
    if (dimension !== null) assertDimension(record, dimension);
    const pending = await collection.write({ kind, ...request }, (done) => context.ticket.turn(done));
    if (pending.parts === undefined) return { status, data: {} };
    // Only what records really took teaches the catalog: an add of known ids takes nothing.
    const change = planWrite(record, dimension, metadatasOf(pending));
    const records = { collection: collection.id, pending };
    return { status, data: {}, records, ...(change === undefined ? {} : { change }) };
  };
}

function metadatasOf({ resolved }: PendingWrite): (MetadataPatch | null)[] {
  return resolved.changes.flatMap(({ inserts, updates }) => [
    ...(inserts?.metadatas ?? []),
    ...(updates?.metadatas ?? []),
  ]);
}
