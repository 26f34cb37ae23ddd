// The vectors of one collection in memory: the index that answers, the one that is to take over from it, and how much
// of them the image in the store has. Slots are those of the rows, which it follows.

import type { Failure } from "../../src/protocol/failure.ts";
import type { Neighbors } from "../../wasm/hnsw.ts";
import type { Bitset } from "../bitset.ts";
import type { VectorRows } from "../data/vector-rows.ts";
import type { Rows } from "../rows/rows.ts";
import type { Serials } from "../rows/serials.ts";
import type { GraphVerdict } from "../vectors/graph-check.ts";
import { Renewal } from "./renewal.ts";
import {
  createIndex,
  decodeIndex,
  encodeIndex,
  type IndexOptions,
  type VectorIndex,
} from "./vector-index.ts";

/**
 * The index image is written when this share of the vectors is not in the last one: all images of a collection
 * that grows have as many bytes as four of the last.
 */
const IMAGE_SHARE = 1 / 4;
/** Below this many slots an index image saves no time at opening. */
const IMAGE_SLOTS_MIN = 4096;
/** Tombstones that there may be, beside two for each record, when a renewal is complete. */
const TOMBSTONES_MAX = 8192;
/** Rows read from storage at a time while loading. */
const LOAD_ROWS = 2048;

/** An image of the index as of the moment when its first chunk is asked for. */
export interface IndexImage {
  /** None where there are too few vectors for one. */
  readonly chunks: Iterable<Uint8Array>;
  /** To be called when it is what the store has. */
  committed(): void;
}

export class CollectionVectors {
  readonly #stored: VectorRows;
  #options: IndexOptions;
  #index: VectorIndex;
  #renewal: Renewal | undefined;
  /** Slots whose vectors were found damaged when they were loaded. */
  readonly #unreadable = new Map<number, Failure>();
  /** Slots that the image has, and one more than the last of their serials. */
  #imageSlots: number;
  #imageSerialEnd: number;

  private constructor(stored: VectorRows, options: IndexOptions, index: VectorIndex) {
    this.#stored = stored;
    this.#options = options;
    this.#index = index;
    this.#imageSlots = index.vectors.slots;
    this.#imageSerialEnd = serialEnd(index.serials, this.#imageSlots);
  }

  /** None yet. @param serials  of the slots that are to be appended */
  static create(stored: VectorRows, options: IndexOptions, serials: Serials): CollectionVectors {
    return new CollectionVectors(stored, options, createIndex(options, stored, serials));
  }

  /** What a good image has; the rows are to be opened with its `serials`, and `load` to be called then. */
  static open(stored: VectorRows, options: IndexOptions, image: Generator<Uint8Array>): CollectionVectors {
    return new CollectionVectors(stored, options, decodeIndex(options, stored, image));
  }

  /** Of the slots there are. */
  get serials(): Serials {
    return this.#index.serials;
  }

  get slots(): number {
    return this.#index.vectors.slots;
  }

  /** Slots that the graph does not have yet. */
  get unindexed(): number {
    return this.#index.vectors.unindexed;
  }

  /** What was found out about the graph, to be kept beside the image. */
  get graphVerdict(): GraphVerdict | undefined {
    return this.#index.vectors.graphVerdict;
  }

  /** Gives up the full vectors at hand; they are read again as searches want them. */
  giveUpCache(): void {
    this.#index.vectors.giveUpCache();
  }

  memoryUsed(): number {
    return this.#index.vectors.memoryUsed() + (this.#renewal?.index.vectors.memoryUsed() ?? 0);
  }

  /**
   * Whether a renewal has done less than its share, so that writes should wait for it: it is to be complete when there
   * are as many tombstones as are allowed.
   * @param count  records there are
   */
  renewalLags(count: number): boolean {
    const { removed, isWorn } = this.#index.vectors;
    return isWorn && removed - count > (count + TOMBSTONES_MAX) * (this.#renewal?.progress(count) ?? 0);
  }

  /**
   * Appends the vectors that the image does not have, and finds out which it has in vain.
   * @param verdict  what was `graphVerdict` when the image was kept
   */
  load(live: Bitset, verdict: unknown): void {
    const { serials, rows, vectors } = this.#index;
    const { dimension } = this.#options;
    const isImaged = vectors.slots > 0;
    for (let slot = 0; slot < vectors.slots; slot++) if (!live.has(slot)) vectors.tombstone(slot);
    const values = new Float32Array(LOAD_ROWS * dimension);
    for (let slot = vectors.slots; slot < serials.length; slot += LOAD_ROWS) {
      const count = Math.min(LOAD_ROWS, serials.length - slot);
      for (const bad of rows.readSoundRows(slot, count, values)) {
        this.#unreadable.set(bad, rows.damaged(bad));
        // It counts as the one before it: codes are scaled by all values, and it is not found.
        const at = (bad - slot) * dimension;
        if (at === 0) values.fill(0, 0, dimension);
        else values.copyWithin(at, at - dimension, at);
      }
      vectors.append(slot, values.subarray(0, count * dimension));
    }
    if (isImaged) vectors.restoreVerdict(verdict);
  }

  /** Takes the vectors that the rows have given slots from `slotStart` on. */
  append(slotStart: number, values: Float32Array): void {
    this.#index.vectors.append(slotStart, values);
  }

  tombstone(slot: number): void {
    this.#index.vectors.tombstone(slot);
  }

  /** The full vector of a slot. @throws {Failure} "corrupt" */
  readVector(slot: number, target: Float32Array): void {
    this.#index.rows.readRows(slot, 1, target);
  }

  /** See `Vectors.search`. @throws {Failure} "corrupt": a vector that may be among them is damaged */
  search(query: Float32Array, k: number, allowed?: Bitset): Neighbors {
    for (const [slot, failure] of this.#unreadable) {
      if (allowed === undefined || allowed.has(slot)) throw failure;
    }
    return this.#index.vectors.search(query, k, allowed);
  }

  setEfSearch(efSearch: number): void {
    this.#options = { ...this.#options, efSearch };
    this.#index.vectors.setEfSearch(efSearch);
    this.#renewal?.index.vectors.setEfSearch(efSearch);
  }

  /**
   * Adds vectors to the graph, or renews an index that is worn, for about that long; true while there is more to do.
   * To be called when no write is half done.
   *
   * @param rows  get other slots when the renewed index takes over
   * @throws {Failure}  "corrupt" of the source, "out-of-memory"
   */
  indexSlice(budgetMs: number, rows: Rows): boolean {
    // An image is finished by the index that it was begun with.
    if (this.#index.vectors.isWritingImage) return false;
    return this.#index.vectors.indexSlice(budgetMs) || this.#renew(budgetMs, rows);
  }

  /**
   * Whether an image would save the next opening much work, or the one there is costs it some.
   * @param isStored  whether there is one: it may have been given up for room on a full disk
   */
  isImageDue(isStored: boolean): boolean {
    const { serials, vectors } = this.#index;
    // What will be renewed soon is not worth writing.
    if (vectors.isWorn) return false;
    if (isStored && this.#imageSlots > 2 * vectors.slots) return true;
    const indexed = vectors.slots - vectors.unindexed;
    const written = serialEnd(serials, indexed) - (isStored ? this.#imageSerialEnd : 0);
    return indexed >= IMAGE_SLOTS_MIN && written > indexed * IMAGE_SHARE + vectors.removed;
  }

  exportImage(): IndexImage {
    const { serials, vectors } = this.#index;
    const slots = vectors.slots < IMAGE_SLOTS_MIN ? 0 : vectors.slots;
    const end = serialEnd(serials, Math.min(slots, vectors.slots - vectors.unindexed));
    return {
      chunks: slots === 0 ? [] : encodeIndex(this.#index),
      committed: () => {
        this.#imageSlots = slots;
        this.#imageSerialEnd = end;
      },
    };
  }

  /** Frees its memory. Idempotent. */
  close(): void {
    this.#renewal?.close();
    this.#renewal = undefined;
    this.#index.vectors.close();
  }

  #renew(budgetMs: number, rows: Rows): boolean {
    const worn = this.#index;
    if (this.#renewal === undefined && !worn.vectors.isWorn) return false;
    this.#renewal ??= new Renewal(worn, createIndex(this.#options, this.#stored), this.#options.dimension);
    try {
      if (this.#renewal.step(rows.live, budgetMs)) return true;
    } catch (error) {
      this.#renewal.close();
      this.#renewal = undefined;
      throw error;
    }
    const { index } = this.#renewal;
    rows.renumber(this.#renewal.finish(rows.live), index.serials);
    this.#index = index;
    this.#renewal = undefined;
    worn.vectors.close();
    return true;
  }
}

/** One more than the serial of the last of so many slots. */
function serialEnd(serials: Serials, slots: number): number {
  return slots === 0 ? 0 : serials.serialOf(slots - 1) + 1;
}
