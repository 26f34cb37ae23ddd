// Finds out how well the graph answers this collection's queries, and how broad they have to be. Some data no graph
// serves well: many equal vectors form islands, and one inner product far larger than the others draws all links to
// itself. Samples are searched both ways, one a step; where no breadth is enough, scans answer instead.

import type { HnswIndex } from "../../wasm/hnsw.ts";
import { graphSlotsMin, planQuery } from "./planner.ts";
import type { Rescorer } from "./rescore.ts";
import { nextHeld, type VectorSource } from "./vector-source.ts";

const sampleNeighbors = 10;

/** The share of neighbors that has to be found. Chroma's server finds .95 to .98 with its defaults. */
const recallMin = 0.98;

/**
 * Where a graph fails it fails whole queries: in a sample of 32, one unlucky query reads as .969. So many are taken
 * where the answer is not plain, and the first part suffices where next to nothing is missed.
 */
const sampleCountMax = 192;
const sampleCountMin = 64;
const plainlyEnough = 0.995;

/** From one breadth to the next that is tried; it ends where a scan would be cheaper. */
const factorGrowth = 1.5;

/**
 * Samples lie this far from one stored vector along the difference of two others: at .1 they are as hard to find as
 * queries that were never stored (.9955 for both at 100,000 x 384), at .25 much harder, at 0 easier.
 */
const samplePerturbation = 0.1;

/** What the examination of a graph found. It goes with the image of that graph, so that the next opening believes it. */
export interface GraphVerdict {
  /** Of how it was found: other rules find another. */
  readonly rules: number;
  /** What `efSearch` is to be multiplied by; infinite: the graph is not to be used. */
  readonly breadthFactor: number;
  readonly efSearch: number;
  /** Slots at that time, and how many of them were tombstones. */
  readonly slots: number;
  readonly removed: number;
}

const rules = 1;

export class GraphCheck {
  readonly #index: HnswIndex;
  readonly #source: VectorSource;
  readonly #rescorer: Rescorer;
  #verdict: GraphVerdict | undefined;
  #factor = 1;
  #sample = 0;
  #neighbors = 0;
  #missed = 0;
  constructor(index: HnswIndex, source: VectorSource, rescorer: Rescorer) {
    this.#index = index;
    this.#source = source;
    this.#rescorer = rescorer;
  }

  /** What the last examination found; undefined before the first. */
  get verdict(): GraphVerdict | undefined {
    return this.#verdict;
  }

  /** What `efSearch` is to be multiplied by; infinite, as before the first examination: the graph is not to be used. */
  get breadthFactor(): number {
    return this.#verdict?.breadthFactor ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Takes a verdict that was kept with the graph, if it is one at this `efSearch` on a graph of no more vectors than there
   * are slots: tombstones of that time may be gone.
   * Anything else is as if it were not there.
   */
  restore(kept: unknown, slots: number, efSearch: number): void {
    if (isVerdict(kept) && kept.slots - kept.removed <= slots && kept.efSearch === efSearch)
      this.#verdict = kept;
  }

  /**
   * Does one step for a graph that has all `slots`, `removed` of them tombstones: an examination begins when either
   * has grown by a half or a quarter of all. False: there was nothing to do.
   * @throws {Failure}  "corrupt"
   */
  step(slots: number, removed: number, efSearch: number): boolean {
    if (slots < graphSlotsMin) return false;
    const examined = this.#verdict;
    const isDue =
      examined === undefined || slots >= examined.slots * 1.5 || removed - examined.removed > slots / 4;
    if (!isDue && this.#sample === 0 && this.#factor === 1) return false;
    const breadth = Math.ceil(efSearch * this.#factor);
    if (planQuery({ allowed: slots, slots, breadth }).by === "scan") {
      this.#conclude({ rules, breadthFactor: Number.POSITIVE_INFINITY, efSearch, slots, removed });
      return true;
    }
    this.#compare(this.#sampleOf(this.#sample++, slots), slots, breadth);
    const isEnough = this.#isEnough();
    if (isEnough === true) this.#conclude({ rules, breadthFactor: this.#factor, efSearch, slots, removed });
    if (isEnough === false) this.#restart(this.#factor * factorGrowth);
    return true;
  }

  /** Undefined: more samples are to tell. */
  #isEnough(): boolean | undefined {
    const all = sampleCountMax * sampleNeighbors;
    if (this.#missed > (1 - recallMin) * all) return false;
    if (this.#sample === sampleCountMax) return true;
    const isPlain = this.#missed <= (1 - plainlyEnough) * this.#neighbors;
    return this.#sample >= sampleCountMin && isPlain ? true : undefined;
  }

  #compare(query: Float32Array, slots: number, breadth: number): void {
    this.#index.query(query, breadth);
    this.#index.scan(0, slots);
    const truth = this.#nearest();
    this.#index.query(query, breadth);
    this.#index.search();
    const found = this.#nearest();
    const farthest = truth[truth.length - 1] ?? 0;
    this.#neighbors += truth.length;
    this.#missed += truth.length - found.filter((distance) => distance <= farthest).length;
  }

  #nearest(): Float32Array {
    const { count } = this.#rescorer.untilSure(this.#index.candidates(), sampleNeighbors);
    return this.#index.results(count, sampleNeighbors).distances;
  }

  #conclude(verdict: GraphVerdict): void {
    this.#verdict = verdict;
    this.#restart(1);
  }

  #restart(factor: number): void {
    this.#factor = factor;
    this.#sample = 0;
    this.#neighbors = 0;
    this.#missed = 0;
  }

  /** A vector like those stored, but none of them. */
  #sampleOf(sample: number, slots: number): Float32Array {
    const [at, from, to] = [0, 1, 2].map((part) => this.#read((sample * 3 + part) * 2654435761, slots));
    return at!.map((value, i) => value + samplePerturbation * (to![i]! - from![i]!));
  }

  #read(pick: number, slots: number): Float32Array {
    const row = new Float32Array(this.#index.parameters.dimension);
    this.#source.readRows(nextHeld(this.#source, pick % slots, slots), 1, row);
    return row;
  }
}

function isVerdict(kept: unknown): kept is GraphVerdict {
  if (typeof kept !== "object" || kept === null) return false;
  const { slots, removed, breadthFactor, efSearch, ...rest } = kept as GraphVerdict;
  return (
    rest.rules === rules &&
    Number.isInteger(slots) &&
    slots >= graphSlotsMin &&
    Number.isInteger(removed) &&
    removed >= 0 &&
    removed <= slots &&
    breadthFactor >= 1 &&
    efSearch > 0
  );
}
