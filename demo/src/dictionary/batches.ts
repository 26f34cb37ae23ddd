// The dictionary's records in batches, in an order that never changes: how many are
// stored says where to go on.

import type { Metadata } from "chromalite";
import { type DictionaryHead, fetchPart, type PartRecords } from "./part.ts";

/** Small enough that a search waits little behind one. */
const recordsPerBatch = 250;

export interface Batch {
  readonly ids: string[];
  readonly documents: string[];
  readonly metadatas: Metadata[];
  /** One text for each record, to be embedded. */
  readonly embedded: string[];
}

/** Ready to add. */
export type EmbeddedBatch = Omit<Batch, "embedded"> & { readonly embeddings: Float32Array[] };

/**
 * Batches of the records from the `start`th on, up to `end`.
 *
 * @throws {Error}  a part cannot be had
 */
export async function* batchesFrom(
  head: DictionaryHead,
  start: number,
  end: number,
): AsyncGenerator<Batch, undefined> {
  let partStart = 0;
  for (const { file, records } of head.parts) {
    const partEnd = Math.min(partStart + records, end);
    if (partEnd > start) {
      const part = await fetchPart(file);
      for (let at = Math.max(start, partStart); at < partEnd; at += recordsPerBatch) {
        yield slice(part, at - partStart, Math.min(at + recordsPerBatch, partEnd) - partStart);
      }
    }
    partStart += records;
    if (partStart >= end) return undefined;
  }
  return undefined;
}

function slice(part: PartRecords, start: number, end: number): Batch {
  return {
    ids: part.ids.slice(start, end),
    documents: part.documents.slice(start, end),
    metadatas: part.metadatas.slice(start, end),
    embedded: part.embedded.slice(start, end),
  };
}
