// Rows with a text stream, filled the way a collection fills them: next sequence, next slot.

import type { Metadata, MetadataPatch } from "../../src/protocol/metadata.ts";
import { loadSql } from "../../worker/load-sql.ts";
import type { Filter } from "../../worker/rows/filter.ts";
import { type FetchedRows, Rows, type RowsOptions } from "../../worker/rows/rows.ts";
import { findTexts } from "./find-texts.ts";
import { MemoryTexts } from "./memory-texts.ts";

export interface NewRecord {
  readonly id: string;
  readonly metadata?: Metadata | null;
  readonly document?: string | null;
  readonly uri?: string | null;
}

export interface RecordUpdate {
  readonly id: string;
  readonly metadata?: MetadataPatch | null;
  readonly document?: string | null;
  readonly uri?: string | null;
  /** Whether the record gets a new vector and so a new slot. */
  readonly moves?: boolean;
}

export const runtime = { sql: await loadSql(), findTexts };

export class TestCollection {
  readonly texts = new MemoryTexts();
  readonly options: RowsOptions;
  rows: Rows;
  #sequenceEnd = 0;
  #slotEnd = 0;

  constructor(options: RowsOptions = {}) {
    this.options = options;
    this.rows = Rows.open(runtime, [], this.texts, options);
  }

  add(...records: readonly NewRecord[]): void {
    this.rows.begin();
    this.rows.apply({
      inserts: {
        sequenceStart: this.#sequenceEnd,
        slotStart: this.#slotEnd,
        ids: records.map(({ id }) => id),
        metadatas: records.map(({ metadata }) => metadata ?? null),
        documents: records.map(({ document }) => this.#append(document)),
        uris: records.map(({ uri }) => this.#append(uri)),
      },
    });
    this.rows.commit();
    this.#sequenceEnd += records.length;
    this.#slotEnd += records.length;
  }

  update(...updates: readonly RecordUpdate[]): void {
    this.rows.begin();
    this.rows.apply({
      updates: {
        sequences: [...this.rows.sequencesOf(updates.map(({ id }) => id))],
        slots: updates.map(({ moves }) => (moves === true ? this.#slotEnd++ : null)),
        metadatas: updates.map(({ metadata }) => metadata ?? null),
        documents: updates.map(({ document }) => this.#append(document)),
        uris: updates.map(({ uri }) => this.#append(uri)),
      },
    });
    this.rows.commit();
  }

  delete(...ids: readonly string[]): void {
    this.rows.begin();
    this.rows.apply({ deletes: [...this.rows.sequencesOf(ids)] });
    this.rows.commit();
  }

  /** Exports every shard and opens the images; what was clean must not need to be exported. */
  reopen(): void {
    this.open(Array.from({ length: this.rows.shardCount }, (_, i) => this.rows.freezeShard(i)()));
  }

  /** Opens other images instead of what there is. */
  open(images: readonly Uint8Array[]): void {
    this.rows.close();
    this.rows = Rows.open(runtime, images, this.texts, this.options);
  }

  /** All records in insertion order. */
  fetchAll(exact = true): FetchedRows {
    const slots = this.rows.inOrder(this.rows.live);
    return this.rows.fetch(slots, { metadatas: true, documents: true, uris: true }, exact);
  }

  /** Ids of the records that match, in insertion order. */
  select(filter: Filter): string[] {
    return this.rows.fetch(this.rows.inOrder(this.rows.select(filter)), {}, false).ids;
  }

  #append(text: string | null | undefined): ReturnType<MemoryTexts["append"]> | null {
    return text === null || text === undefined ? null : this.texts.append(text);
  }
}
