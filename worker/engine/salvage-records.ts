// The operation that reads what can be read of a collection, batch by batch.

import type { SqlJsStatic } from "sql.js";
import type { Operation } from "../../src/protocol/operation.ts";
import { mustGetCollectionByName } from "../catalog/collections.ts";
import { salvage as readAround } from "../collection/salvage.ts";
import { type Answer, type EngineContext, ok } from "./handler.ts";
import { toPlainNumbers } from "./plain-numbers.ts";

/** Records of one answer. */
const BATCH_RECORDS = 1000;

/**
 * Takes `{ from }`, the sequence to go on with; a collection is named as in its database.
 * @param sql  opens what is sound of the rows
 */
export function salvage({ path, body }: Operation, context: EngineContext, sql: SqlJsStatic): Answer {
  const { tenant = "", database = "", collection_id: name = "" } = path ?? {};
  const { id, dimension } = mustGetCollectionByName(context.catalog, { tenant, database }, name);
  const { from } = body as { from: number };
  const range = { from, limit: BATCH_RECORDS };
  const batch = readAround(context.collections.mustGetStore(id), sql, dimension, range);
  const present = batch.embeddings.filter((vector) => vector !== null);
  const values = new Float32Array(present.length * (dimension ?? 0));
  present.forEach((vector, i) => values.set(vector, i * vector.length));
  return ok({
    ...batch,
    metadatas: toPlainNumbers(batch.metadatas),
    embeddings: {
      rows: batch.embeddings.length,
      dimension: dimension ?? 0,
      values,
      present: Uint8Array.from(batch.embeddings, (vector) => (vector === null ? 0 : 1)),
    },
  });
}
