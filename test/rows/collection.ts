// Rows with a text stream, filled the way a collection fills them: next sequence, next serial.

import type { Metadata, MetadataPatch } from "../../src/protocol/metadata.ts";
import type { RecordsChange } from "../../worker/change.ts";
import { loadSql } from "../../worker/load-sql.ts";
import type { Filter } from "../../worker/rows/filter.ts";
import { type FetchedRows, Rows, type RowsOptions } from "../../worker/rows/rows.ts";
import { Serials } from "../../worker/rows/serials.ts";
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
  /** What the rows were opened with, and what was applied since. */
  #images: readonly Uint8Array[] = [];
  #changes: RecordsChange[][] = [];
  /** What an index image of some moment since would have. */
  #serials: readonly number[] = [];
  #sequenceEnd = 0;
  #serialEnd = 0;

  constructor(options: RowsOptions = {}) {
    this.options = options;
    this.rows = Rows.open(runtime, { images: [], changes: [] }, this.texts, new Serials(), options);
  }

  add(...records: readonly NewRecord[]): void {
    this.#apply({
      inserts: {
        sequenceStart: this.#sequenceEnd,
        serialStart: this.#serialEnd,
        ids: records.map(({ id }) => id),
        metadatas: records.map(({ metadata }) => metadata ?? null),
        documents: records.map(({ document }) => this.#append(document)),
        uris: records.map(({ uri }) => this.#append(uri)),
      },
    });
    this.#sequenceEnd += records.length;
    this.#serialEnd += records.length;
  }

  update(...updates: readonly RecordUpdate[]): void {
    this.#apply({
      updates: {
        sequences: [...this.rows.sequencesOf(updates.map(({ id }) => id))],
        serials: updates.map(({ moves }) => (moves === true ? this.#serialEnd++ : null)),
        metadatas: updates.map(({ metadata }) => metadata ?? null),
        documents: updates.map(({ document }) => this.#append(document)),
        uris: updates.map(({ uri }) => this.#append(uri)),
      },
    });
  }

  delete(...ids: readonly string[]): void {
    this.#apply({ deletes: [...this.rows.sequencesOf(ids)] });
  }

  /** Exports every shard and opens the images; what was clean must not need to be exported. */
  reopen(): void {
    this.open(Array.from({ length: this.rows.shardCount }, (_, i) => this.rows.freezeShard(i)()));
  }

  /** Opens the images of the last time, and applies what came since; slots that were kept then stay what they are. */
  replay(): void {
    this.#open();
  }

  /** Opens other images instead of what there is. */
  open(images: readonly Uint8Array[]): void {
    this.#images = images;
    this.#changes = [];
    this.#serials = [];
    this.#open();
  }

  /** Gives up slots of vectors that no record has any more: two of three, since some may be found out too late. */
  renumber(): void {
    const { live, serials } = this.rows;
    const slots = Array.from({ length: serials.length }, (_, slot) => slot);
    const kept = slots.filter((slot) => live.has(slot) || slot % 3 === 0);
    this.#serials = kept.map((slot) => serials.serialOf(slot));
    this.rows.renumber(Uint32Array.from(kept), this.#takenSerials());
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

  #apply(change: RecordsChange): void {
    this.rows.begin();
    this.rows.apply(change);
    this.rows.commit();
    this.#changes.push([change]);
  }

  #open(): void {
    this.rows.close();
    const stored = { images: this.#images, changes: this.#changes };
    this.rows = Rows.open(runtime, stored, this.texts, this.#takenSerials(), this.options);
  }

  #takenSerials(): Serials {
    return new Serials(Float64Array.from(this.#serials));
  }

  #append(text: string | null | undefined): ReturnType<MemoryTexts["append"]> | null {
    return text === null || text === undefined ? null : this.texts.append(text);
  }
}
