// The records of one collection but for their vectors: ids, metadata and where their texts lie, in sql.js
// databases ("shards") in memory, with the resident indexes, by slot, that make lookups and filters fast.
// Everything here follows from the shards' images and the changes applied since. A change that fails
// half-way leaves the object unusable: its owner closes it and opens it anew from storage.

import type { SqlJsStatic } from "sql.js";
import type { Metadata } from "../../src/protocol/metadata.ts";
import { Bitset } from "../bitset.ts";
import type { Inserts, RecordsChange, TextSpan, Updates } from "../change.ts";
import { Columns } from "./columns.ts";
import { DocumentSpans } from "./document-spans.ts";
import { Documents } from "./documents.ts";
import type { Filter } from "./filter.ts";
import { Ids } from "./ids.ts";
import { select } from "./select.ts";
import { Sequences } from "./sequences.ts";
import type { Serials } from "./serials.ts";
import { Shards } from "./shards.ts";
import type { TextFinder } from "./text-finder.ts";
import type { TextSource } from "./text-source.ts";

/** A shard of this size stalls an export for about 4 ms, a vacuum for 20. */
const SHARD_BYTES_MAX = 4 * 2 ** 20;
const RESIDENT_TEXT_BYTES_MAX = 128 * 2 ** 20;

export interface RowsOptions {
  /** New records go to a new shard when the last one is larger. */
  readonly shardBytesMax?: number;
  /** Documents are kept in memory for text filters up to this many bytes. */
  readonly residentTextBytesMax?: number;
}

/** What is stored of the rows of one collection. None of it: a new collection. */
export interface StoredRows {
  /** Of the shards in their order, as `freezeShard` made them; not kept. */
  readonly images: readonly Uint8Array[];
  /** What was applied since, in order. */
  readonly changes: Iterable<readonly RecordsChange[]>;
}

/** What the rows of every collection share. */
export interface RowsRuntime {
  readonly sql: SqlJsStatic;
  readonly findTexts: TextFinder;
}

/** Which columns of records `fetch` returns beside their ids. */
export interface FetchColumns {
  readonly metadatas?: boolean;
  readonly documents?: boolean;
  readonly uris?: boolean;
}

/** Columns of records, parallel; one that was not asked for is absent, a value that is not there is null. */
export interface FetchedRows {
  readonly ids: string[];
  readonly metadatas?: (Metadata | null)[];
  readonly documents?: (string | null)[];
  readonly uris?: (string | null)[];
}

export class Rows {
  /** Slots of the records that exist. Read only for callers. */
  readonly live = new Bitset();

  readonly #texts: TextSource;
  readonly #shards: Shards;
  readonly #sequences = new Sequences();
  #serials: Serials;
  readonly #ids: Ids;
  readonly #columns: Columns;
  readonly #documents: Documents;
  // A document may begin with a byte order mark, and keeps it.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #inTransaction = false;

  private constructor(
    { sql, findTexts }: RowsRuntime,
    texts: TextSource,
    serials: Serials,
    options: RowsOptions,
  ) {
    this.#texts = texts;
    this.#serials = serials;
    this.#shards = new Shards(sql, options.shardBytesMax ?? SHARD_BYTES_MAX);
    this.#ids = new Ids(this.#shards);
    this.#columns = new Columns(this.#shards, this.#sequences);
    const residentBytesMax = options.residentTextBytesMax ?? RESIDENT_TEXT_BYTES_MAX;
    const spans = new DocumentSpans(this.#shards, this.#sequences);
    this.#documents = new Documents(texts, spans, findTexts, residentBytesMax);
  }

  /**
   * Cost: 0.25 ms per 1,000 records, for the insertion order.
   * @param serials  of the slots that are taken, others of which no record has any more among them; from now on
   *     every change gives the next slots to its vectors
   */
  static open(
    runtime: RowsRuntime,
    { images, changes }: StoredRows,
    texts: TextSource,
    serials: Serials,
    options: RowsOptions = {},
  ): Rows {
    const rows = new Rows(runtime, texts, serials, options);
    try {
      for (const image of images) rows.#shards.open(image);
      if (images.length === 0) rows.#shards.create();
      // Slots are given once it is known which vectors are left.
      for (const group of changes) {
        for (const change of group) rows.#shards.apply(change);
        rows.#shards.commit();
      }
      rows.#registerAll();
    } catch (error) {
      rows.close();
      throw error;
    }
    return rows;
  }

  /** Records there are. */
  get count(): number {
    return this.#sequences.count;
  }

  /** Begins a transaction over all shards; changes are applied inside one. */
  begin(): void {
    if (this.#inTransaction) throw new Error("a transaction is open");
    this.#inTransaction = true;
  }

  commit(): void {
    this.#shards.commit();
    this.#inTransaction = false;
  }

  /**
   * Applies a change, all of whose ids, sequences and serials are valid.
   * The same changes in the same order give the same answers; only the cut into shards may differ.
   */
  apply(change: RecordsChange): void {
    if (!this.#inTransaction) throw new Error("a change is applied inside a transaction");
    if (change.inserts !== undefined) this.#insert(change.inserts);
    if (change.updates !== undefined) this.#update(change.updates);
    for (const sequence of change.deletes ?? []) this.#delete(sequence);
  }

  /**
   * The sequence of each id's record, -1 where there is none: 1 µs for a hit, less for a miss.
   * What the index of ids does not have yet is searched (0.2 ms per 1,000 records).
   */
  sequencesOf(ids: readonly string[]): Float64Array {
    return this.#ids.sequencesOf(ids);
  }

  /** Some milliseconds' work for later look-ups of ids; false when there is nothing to do. */
  coverIds(): boolean {
    return this.#ids.coverShard();
  }

  /** One more than the highest sequence that a record has or had since the rows were opened. */
  get sequenceEnd(): number {
    return this.#shards.sequenceEnd;
  }

  /** The slot of the record with this sequence, -1 where there is none. */
  slotOf(sequence: number): number {
    return this.#sequences.slotOf(sequence);
  }

  /** The sequence of the record with this slot, -1 where there is none. */
  sequenceOf(slot: number): number {
    return this.#sequences.sequenceOf(slot);
  }

  /** Slots of the records that have one of the ids; ids of no record are skipped. */
  slotsOf(ids: readonly string[]): Bitset {
    const slots = new Bitset();
    for (const sequence of this.sequencesOf(ids)) {
      if (sequence >= 0) slots.add(this.#sequences.slotOf(sequence));
    }
    return slots;
  }

  /**
   * Slots of the records that match, among `within` where it is given.
   * The first use of a metadata key loads its column (0.3 ms per 1,000 records), the first text filter
   * the documents.
   * @throws {Failure}  "corrupt" when a document fails its checksum
   */
  select(filter: Filter, within: Bitset = this.live): Bitset {
    return select(filter, within, {
      column: (key) => this.#columns.get(key),
      slotsOf: (ids) => this.slotsOf(ids),
      documents: this.#documents,
    });
  }

  /** Members of `slots`, all live, in insertion order: `limit` of them after `offset`. */
  inOrder(slots: Bitset, offset = 0, limit = Number.POSITIVE_INFINITY): Uint32Array {
    return this.#sequences.inOrder(slots, offset, limit);
  }

  /**
   * The records of some slots, all live, in the order of `slots`.
   * @param exact  numbers of metadata that JavaScript cannot hold or tell apart come as bigint and
   *     `IntegralFloat`; otherwise every number is a plain one
   * @throws {Failure}  "corrupt" when a text fails its checksum
   */
  fetch(slots: ArrayLike<number>, columns: FetchColumns, exact: boolean): FetchedRows {
    const ids: string[] = [];
    const metadatas: (Metadata | null)[] = [];
    const documents: (string | null)[] = [];
    const uris: (string | null)[] = [];
    for (let i = 0; i < slots.length; i++) {
      const sequence = this.#sequences.sequenceOf(slots[i]!);
      const shard = this.#shards.of(sequence);
      const record = shard.mustGetRecord(sequence);
      ids.push(record.id);
      if (columns.metadatas === true) metadatas.push(shard.metadataOf(sequence, exact));
      if (columns.documents === true) documents.push(this.#read(record.document));
      if (columns.uris === true) uris.push(this.#read(record.uri));
    }
    return {
      ids,
      ...(columns.metadatas === true && { metadatas }),
      ...(columns.documents === true && { documents }),
      ...(columns.uris === true && { uris }),
    };
  }

  /** Which vector is in each slot. Read only for callers. */
  get serials(): Serials {
    return this.#serials;
  }

  /** Slots are given anew: the i-th of `kept`, which has those of all records, becomes slot i. Cost: 10 ns a record and column. */
  renumber(kept: Uint32Array, serials: Serials): void {
    this.#serials = serials;
    this.live.words = this.live.gather(kept).words;
    this.#sequences.renumber(kept);
    this.#columns.renumber(kept);
    this.#documents.renumber(kept);
  }

  get shardCount(): number {
    return this.#shards.count;
  }

  /** Whether a shard differs from its image: it is new, or changed since `freezeShard`. */
  isDirty(shard: number): boolean {
    return this.#shards.mustGet(shard).dirty;
  }

  /**
   * Takes a shard's image as of now, outside of a transaction, when the function that it returns is called:
   * once, at any time. It counts as clean from now on. Cost then, or at the next write to it: about 0.9 ms a megabyte.
   */
  freezeShard(shard: number): () => Uint8Array {
    const frozen = this.#shards.mustGet(shard);
    frozen.freeze();
    return () => frozen.takeFrozen();
  }

  /** Visits where the texts lie that records of one shard have. */
  eachText(shard: number, visit: (text: TextSpan) => void): void {
    this.#shards.mustGet(shard).eachText(visit);
  }

  /** Bytes held, roughly: shards, resident indexes, columns, documents. */
  memoryUsed(): number {
    const order = this.#sequences.bytes + this.#serials.bytes;
    return this.#shards.memoryUsed + order + this.#ids.bytes + this.#columns.bytes + this.#documents.bytes;
  }

  /** Gives up what the next filter can make again: columns and documents. */
  release(): void {
    this.#columns.release();
    this.#documents.release();
  }

  close(): void {
    this.release();
    this.#shards.close();
  }

  #registerAll(): void {
    const sequences: number[] = [];
    const serials: number[] = [];
    for (const shard of this.#shards) {
      shard.eachRecord((sequence, serial) => {
        sequences.push(sequence);
        serials.push(serial);
      });
    }
    const slots = this.#serials.slotsOf(Float64Array.from(serials));
    sequences.forEach((sequence, i) => this.#register(sequence, slots[i]!));
  }

  #insert(inserts: Inserts): void {
    const { sequenceStart, serialStart, ids, metadatas, documents } = inserts;
    // SQLite takes NaN for null, and gives a record without a sequence one of its own.
    if (!Number.isSafeInteger(sequenceStart) || sequenceStart < this.#shards.sequenceEnd) {
      throw new Error(`sequence ${sequenceStart} of a new record is not after those there are`);
    }
    this.#shards.insert(inserts);
    for (let i = 0; i < ids.length; i++) {
      const slot = this.#serials.append(serialStart + i);
      this.#register(sequenceStart + i, slot);
      this.#ids.add(ids[i]!, sequenceStart + i);
      const metadata = metadatas[i] ?? null;
      if (metadata !== null) this.#columns.patch(slot, metadata);
      const document = documents[i] ?? null;
      if (document !== null) this.#documents.set(slot, document);
    }
  }

  #update(updates: Updates): void {
    const { sequences, serials, metadatas, documents } = updates;
    for (const sequence of sequences) {
      if (this.#sequences.slotOf(sequence) < 0) throw new Error(`no record has sequence ${sequence}`);
    }
    this.#shards.update(updates);
    for (let i = 0; i < sequences.length; i++) {
      const serial = serials[i] ?? null;
      if (serial !== null) this.#move(sequences[i]!, this.#serials.append(serial));
      const slot = this.#sequences.slotOf(sequences[i]!);
      const metadata = metadatas[i] ?? null;
      if (metadata !== null) this.#columns.patch(slot, metadata);
      const document = documents[i] ?? null;
      if (document !== null) this.#documents.set(slot, document);
    }
  }

  #move(sequence: number, slot: number): void {
    const previous = this.#sequences.move(sequence, slot);
    this.live.remove(previous);
    this.live.add(slot);
    this.#columns.move(previous, slot);
    this.#documents.move(previous, slot);
  }

  #delete(sequence: number): void {
    this.#ids.remove(sequence);
    this.#shards.delete(sequence);
    const slot = this.#sequences.remove(sequence);
    this.live.remove(slot);
    this.#columns.clear(slot);
    this.#documents.remove(slot);
  }

  #register(sequence: number, slot: number): void {
    this.#sequences.append(sequence, slot);
    this.live.add(slot);
  }

  #read(span: TextSpan | null): string | null {
    return span === null ? null : this.#decoder.decode(this.#texts.read(span));
  }
}
