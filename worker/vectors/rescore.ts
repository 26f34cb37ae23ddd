// Exact distances for candidates, for as many as it takes to be sure of the k nearest. How far codes are off is
// seen on the candidates themselves: rescoring goes on until the next one is out of reach of that error.

import type { HnswIndex, MissingRows } from "../../wasm/hnsw.ts";
import type { VectorSource } from "./vector-source.ts";

/**
 * Standard deviations of the codes' error between the k-th distance and the next candidate. At 3, of as many as 50
 * further candidates for each deviation two in a hundred are nearer after all; ordinary queries reach 10.
 */
const marginMin = 3;

export interface Rescored {
  readonly count: number;
  /** False: the candidates ended before the margin was reached; more of them might change the answer. */
  readonly isSure: boolean;
}

export class Rescorer {
  readonly #index: HnswIndex;
  readonly #source: VectorSource;
  readonly #dimension: number;
  #rows: Float32Array;

  constructor(index: HnswIndex, source: VectorSource) {
    this.#index = index;
    this.#source = source;
    this.#dimension = index.parameters.dimension;
    this.#rows = new Float32Array(this.#dimension);
  }

  /** Rescores of `candidates` what the `k` nearest need. @throws {Failure} "corrupt" of the source */
  untilSure(candidates: number, k: number): Rescored {
    let count = 0;
    for (let next = Math.min(candidates, k + 16); ; next = Math.min(candidates, 2 * next)) {
      const missing = this.#index.rescore(count, next);
      if (missing) this.#supply(missing);
      count = next;
      if (this.#index.margin(count, Math.min(k, count)) >= marginMin) return { count, isSure: true };
      if (count === candidates) return { count, isSure: false };
    }
  }

  #supply({ candidates, slots }: MissingRows): void {
    const order = Array.from(slots.keys()).sort((a, b) => slots[a]! - slots[b]!);
    const sorted = Uint32Array.from(order, (i) => candidates[i]!);
    const length = slots.length * this.#dimension;
    if (this.#rows.length < length) this.#rows = new Float32Array(length);
    for (let i = 0; i < order.length;) {
      const slot = slots[order[i]!]!;
      let count = 1;
      while (i + count < order.length && slots[order[i + count]!] === slot + count) count++;
      const start = i * this.#dimension;
      this.#source.readRows(slot, count, this.#rows.subarray(start, start + count * this.#dimension));
      i += count;
    }
    this.#index.supply(sorted, this.#rows.subarray(0, length));
  }
}
