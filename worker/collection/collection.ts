// One loaded collection: its rows and its vectors, kept in step, over the bytes its store names.
// A write is resolved and applied to the rows, then made durable by the engine, then applied to the
// vectors; when it could not be made durable the whole object is dropped and loaded anew.
// Invariant between writes: what is in memory is image + delta of the store, nothing else.

import type { Failure } from "../../src/protocol/failure.ts";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import type { HnswModule } from "../../wasm/hnsw.ts";
import type { Bitset } from "../bitset.ts";
import { encodeDelta, readDelta, Texts, TextWriter } from "../data/entries.ts";
import { encodeRows, rowBytes, VectorRows } from "../data/vector-rows.ts";
import type { CollectionImages } from "../path/images.ts";
import type { CollectionStore } from "../path/collection-store.ts";
import type { Write } from "../path/write.ts";
import { everything, type Filter } from "../rows/filter.ts";
import { Rows, type RowsRuntime } from "../rows/rows.ts";
import { Vectors, type VectorsParameters } from "../vectors/vectors.ts";
import { replacedTexts, slotRanges, textRanges } from "./live-ranges.ts";
import {
  type Counters,
  type RecordsWrite,
  resolveDelete,
  type ResolvedRecords,
  resolveRecords,
  type Turn,
} from "./resolve.ts";

/** What every collection of an engine shares. */
export interface CollectionRuntime extends RowsRuntime {
  readonly hnsw: HnswModule;
  /** Bytes of full vectors that one collection may keep in memory. */
  readonly vectorCacheBytes: number;
}

/** What of a collection's record its vectors depend on. */
export interface CollectionShape extends VectorsParameters {
  /** Null until the first vector is written. */
  readonly dimension: number | null;
}

/** A write that is in the rows, not yet durable. */
export interface PendingWrite {
  readonly parts: Write["parts"];
  readonly resolved: ResolvedRecords;
  readonly slotStart: number;
  /** Set when this write fixes the collection's dimension. */
  readonly dimension: number | null;
}

/** A write that is being resolved. */
interface Draft {
  /** Whether it is the first of its group. */
  readonly isFirst: boolean;
  readonly slotStart: number;
  readonly counters: Counters;
  readonly texts: TextWriter;
}

/** Which records: those that `filter` matches and, where ids are given, that have one of them. */
export interface Selection {
  readonly ids: readonly string[] | null;
  readonly filter: Filter;
}

export interface Nearest {
  readonly slots: Uint32Array;
  readonly distances: Float32Array;
}

/**
 * The index image is written when this share of the vectors is not in the last one: all images of a collection
 * that grows have as many bytes as four of the last.
 */
const INDEX_IMAGE_SHARE = 1 / 4;
/** Below this many slots an index image saves no time at opening. */
const INDEX_IMAGE_SLOTS_MIN = 4096;
/** An image has a code for each slot, used or not: with more slots than this a record it is larger than the vectors. */
const INDEX_IMAGE_SLOTS_PER_RECORD_MAX = 4;
/** Rows read from storage at a time while loading. */
const LOAD_ROWS = 2048;

export class Collection {
  readonly #store: CollectionStore;
  readonly #runtime: CollectionRuntime;
  readonly #rows: Rows;
  readonly #texts: Texts;
  #shape: CollectionShape;
  #vectors: Vectors | undefined;
  #vectorRows: VectorRows | undefined;
  #nextSequence: number;
  #nextSlot: number;
  #textEnd: number;
  #deltaEnd: number;
  #inTransaction = false;
  /** Records whose vectors were found damaged when they were loaded, by slot. */
  readonly #unreadable = new Map<number, Failure>();
  /** Shards exported since the last commit of a checkpoint. */
  readonly #uncommittedShards = new Set<number>();
  #indexImageSlots: number;
  /** Vectors and texts that records stopped using since the last look, or were found unused at loading. */
  #dead = 0;

  private constructor(store: CollectionStore, runtime: CollectionRuntime, shape: CollectionShape) {
    this.#store = store;
    this.#runtime = runtime;
    this.#shape = shape;
    this.#texts = new Texts(store.streams.texts);
    this.#rows = Rows.open(runtime, store.readShards(), this.#texts);
    this.#nextSequence = 0;
    this.#nextSlot = 0;
    this.#indexImageSlots = 0;
    this.#textEnd = store.streams.texts.end;
    this.#deltaEnd = store.streams.delta.end;
  }

  /**
   * Loads a collection: its row images, the changes since, and its vectors' codes and graph.
   *
   * Cost: the row images once and, where there is no index image, every vector once.
   *
   * @throws {Failure}  "corrupt" for damage in the rows; that of vectors is met by queries, that of the
   *     index image costs time only
   */
  static load(store: CollectionStore, runtime: CollectionRuntime, shape: CollectionShape): Collection {
    const collection = new Collection(store, runtime, shape);
    try {
      collection.#replayDelta();
      collection.#nextSequence = collection.#rows.sequenceEnd;
      if (shape.dimension !== null) collection.#openVectors(shape.dimension);
    } catch (error) {
      collection.close();
      throw error;
    }
    return collection;
  }

  get id(): string {
    return this.#store.id;
  }

  get count(): number {
    return this.#rows.count;
  }

  /** Whether a write is resolved and not committed: memory has what the log may not have. */
  get isWriting(): boolean {
    return this.#inTransaction;
  }

  /** Slots that the graph does not have yet. */
  get unindexed(): number {
    return this.#vectors?.unindexed ?? 0;
  }

  get slots(): number {
    return this.#nextSlot;
  }

  memoryUsed(): number {
    return this.#rows.memoryUsed() + (this.#vectors?.memoryUsed() ?? 0);
  }

  /**
   * Resolves a write and applies it to the rows. Made visible and lasting by `commit` after the append.
   * @param turn  what it throws is thrown here, and leaves the collection unusable
   */
  async write(write: RecordsWrite, turn: Turn): Promise<PendingWrite> {
    const draft = this.#beginDraft();
    const resolved = await resolveRecords(write, this.#rows, draft.counters, draft.texts, turn);
    return this.#endDraft(draft, resolved, write.embeddings);
  }

  /** Deletes the first `limit` records of a selection, in insertion order, alike. */
  delete(selection: Selection, limit = Number.POSITIVE_INFINITY): { write: PendingWrite; deleted: number } {
    const slots = this.#rows.inOrder(this.select(selection), 0, limit);
    const sequences = Array.from(slots, (slot) => this.#rows.sequenceOf(slot));
    const draft = this.#beginDraft();
    const write = this.#endDraft(draft, resolveDelete(sequences, this.#rows), null);
    return { write, deleted: sequences.length };
  }

  /** The writes of a group are durable: the vectors follow the rows. */
  commit(writes: readonly PendingWrite[]): void {
    if (this.#inTransaction) this.#rows.commit();
    this.#inTransaction = false;
    for (const { resolved, slotStart, dimension } of writes) {
      if (dimension !== null) {
        this.#shape = { ...this.#shape, dimension };
        this.#openVectors(dimension, slotStart);
      }
      if (resolved.vectors.length > 0) this.#vectors?.append(slotStart, resolved.vectors);
      for (const slot of resolved.tombstones) this.#vectors?.tombstone(slot);
      this.#dead += resolved.tombstones.length + replacedTexts(resolved);
    }
  }

  /** Slots of the selected records; read only for callers. */
  select({ ids, filter }: Selection): Bitset {
    const within = ids === null ? this.#rows.live : this.#rows.slotsOf(ids);
    return filter === everything ? within : this.#rows.select(filter, within);
  }

  /** Slots in insertion order, after leaving out the first `offset`. */
  inOrder(slots: Bitset, offset: number, limit: number): Uint32Array {
    return this.#rows.inOrder(slots, offset, limit);
  }

  get rows(): Pick<Rows, "fetch"> {
    return this.#rows;
  }

  /** Full vectors of slots, as the caller gave them. */
  embeddings(slots: Uint32Array): PackedVectors {
    const dimension = this.#shape.dimension ?? 0;
    const values = new Float32Array(slots.length * dimension);
    slots.forEach((slot, i) => {
      this.#vectorRows?.readRows(slot, 1, values.subarray(i * dimension, (i + 1) * dimension));
    });
    return { rows: slots.length, dimension, values };
  }

  /**
   * The k nearest of the allowed slots, nearest first; of all records when `allowed` is absent.
   * @throws {Failure}  "corrupt": a vector that may be among them is damaged
   */
  nearest(query: Float32Array, k: number, allowed?: Bitset): Nearest {
    for (const [slot, failure] of this.#unreadable) {
      if (allowed === undefined || allowed.has(slot)) throw failure;
    }
    if (this.#vectors === undefined) return { slots: new Uint32Array(0), distances: new Float32Array(0) };
    return this.#vectors.search(query, k, allowed);
  }

  setEfSearch(efSearch: number): void {
    this.#shape = { ...this.#shape, efSearch };
    this.#vectors?.setEfSearch(efSearch);
  }

  /** Adds vectors to the graph for about that long; true while some are left. */
  indexSlice(budgetMs: number): boolean {
    return this.#vectors?.indexSlice(budgetMs) ?? false;
  }

  /** Whether an index image would save the next opening much work. */
  get isIndexDue(): boolean {
    if (this.#isIndexWorn) return this.#store.index.length > 0;
    const indexed = this.#nextSlot - this.unindexed;
    // It may have been given up for room on a full disk.
    const imaged = this.#store.index.length > 0 ? this.#indexImageSlots : 0;
    const isNew = indexed - imaged > indexed * INDEX_IMAGE_SHARE;
    return this.#vectors !== undefined && indexed >= INDEX_IMAGE_SLOTS_MIN && isNew;
  }

  /** What a checkpoint asks of this collection. */
  images(): CollectionImages {
    let deadLookedAt = 0;
    let indexed: number | undefined;
    return {
      freezeShards: () =>
        Array.from({ length: this.#rows.shardCount }, (_, shard) => {
          if (
            !this.#rows.isDirty(shard) &&
            !this.#uncommittedShards.has(shard) &&
            shard < this.#store.shards.length
          ) {
            return null;
          }
          this.#uncommittedShards.add(shard);
          return this.#rows.freezeShard(shard);
        }),
      isIndexDue: this.isIndexDue,
      verdict: this.#vectors?.graphVerdict,
      deadBytes: this.#dead * this.#recordBytes,
      liveBytes: this.count * this.#recordBytes,
      liveRanges: async (pause) => {
        deadLookedAt = this.#dead;
        const { vectors } = this.#store.streams;
        return {
          vectors: slotRanges(
            this.#rows.live,
            this.#shape.dimension === null ? 0 : rowBytes(this.#shape.dimension),
            vectors.end,
          ),
          texts: await textRanges(this.#rows, pause),
        };
      },
      exportIndex: () => {
        if (!this.isIndexDue) return undefined;
        indexed = this.#isIndexWorn ? 0 : this.#nextSlot - this.unindexed;
        return this.#isIndexWorn ? [] : this.#vectors?.saveImage();
      },
      committed: (withShards) => {
        if (withShards) this.#uncommittedShards.clear();
        this.#dead -= deadLookedAt;
        if (indexed !== undefined) this.#indexImageSlots = indexed;
      },
    };
  }

  /** Releases its memory. Idempotent. */
  close(): void {
    this.#rows.close();
    this.#vectors?.close();
    this.#vectors = undefined;
  }

  #beginDraft(): Draft {
    const [damage] = this.#store.damage;
    if (damage !== undefined) throw damage;
    const isFirst = !this.#inTransaction;
    if (isFirst) this.#rows.begin();
    this.#inTransaction = true;
    return {
      isFirst,
      slotStart: this.#nextSlot,
      counters: { nextSequence: this.#nextSequence, nextSlot: this.#nextSlot },
      texts: new TextWriter(this.#textEnd),
    };
  }

  #endDraft(
    { isFirst, slotStart, counters, texts }: Draft,
    resolved: ResolvedRecords,
    embeddings: PackedVectors | null,
  ): PendingWrite {
    this.#nextSequence = counters.nextSequence;
    this.#nextSlot = counters.nextSlot;
    this.#textEnd = texts.end;
    // What changes nothing is not committed by anyone else.
    if (resolved.changes.length === 0 && isFirst) this.commit([]);
    const fixesDimension = this.#shape.dimension === null && resolved.vectors.length > 0;
    const dimension = fixesDimension ? embeddings!.dimension : this.#shape.dimension;
    if (fixesDimension) this.#shape = { ...this.#shape, dimension };
    return {
      parts: this.#parts(resolved, texts, slotStart, dimension),
      resolved,
      slotStart,
      dimension: fixesDimension ? dimension : null,
    };
  }

  #parts(
    { changes, vectors }: ResolvedRecords,
    texts: TextWriter,
    slotStart: number,
    dimension: number | null,
  ): Write["parts"] {
    if (changes.length === 0) return undefined;
    const delta = encodeDelta(changes, this.#deltaEnd);
    this.#deltaEnd += delta.length;
    const textBytes = texts.bytes();
    return {
      ...(vectors.length > 0 ? { vectors: encodeRows(vectors, dimension!, slotStart) } : {}),
      ...(textBytes.length > 0 ? { texts: textBytes } : {}),
      delta,
    };
  }

  /** Whether so few slots are used that the vectors themselves are read faster than an image. */
  get #isIndexWorn(): boolean {
    return this.#nextSlot > INDEX_IMAGE_SLOTS_PER_RECORD_MAX * this.count;
  }

  /** Bytes of vectors and texts that a record has taken so far, on average. */
  get #recordBytes(): number {
    const { vectors, texts } = this.#store.streams;
    return (vectors.end + texts.end) / Math.max(1, this.#nextSlot);
  }

  #replayDelta(): void {
    for (const changes of readDelta(this.#store.streams.delta)) {
      this.#rows.begin();
      for (const change of changes) this.#rows.apply(change);
      this.#rows.commit();
    }
  }

  /** Opens the vectors with what the store has; at a first write the store has that write's rows already. */
  #openVectors(dimension: number, throughSlot?: number): void {
    const rows = new VectorRows(this.#store.streams.vectors, dimension);
    const { hnsw, vectorCacheBytes } = this.#runtime;
    const vectors = Vectors.open({
      ...this.#shape,
      dimension,
      hnsw,
      source: rows,
      cacheBytes: vectorCacheBytes,
    });
    this.#vectorRows = rows;
    this.#vectors = vectors;
    const slots = throughSlot ?? this.#store.streams.vectors.end / rowBytes(dimension);
    const covered = this.#loadIndexImage(vectors, slots);
    const values = new Float32Array(LOAD_ROWS * dimension);
    for (let slot = covered; slot < slots; slot += LOAD_ROWS) {
      const count = Math.min(LOAD_ROWS, slots - slot);
      const damaged = rows.readSoundRows(slot, count, values);
      for (const bad of damaged) if (this.#rows.live.has(bad)) this.#unreadable.set(bad, rows.damaged(bad));
      this.#fillGaps(rows, slot, values.subarray(0, count * dimension), new Set(damaged));
      vectors.append(slot, values.subarray(0, count * dimension));
    }
    for (let slot = 0; slot < slots; slot++) {
      if (!this.#rows.live.has(slot)) vectors.tombstone(slot);
    }
    if (covered > 0) vectors.restoreVerdict(this.#store.verdict);
    if (throughSlot === undefined) {
      const held = this.#store.streams.vectors.heldBytes / rowBytes(dimension);
      this.#dead = Math.max(0, Math.round(held) - this.#rows.count);
    }
    this.#nextSlot = Math.max(this.#nextSlot, slots);
  }

  /** Vectors that are gone or damaged count as the one before them: codes are scaled by all values, and they are not found. */
  #fillGaps(rows: VectorRows, slotStart: number, values: Float32Array, damaged: ReadonlySet<number>): void {
    const dimension = this.#shape.dimension!;
    if (damaged.has(slotStart)) values.fill(0, 0, dimension);
    for (let at = dimension; at < values.length; at += dimension) {
      const slot = slotStart + at / dimension;
      const isGone = !this.#rows.live.has(slot) && !rows.holds(slot);
      if (isGone || damaged.has(slot)) values.copyWithin(at, at - dimension, at);
    }
  }

  /** Loads the index image where there is a good one; returns how many slots it covers. */
  #loadIndexImage(vectors: Vectors, slots: number): number {
    if (this.#store.index.length === 0) return 0;
    this.#indexImageSlots = vectors.loadImage(this.#store.readIndex(), slots);
    return this.#indexImageSlots;
  }
}
