// Keeps codes as good as they can be, in small steps behind the requests: converted codes are encoded anew from
// the full vectors, a scale that has become too wide is fitted, and codes too coarse to tell this collection's
// vectors apart give way to f32.

import type { HnswIndex } from "../../wasm/hnsw.ts";
import type { Rescorer } from "./rescore.ts";
import type { VectorSource } from "./vector-source.ts";

/** Rows encoded anew in one step: about a millisecond of reading. */
const rowsPerStep = 256;

/** The codes are examined when the collection has this many vectors, and each time it has doubled. */
const firstExamination = 1024;
const sampleCount = 16;

/** A sample's 10 nearest, sought among this many candidates. */
const sampleNeighbors = 10;
const sampleBreadth = 64;

/** Samples that may stay in doubt; more of them, and bytes are too coarse. */
const doubtfulMax = 4;

/** f32 codes beyond this would crowd out everything else; i8 codes then go on needing more candidates. */
const wideBytesMax = 2 ** 29;

export class Upkeep {
  readonly #index: HnswIndex;
  readonly #source: VectorSource;
  readonly #rescorer: Rescorer;
  readonly #rows: Float32Array;
  #examineAt = firstExamination;
  #sample = 0;
  #doubtful = 0;

  constructor(index: HnswIndex, source: VectorSource, rescorer: Rescorer) {
    this.#index = index;
    this.#source = source;
    this.#rescorer = rescorer;
    this.#rows = new Float32Array(rowsPerStep * index.parameters.dimension);
  }

  /** Does one step. False: nothing was left to do. @throws {Failure} "corrupt" of the source */
  step(): boolean {
    const { staleStart, staleEnd, slots, codeKind, scale, fittedScale } = this.#index.state();
    if (staleStart < staleEnd) {
      this.#encode(staleStart, Math.min(rowsPerStep, staleEnd - staleStart));
      return true;
    }
    if (codeKind === "f32" || slots < this.#examineAt) return false;
    if (this.#sample === 0 && fittedScale < scale / 2) {
      this.#index.refit();
      return true;
    }
    if (this.#sample < sampleCount) {
      this.#examine(Math.floor((this.#sample++ * slots) / sampleCount), slots);
      return true;
    }
    if (this.#doubtful > doubtfulMax && slots * this.#index.parameters.dimension * 4 <= wideBytesMax)
      this.#index.widen();
    this.#sample = 0;
    this.#doubtful = 0;
    while (this.#examineAt <= slots) this.#examineAt *= 2;
    return true;
  }

  #encode(slotStart: number, count: number): void {
    const rows = this.#rows.subarray(0, count * this.#index.parameters.dimension);
    this.#source.readRows(slotStart, count, rows);
    this.#index.encode(slotStart, rows);
  }

  /** Looks for the neighbors of a stored vector and notes whether its codes leave them in doubt. */
  #examine(slot: number, slots: number): void {
    const row = this.#rows.subarray(0, this.#index.parameters.dimension);
    this.#source.readRows(slot, 1, row);
    this.#index.query(row, sampleBreadth);
    this.#index.scan(0, slots);
    if (!this.#rescorer.untilSure(this.#index.candidates(), sampleNeighbors).isSure) this.#doubtful++;
  }
}
