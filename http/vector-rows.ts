// Vectors of a request, gathered row by row before anyone knows how many there are.

import type { PackedVectors } from "../src/protocol/operation.ts";
import { invalidArgument } from "../src/protocol/request-error.ts";

export class VectorRows {
  #values = new Float32Array(0);
  #dimension: number | undefined;
  #filled = 0;
  #rows = 0;
  #isRagged = false;
  readonly #absent: number[] = [];

  /**
   * Copies one row.
   * @param rowsAhead  how many more like it there may be: a guess, for the memory to be taken at once
   */
  add(row: ArrayLike<number>, rowsAhead: number): void {
    this.#rows += 1;
    this.#dimension ??= row.length;
    this.#isRagged ||= row.length !== this.#dimension;
    if (this.#isRagged) return;
    const end = this.#filled + row.length;
    if (end > this.#values.length) this.#grow(Math.max(end + row.length * rowsAhead, 2 * this.#filled));
    this.#values.set(row, this.#filled);
    this.#filled = end;
  }

  /** A row without a vector: a change that leaves a record's as it is. */
  addAbsent(): void {
    this.#absent.push(this.#rows);
    this.#rows += 1;
  }

  /** @throws {RequestError}  400: rows of different lengths */
  finish(): PackedVectors {
    if (this.#isRagged) throw invalidArgument("Inconsistent dimensions in provided embeddings");
    const values = this.#values.subarray(0, this.#filled);
    const shape = { rows: this.#rows, dimension: this.#dimension ?? 0, values };
    if (this.#absent.length === 0) return shape;
    const present = new Uint8Array(this.#rows).fill(1);
    for (const row of this.#absent) present[row] = 0;
    return { ...shape, present };
  }

  #grow(length: number): void {
    const values = new Float32Array(length);
    values.set(this.#values);
    this.#values = values;
  }
}
