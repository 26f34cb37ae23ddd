// The true nearest of some queries among vectors that go by and are not kept: exact search for a data set
// that is larger than memory.

import { row } from "./dataset.ts";
import { dot } from "./sides.ts";

interface Near {
  readonly row: number;
  readonly nearness: number;
}

export class NearestSoFar {
  readonly #queries: Float32Array;
  readonly #dimension: number;
  readonly #depth: number;
  /** For each query, nearest first. */
  readonly #nearest: Near[][];
  #seen = 0;

  /** @param queries  rows of length 1, as those that go by: their inner product orders as cosine does */
  constructor(queries: Float32Array, dimension: number, depth: number) {
    this.#queries = queries;
    this.#dimension = dimension;
    this.#depth = depth;
    this.#nearest = Array.from({ length: queries.length / dimension }, () => []);
  }

  see(vectors: Float32Array): void {
    for (let i = 0; i < vectors.length / this.#dimension; i++) {
      const vector = row(vectors, i, this.#dimension);
      for (const [query, nearest] of this.#nearest.entries()) {
        const nearness = dot(row(this.#queries, query, this.#dimension), vector);
        if (nearest.length === this.#depth && nearness <= nearest.at(-1)!.nearness) continue;
        const place = nearest.findIndex((other) => other.nearness < nearness);
        nearest.splice(place < 0 ? nearest.length : place, 0, { row: this.#seen + i, nearness });
        if (nearest.length > this.#depth) nearest.pop();
      }
    }
    this.#seen += vectors.length / this.#dimension;
  }

  /** For each query the numbers of its nearest rows, nearest first; the first row that went by is 0. */
  rows(): number[][] {
    return this.#nearest.map((nearest) => nearest.map((near) => near.row));
  }
}
