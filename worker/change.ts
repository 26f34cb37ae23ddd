// A write with every derived value: what a log frame holds and what rows and vectors apply.
// Applying it is deterministic: no clock, no lookup by filter, no random number.

import type { Metadata, MetadataPatch } from "../src/protocol/metadata.ts";

/** Where a document or a uri lies in its collection's text stream, both in bytes. */
export interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

/**
 * New records: the i-th has sequence `sequenceStart + i`, and its vector serial `serialStart + i`: it is the row of that
 * number in the collection's vectors stream. Columns are parallel.
 */
export interface Inserts {
  readonly sequenceStart: number;
  readonly serialStart: number;
  readonly ids: readonly string[];
  readonly metadatas: readonly (Metadata | null)[];
  readonly documents: readonly (TextSpan | null)[];
  readonly uris: readonly (TextSpan | null)[];
}

/** Changes of records that exist, by sequence, each at most once. Null in a column: unchanged. */
export interface Updates {
  readonly sequences: readonly number[];
  /** The serial of the record's new vector where its embedding changed; no record has the vector before any more. */
  readonly serials: readonly (number | null)[];
  readonly metadatas: readonly (MetadataPatch | null)[];
  readonly documents: readonly (TextSpan | null)[];
  readonly uris: readonly (TextSpan | null)[];
}

/** Applied in this order: inserts, updates, deletes. */
export interface RecordsChange {
  readonly inserts?: Inserts;
  readonly updates?: Updates;
  /** Sequences of the records to delete. */
  readonly deletes?: readonly number[];
}
