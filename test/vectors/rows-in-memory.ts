// A source of full vectors without storage.

import type { VectorSource } from "../../worker/vectors/vector-source.ts";
import type { Dataset } from "../wasm/datasets.ts";

export class RowsInMemory implements VectorSource {
  readonly dimension: number;
  /** Rows read so far. */
  reads = 0;
  #values: Float32Array<ArrayBuffer>;

  constructor(dimension: number, values: Float32Array<ArrayBuffer> = new Float32Array()) {
    this.dimension = dimension;
    this.#values = values;
  }

  get count(): number {
    return this.#values.length / this.dimension;
  }

  push(values: Float32Array): void {
    const grown = new Float32Array(this.#values.length + values.length);
    grown.set(this.#values);
    grown.set(values, this.#values.length);
    this.#values = grown;
  }

  dataset(): Dataset {
    return { dimension: this.dimension, rows: this.count, values: this.#values };
  }

  holds(slot: number): boolean {
    return slot < this.count;
  }

  readRows(slotStart: number, count: number, target: Float32Array): void {
    if (slotStart + count > this.count) throw new RangeError(`rows ${slotStart} + ${count} of ${this.count}`);
    this.reads += count;
    target.set(this.#values.subarray(slotStart * this.dimension, (slotStart + count) * this.dimension));
  }
}
