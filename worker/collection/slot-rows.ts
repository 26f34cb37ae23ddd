// Full vectors by slot: which row of the stream each slot's is. Neighbouring slots are mostly neighbouring rows, and
// are read together.

import type { Failure } from "../../src/protocol/failure.ts";
import type { VectorRows } from "../data/vector-rows.ts";
import type { Serials } from "../rows/serials.ts";
import type { VectorSource } from "../vectors/vector-source.ts";

export class SlotRows implements VectorSource {
  readonly #rows: VectorRows;
  readonly #serials: Serials;
  readonly #dimension: number;

  constructor(rows: VectorRows, serials: Serials, dimension: number) {
    this.#rows = rows;
    this.#serials = serials;
    this.#dimension = dimension;
  }

  holds(slot: number): boolean {
    return this.#rows.holds(this.#serials.serialOf(slot));
  }

  readRows(slotStart: number, count: number, target: Float32Array): void {
    const [bad] = this.readSoundRows(slotStart, count, target);
    if (bad !== undefined) throw this.damaged(bad);
  }

  /** Copies rows alike; returns the slots of those that are damaged, whose numbers are any. */
  readSoundRows(slotStart: number, count: number, target: Float32Array): number[] {
    const damaged: number[] = [];
    for (let at = 0; at < count;) {
      const slot = slotStart + at;
      const serial = this.#serials.serialOf(slot);
      let run = 1;
      while (at + run < count && this.#serials.serialOf(slot + run) === serial + run) run++;
      const rows = target.subarray(at * this.#dimension, (at + run) * this.#dimension);
      for (const bad of this.#rows.readSoundRows(serial, run, rows)) damaged.push(slot + bad - serial);
      at += run;
    }
    return damaged;
  }

  /** The failure for the vector of a slot. */
  damaged(slot: number): Failure {
    return this.#rows.damaged(this.#serials.serialOf(slot));
  }
}
