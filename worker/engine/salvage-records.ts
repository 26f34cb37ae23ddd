// The operation that reads what can be read of a collection, batch by batch.

import { mustGetCollectionByName } from "../catalog/collections.ts";
import { type EngineContext, ok } from "./handler.ts";
import { toPlainNumbers } from "./plain-numbers.ts";
import type { RecordOperations } from "./records.ts";

/** Records of one answer. */
const BATCH_RECORDS = 1000;

/** Takes `{ from }`, the sequence to go on with; a collection is named as in its database. */
export const salvage: RecordOperations["salvage"] = async ({ path, body }, context: EngineContext) => {
  const { tenant = "", database = "", collection_id: name = "" } = path ?? {};
  const { id, dimension } = mustGetCollectionByName(context.catalog, { tenant, database }, name);
  const { from } = body as { from: number };
  const records = await context.collections.records();
  const batch = records.salvage(context.collections.mustGetStore(id), dimension, {
    from,
    limit: BATCH_RECORDS,
  });
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
};
