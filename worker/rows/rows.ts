// The records of one collection but for their vectors: ids, metadata and where their texts lie, in sql.js
// databases ("shards") in memory, with the resident indexes that make lookups and filters fast.
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
import type { Shard } from "./shard.ts";
import { Shards } from "./shards.ts";
import type { TextFinder } from "./text-finder.ts";
import type { TextSource } from "./text-source.ts";

/** A shard of this size stalls an export for about 4 ms, a vacuum for 20. */
const SHARD_BYTES_MAX = 4 * 2 ** 20;
const RESIDENT_TEXT_BYTES_MAX = 128 * 2 ** 20;
/** Inserts between two looks at a shard's size, which costs as much as an insert. */
const INSERTS_PER_SIZE_CHECK = 64;

export interface RowsOptions {
  /** New records go to a new shard when the last one is larger. */
  readonly shardBytesMax?: number;
  /** Documents are kept in memory for text filters up to this many bytes. */
  readonly residentTextBytesMax?: number;
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
  readonly #ids: Ids;
  readonly #columns: Columns;
  readonly #documents: Documents;
  // A document may begin with a byte order mark, and keeps it.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #inTransaction = false;

  private constructor({ sql, findTexts }: RowsRuntime, texts: TextSource, options: RowsOptions) {
    this.#texts = texts;
    this.#shards = new Shards(sql, options.shardBytesMax ?? SHARD_BYTES_MAX);
    this.#ids = new Ids(this.#shards);
    this.#columns = new Columns(this.#shards, this.#sequences);
    const residentBytesMax = options.residentTextBytesMax ?? RESIDENT_TEXT_BYTES_MAX;
    const spans = new DocumentSpans(this.#shards, this.#sequences);
    this.#documents = new Documents(texts, spans, findTexts, residentBytesMax);
  }

  /**
   * Cost: 0.25 ms per 1,000 records, for the insertion order.
   * @param images  of the shards in their order, as `freezeShard` made them; not kept. None: a new collection.
   */
  static open(
    runtime: RowsRuntime,
    images: readonly Uint8Array[],
    texts: TextSource,
    options: RowsOptions = {},
  ): Rows {
    const rows = new Rows(runtime, texts, options);
    try {
      for (const image of images) rows.#openShard(image);
    } catch (error) {
      rows.close();
      throw error;
    }
    if (images.length === 0) rows.#shards.create(0);
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
   * Applies a change, all of whose ids, sequences and slots are valid.
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
   * The first call reads every id (0.4 ms per 1,000 records).
   */
  sequencesOf(ids: readonly string[]): Float64Array {
    return this.#ids.sequencesOf(ids);
  }

  /** One more than the highest sequence that a record has or had since the rows were opened. */
  get sequenceEnd(): number {
    return this.#sequences.end;
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
    const resident = this.#sequences.bytes + this.#ids.bytes + this.#columns.bytes + this.#documents.bytes;
    return this.#shards.bytes + resident;
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

  #openShard(image: Uint8Array): void {
    const shard = this.#shards.open(image, this.#sequences.end);
    shard.eachRecord((sequence, slot) => this.#register(sequence, slot));
  }

  #insert({ sequenceStart, slotStart, ids, metadatas, documents, uris }: Inserts): void {
    // SQLite takes NaN for null, and gives a record without a sequence one of its own.
    if (!Number.isSafeInteger(sequenceStart) || sequenceStart < this.#sequences.end) {
      throw new Error(`sequence ${sequenceStart} of a new record is not after those there are`);
    }
    let shard = this.#shards.of(sequenceStart);
    for (let i = 0; i < ids.length; i++) {
      const sequence = sequenceStart + i;
      const slot = slotStart + i;
      const metadata = metadatas[i] ?? null;
      const document = documents[i] ?? null;
      if (i % INSERTS_PER_SIZE_CHECK === 0) shard = this.#shards.forInsert(sequence);
      shard.begin();
      shard.insert(sequence, slot, ids[i]!, metadata, document, uris[i] ?? null);
      this.#register(sequence, slot);
      this.#ids.add(ids[i]!, sequence);
      if (metadata !== null) this.#columns.patch(slot, metadata);
      if (document !== null) this.#documents.set(slot, document);
    }
  }

  #update({ sequences, slots, metadatas, documents, uris }: Updates): void {
    for (let i = 0; i < sequences.length; i++) {
      const sequence = sequences[i]!;
      if (this.#sequences.slotOf(sequence) < 0) throw new Error(`no record has sequence ${sequence}`);
      const shard = this.#shards.of(sequence);
      shard.begin();
      const moved = slots[i] ?? null;
      if (moved !== null) this.#move(shard, sequence, moved);
      const slot = this.#sequences.slotOf(sequence);
      const metadata = metadatas[i] ?? null;
      if (metadata !== null) {
        shard.patchMetadata(sequence, metadata);
        this.#columns.patch(slot, metadata);
      }
      const document = documents[i] ?? null;
      if (document !== null) {
        shard.setDocument(sequence, document);
        this.#documents.set(slot, document);
      }
      const uri = uris[i] ?? null;
      if (uri !== null) shard.setUri(sequence, uri);
    }
  }

  #move(shard: Shard, sequence: number, slot: number): void {
    shard.setSlot(sequence, slot);
    const previous = this.#sequences.move(sequence, slot);
    this.live.remove(previous);
    this.live.add(slot);
    this.#columns.move(previous, slot);
    this.#documents.move(previous, slot);
  }

  #delete(sequence: number): void {
    const shard = this.#shards.of(sequence);
    shard.begin();
    this.#ids.remove(sequence);
    shard.delete(sequence);
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
