// Keeps codes as good as they can be, in small steps behind the requests: codes that were converted to another
// scale are made anew from the full vectors, a scale that has become too wide is fitted, and bytes too coarse to
// tell this collection's vectors apart give way to f32. Searches use the codes there are until the new are complete.

import type { HnswIndex } from "../../wasm/hnsw.ts";
import type { Rescorer } from "./rescore.ts";
import { nextHeld, type VectorSource } from "./vector-source.ts";

/** Rows encoded in one step: about a millisecond of reading. */
const rowsPerStep = 256;

/** The codes are examined when the collection has this many vectors, and each time it has doubled. */
const firstExamination = 1024;
const sampleCount = 16;

/** A sample's 10 nearest are sought among this many candidates. */
const sampleNeighbors = 10;
const sampleBreadth = 64;

/** Samples that may stay in doubt; more of them, and bytes are too coarse. */
const doubtfulMax = 4;

/** f32 codes beyond this would crowd out everything else; i8 codes then go on needing more candidates. */
const f32BytesMax = 2 ** 29;

export class CodeUpkeep {
  readonly #index: HnswIndex;
  readonly #source: VectorSource;
  readonly #rescorer: Rescorer;
  #examineAt = firstExamination;
  #sample = 0;
  #doubtful = 0;

  constructor(index: HnswIndex, source: VectorSource, rescorer: Rescorer) {
    this.#index = index;
    this.#source = source;
    this.#rescorer = rescorer;
  }

  /** Does one step. False: there was nothing to do. @throws {Failure} "corrupt" of the source */
  step(): boolean {
    const { codeKind, isStale, recoded, slots, scale, fittedScale } = this.#index.state();
    if (codeKind === "f32") return false;
    if (recoded !== undefined) {
      this.#index.encode(this.#read(recoded, Math.min(rowsPerStep, slots - recoded)));
      return true;
    }
    if (isStale || (fittedScale < scale / 2 && slots >= this.#examineAt)) {
      this.#index.recode("i8");
      return true;
    }
    if (slots < this.#examineAt) return false;
    if (this.#sample < sampleCount) {
      this.#examine(Math.floor((this.#sample++ * slots) / sampleCount), slots);
    } else {
      this.#conclude(slots);
    }
    return true;
  }

  #read(slotStart: number, count: number): Float32Array {
    const rows = new Float32Array(count * this.#index.parameters.dimension);
    this.#source.readRows(slotStart, count, rows);
    return rows;
  }

  /** Looks for the neighbors of a stored vector and notes whether its codes leave them in doubt. */
  #examine(slot: number, slots: number): void {
    this.#index.query(this.#read(nextHeld(this.#source, slot, slots), 1), sampleBreadth);
    this.#index.scan(0, slots);
    const { isSure } = this.#rescorer.untilSure(this.#index.candidates(), sampleNeighbors);
    if (!isSure) this.#doubtful++;
  }

  #conclude(slots: number): void {
    const areCoarse = this.#doubtful > doubtfulMax;
    if (areCoarse && slots * this.#index.parameters.dimension * 4 <= f32BytesMax) this.#index.recode("f32");
    this.#sample = 0;
    this.#doubtful = 0;
    while (this.#examineAt <= slots) this.#examineAt *= 2;
  }
}
