// One loaded collection: its rows and its vectors, kept in step, over the bytes its store names.
// A write is resolved and applied to the rows, then made durable by the engine, then applied to the
// vectors; when it could not be made durable the whole object is dropped and loaded anew.
// Invariant between writes: what is in memory is image + delta of the store, nothing else.

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
import { Serials } from "../rows/serials.ts";
import type { VectorsParameters } from "../vectors/vectors.ts";
import { CollectionVectors, type IndexImage } from "./collection-vectors.ts";
import { replacedTexts, textRanges, vectorRanges } from "./live-ranges.ts";
import {
  type Counters,
  type RecordsWrite,
  resolveDelete,
  type ResolvedRecords,
  resolveRecords,
  type Turn,
} from "./resolve.ts";
import type { IndexOptions } from "./vector-index.ts";

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
  /** The slot of its first vector. */
  readonly slotStart: number;
  /** Set when this write fixes the collection's dimension. */
  readonly dimension: number | null;
}

/** A write that is being resolved. */
interface Draft {
  /** Whether it is the first of its group. */
  readonly isFirst: boolean;
  readonly slotStart: number;
  readonly serialStart: number;
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

export class Collection {
  readonly #store: CollectionStore;
  readonly #runtime: CollectionRuntime;
  readonly #rows: Rows;
  #shape: CollectionShape;
  #vectors: CollectionVectors | undefined;
  #nextSequence: number;
  #nextSerial: number;
  #textEnd: number;
  #deltaEnd: number;
  #inTransaction = false;
  /** Shards exported since the last commit of a checkpoint. */
  readonly #uncommittedShards = new Set<number>();
  /** Vectors and texts that records stopped using since the last look, or were found unused at loading. */
  #dead = 0;

  private constructor(
    store: CollectionStore,
    runtime: CollectionRuntime,
    shape: CollectionShape,
    rows: Rows,
    vectors: CollectionVectors | undefined,
  ) {
    const { vectors: stored, texts, delta } = store.streams;
    this.#store = store;
    this.#runtime = runtime;
    this.#shape = shape;
    this.#rows = rows;
    this.#vectors = vectors;
    this.#nextSequence = rows.sequenceEnd;
    this.#nextSerial = shape.dimension === null ? 0 : stored.end / rowBytes(shape.dimension);
    this.#textEnd = texts.end;
    this.#deltaEnd = delta.end;
    if (shape.dimension !== null) {
      const held = Math.round(stored.heldBytes / rowBytes(shape.dimension));
      this.#dead = Math.max(0, held - this.count);
    }
  }

  /**
   * Loads a collection: its row images, the changes since, and its vectors' codes and graph.
   *
   * Cost: the row images once and, where there is no index image, the vector of each record once. Those that were
   * updated and deleted before cost nothing.
   *
   * @throws {Failure}  "corrupt" for damage in the rows; that of vectors is met by queries, that of the
   *     index image costs time only
   */
  static load(store: CollectionStore, runtime: CollectionRuntime, shape: CollectionShape): Collection {
    const { streams } = store;
    const { dimension } = shape;
    const vectors =
      dimension === null
        ? undefined
        : CollectionVectors.open(
            new VectorRows(streams.vectors, dimension),
            indexOptions(runtime, shape, dimension),
            store.readIndex(),
          );
    let rows: Rows | undefined;
    try {
      const stored = { images: store.readShards(), changes: readDelta(streams.delta) };
      rows = Rows.open(runtime, stored, new Texts(streams.texts), vectors?.serials ?? new Serials());
      vectors?.load(rows.live, store.verdict);
      return new Collection(store, runtime, shape, rows, vectors);
    } catch (error) {
      rows?.close();
      vectors?.close();
      throw error;
    }
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
    return this.#vectors?.slots ?? 0;
  }

  /** Whether writes leave tombstones faster than they are cleared away. */
  get isCrowded(): boolean {
    return this.#vectors?.renewalLags(this.count) ?? false;
  }

  /** Gives up the full vectors at hand: the memory that costs least to do without. */
  giveUpCache(): void {
    this.#vectors?.giveUpCache();
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
        this.#vectors = CollectionVectors.create(
          new VectorRows(this.#store.streams.vectors, dimension),
          indexOptions(this.#runtime, this.#shape, dimension),
          this.#rows.serials,
        );
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
      this.#vectors?.readVector(slot, values.subarray(i * dimension, (i + 1) * dimension));
    });
    return { rows: slots.length, dimension, values };
  }

  /**
   * The k nearest of the allowed slots, nearest first; of all records when `allowed` is absent.
   * @throws {Failure}  "corrupt": a vector that may be among them is damaged
   */
  nearest(query: Float32Array, k: number, allowed?: Bitset): Nearest {
    if (this.#vectors === undefined) return { slots: new Uint32Array(0), distances: new Float32Array(0) };
    return this.#vectors.search(query, k, allowed);
  }

  setEfSearch(efSearch: number): void {
    this.#shape = { ...this.#shape, efSearch };
    this.#vectors?.setEfSearch(efSearch);
  }

  /**
   * Adds vectors to the graph, or clears tombstones away, for about that long, or ids to their index; true while
   * there is more to do. Slots that were given out before mean nothing afterwards.
   */
  indexSlice(budgetMs: number): boolean {
    if (this.#inTransaction) return false;
    return this.#rows.coverIds() || (this.#vectors?.indexSlice(budgetMs, this.#rows) ?? false);
  }

  /** What a checkpoint asks of this collection. */
  images(): CollectionImages {
    let deadLookedAt = 0;
    let image: IndexImage | undefined;
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
      isIndexDue: this.#isIndexDue,
      verdict: this.#vectors?.graphVerdict,
      deadBytes: this.#dead * this.#recordBytes,
      liveBytes: this.count * this.#recordBytes,
      liveRanges: async (pause) => {
        deadLookedAt = this.#dead;
        const { vectors } = this.#store.streams;
        return {
          vectors: vectorRanges(
            this.#rows.live,
            this.#rows.serials,
            this.#shape.dimension === null ? 0 : rowBytes(this.#shape.dimension),
            vectors.end,
          ),
          texts: await textRanges(this.#rows, pause),
        };
      },
      exportIndex: () => {
        image = this.#isIndexDue ? this.#vectors?.exportImage() : undefined;
        return image?.chunks;
      },
      committed: (withShards) => {
        if (withShards) this.#uncommittedShards.clear();
        this.#dead -= deadLookedAt;
        image?.committed();
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
      slotStart: this.#rows.serials.length,
      serialStart: this.#nextSerial,
      counters: { nextSequence: this.#nextSequence, nextSerial: this.#nextSerial },
      texts: new TextWriter(this.#textEnd),
    };
  }

  #endDraft(
    { isFirst, slotStart, serialStart, counters, texts }: Draft,
    resolved: ResolvedRecords,
    embeddings: PackedVectors | null,
  ): PendingWrite {
    this.#nextSequence = counters.nextSequence;
    this.#nextSerial = counters.nextSerial;
    this.#textEnd = texts.end;
    // What changes nothing is not committed by anyone else.
    if (resolved.changes.length === 0 && isFirst) this.commit([]);
    const fixesDimension = this.#shape.dimension === null && resolved.vectors.length > 0;
    const dimension = fixesDimension ? embeddings!.dimension : this.#shape.dimension;
    if (fixesDimension) this.#shape = { ...this.#shape, dimension };
    return {
      parts: this.#parts(resolved, texts, serialStart, dimension),
      resolved,
      slotStart,
      dimension: fixesDimension ? dimension : null,
    };
  }

  #parts(
    { changes, vectors }: ResolvedRecords,
    texts: TextWriter,
    serialStart: number,
    dimension: number | null,
  ): Write["parts"] {
    if (changes.length === 0) return undefined;
    const delta = encodeDelta(changes, this.#deltaEnd);
    this.#deltaEnd += delta.length;
    const textBytes = texts.bytes();
    return {
      ...(vectors.length > 0 ? { vectors: encodeRows(vectors, dimension!, serialStart) } : {}),
      ...(textBytes.length > 0 ? { texts: textBytes } : {}),
      delta,
    };
  }

  get #isIndexDue(): boolean {
    return this.#vectors?.isImageDue(this.#store.index.length > 0) ?? false;
  }

  /** Bytes of vectors and texts that a record has taken so far, on average. */
  get #recordBytes(): number {
    const { vectors, texts } = this.#store.streams;
    return (vectors.end + texts.end) / Math.max(1, this.#nextSerial);
  }
}

function indexOptions(
  { hnsw, vectorCacheBytes }: CollectionRuntime,
  shape: CollectionShape,
  dimension: number,
): IndexOptions {
  return { ...shape, dimension, hnsw, cacheBytes: vectorCacheBytes };
}
