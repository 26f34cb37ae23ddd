// A write with every derived value: what a log frame holds and what rows and vectors apply.
// Applying it is deterministic: no clock, no lookup by filter, no random number.

import type { Metadata, MetadataPatch } from "../src/protocol/metadata.ts";

/** Where a document or a uri lies in its collection's text stream, both in bytes. */
export interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

/** New records: the i-th has sequence `sequenceStart + i` and slot `slotStart + i`. Columns are parallel. */
export interface Inserts {
  readonly sequenceStart: number;
  readonly slotStart: number;
  readonly ids: readonly string[];
  readonly metadatas: readonly (Metadata | null)[];
  readonly documents: readonly (TextSpan | null)[];
  readonly uris: readonly (TextSpan | null)[];
}

/** Changes of records that exist, by sequence, each at most once. Null in a column: unchanged. */
export interface Updates {
  readonly sequences: readonly number[];
  /** The record's new slot where its embedding changed; the slot it had becomes a tombstone. */
  readonly slots: readonly (number | null)[];
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
