// Finds out how well the graph answers this collection's queries, and how broad they have to be. Some data no graph
// serves well: many equal vectors form islands, and one inner product far larger than the others draws all links to
// itself. Samples are searched both ways, one a step; where no breadth is enough, scans answer instead.

import type { HnswIndex } from "../../wasm/hnsw.ts";
import { graphSlotsMin } from "./planner.ts";
import type { Rescorer } from "./rescore.ts";
import type { VectorSource } from "./vector-source.ts";

const sampleCount = 32;
const sampleNeighbors = 10;

/** A sample of 320 neighbors tells .99 to within .006. */
const recallMin = 0.985;

/** Breadths tried, as multiples of `efSearch`; past the last the graph is not used. */
const factors = [1, 2, 4];

/**
 * Samples lie this far from one stored vector along the difference of two others: at .1 they are as hard to find as
 * queries that were never stored (.9955 for both at 100,000 x 384), at .25 much harder, at 0 easier.
 */
const samplePerturbation = 0.1;

export class GraphCheck {
  readonly #index: HnswIndex;
  readonly #source: VectorSource;
  readonly #rescorer: Rescorer;
  #examineAt = graphSlotsMin;
  #removedExamined = 0;
  #factor = 0;
  #sample = 0;
  #neighbors = 0;
  #found = 0;
  /** What `efSearch` is to be multiplied by; infinite, as before the first examination: the graph is not to be used. */
  breadthFactor = Number.POSITIVE_INFINITY;

  constructor(index: HnswIndex, source: VectorSource, rescorer: Rescorer) {
    this.#index = index;
    this.#source = source;
    this.#rescorer = rescorer;
  }

  /**
   * Does one step for a graph that has all `slots`, `removed` of them tombstones: an examination begins when either
   * has grown by a half or a quarter of all. False: there was nothing to do.
   * @throws {Failure}  "corrupt"
   */
  step(slots: number, removed: number, efSearch: number): boolean {
    if (slots < graphSlotsMin) return false;
    const isWorn = removed - this.#removedExamined > slots / 4;
    if (slots < this.#examineAt && !isWorn && this.#sample === 0) return false;
    if (this.#sample < sampleCount) {
      this.#compare(this.#sampleOf(this.#sample++, slots), slots, efSearch * factors[this.#factor]!);
    } else {
      this.#conclude(slots, removed);
    }
    return true;
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
    this.#found += found.filter((distance) => distance <= farthest).length;
  }

  #nearest(): Float32Array {
    const { count } = this.#rescorer.untilSure(this.#index.candidates(), sampleNeighbors);
    return this.#index.results(count, sampleNeighbors).distances;
  }

  #conclude(slots: number, removed: number): void {
    const isEnough = this.#found >= recallMin * this.#neighbors;
    const isLast = this.#factor === factors.length - 1;
    this.#sample = 0;
    this.#neighbors = 0;
    this.#found = 0;
    if (!isEnough && !isLast) {
      this.#factor++;
      return;
    }
    this.breadthFactor = isEnough ? factors[this.#factor]! : Number.POSITIVE_INFINITY;
    this.#factor = 0;
    this.#examineAt = slots * 1.5;
    this.#removedExamined = removed;
  }

  /** A vector like those stored, but none of them. */
  #sampleOf(sample: number, slots: number): Float32Array {
    const [at, from, to] = [0, 1, 2].map((part) => this.#read((sample * 3 + part) * 2654435761, slots));
    return at!.map((value, i) => value + samplePerturbation * (to![i]! - from![i]!));
  }

  #read(pick: number, slots: number): Float32Array {
    const row = new Float32Array(this.#index.parameters.dimension);
    this.#source.readRows(pick % slots, 1, row);
    return row;
  }
}
