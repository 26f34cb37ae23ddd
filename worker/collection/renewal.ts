// Another index for the records there are, made behind the requests while the one there is goes on answering and
// growing: without the codes and nodes of vectors that no record has any more. Slots are given anew in it, in the same
// order. It has read everything once it has come to the end of the slots, those that writes added meanwhile included.

import type { Bitset } from "../bitset.ts";
import type { VectorIndex } from "./vector-index.ts";

/** Vectors taken over in one step: about a millisecond. */
const VECTORS_PER_STEP = 256;

export class Renewal {
  /** What takes over. */
  readonly index: VectorIndex;
  readonly #worn: VectorIndex;
  readonly #dimension: number;
  /** The slots taken over: the i-th is slot i from now on. */
  readonly #kept: number[] = [];
  #next = 0;

  /** @param index  of nothing; closed by `close` unless it took over */
  constructor(worn: VectorIndex, index: VectorIndex, dimension: number) {
    this.#worn = worn;
    this.index = index;
    this.#dimension = dimension;
  }

  /**
   * Works for about `budgetMs`. False: it is complete, as long as nothing is written.
   * @param live  slots of the records there are
   * @throws {Failure}  "corrupt", "out-of-memory": it is of no use any more
   */
  step(live: Bitset, budgetMs: number): boolean {
    const end = performance.now() + budgetMs;
    while (this.#next < this.#worn.vectors.slots) {
      this.#takeVectors(live);
      if (performance.now() >= end) return true;
    }
    return this.index.vectors.indexSlice(end - performance.now());
  }

  /** The share of its work that is done, 0 to 1. @param count  records there are */
  progress(count: number): number {
    const { slots, unindexed } = this.index.vectors;
    return Math.min(1, (slots - unindexed) / Math.max(1, count));
  }

  /** Ends it. @returns the slots that were taken over, which have all of `live`: the i-th is slot i from now on */
  finish(live: Bitset): Uint32Array {
    this.#kept.forEach((before, slot) => {
      if (!live.has(before)) this.index.vectors.tombstone(slot);
    });
    return Uint32Array.from(this.#kept);
  }

  close(): void {
    this.index.vectors.close();
  }

  #takeVectors(live: Bitset): void {
    const { serials, rows, vectors } = this.index;
    const { slots } = this.#worn.vectors;
    const start = serials.length;
    for (; this.#next < slots && serials.length < start + VECTORS_PER_STEP; this.#next++) {
      if (!live.has(this.#next)) continue;
      serials.append(this.#worn.serials.serialOf(this.#next));
      this.#kept.push(this.#next);
    }
    const count = serials.length - start;
    const values = new Float32Array(count * this.#dimension);
    rows.readRows(start, count, values);
    vectors.append(start, values);
  }
}
