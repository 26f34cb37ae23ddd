// The vectors of one collection, searchable: codes and graph in wasm memory, full vectors read from the source
// through a cache. Slots are dense and never reused; a changed vector takes a new slot and its old one becomes a
// tombstone, until its owner makes another of what is left. It knows nothing of ids, filters or files.

import { isFailure } from "../../src/protocol/failure.ts";
import type { HnswIndex, HnswModule, Neighbors, Space } from "../../wasm/hnsw.ts";
import { decodeImage, encodeImage } from "../../wasm/image.ts";
import type { Bitset } from "../bitset.ts";
import { CodeUpkeep } from "./code-upkeep.ts";
import { GraphCheck, type GraphVerdict } from "./graph-check.ts";
import { graphSlotsMin, planQuery, type Plan } from "./planner.ts";
import { Rescorer } from "./rescore.ts";
import type { VectorSource } from "./vector-source.ts";

/** What a collection's configuration says of its index. */
export interface VectorsParameters {
  readonly space: Space;
  readonly maxNeighbors: number;
  readonly efConstruction: number;
  /** Candidates that a search of the graph keeps, at least. */
  readonly efSearch: number;
}

export interface VectorsOptions extends VectorsParameters {
  readonly hnsw: HnswModule;
  /** Numbers in each vector, 1 to 65,536. */
  readonly dimension: number;
  readonly source: VectorSource;
  /** Full vectors kept in memory, in bytes. */
  readonly cacheBytes: number;
}

/** Up to here a vector's own numbers are as small as bytes and a graph link or two. */
const f32DimensionMax = 32;
/** Past this the engine's sums of bytes overflow. */
const i8DimensionMax = 32768;

/** Nodes added between two looks at the clock: about half a millisecond. */
const nodesPerStep = 4;

/**
 * Candidates to begin again with where the first ones left a doubt, or the graph gave up: slots far from the query
 * are many at nearly the same distance, and 200 to 800 had to be rescored among 100,000 x 384.
 */
const doubtfulBreadth = 1024;

/** Of more slots, most of them tombstones, another is to be made: they take memory, and searches pass through them. */
const wornSlotsMin = 4096;

/** An image that nobody has asked for the next piece of for this long is given up, and indexing goes on. */
const imageIdleMsMax = 5000;

export class Vectors {
  readonly #options: VectorsOptions;
  #index: HnswIndex;
  #rescorer: Rescorer;
  #codeUpkeep: CodeUpkeep;
  #graphCheck: GraphCheck;
  #efSearch: number;
  #slots = 0;
  #removed = 0;
  #indexed = 0;
  #image: { advancedAt: number } | undefined;

  private constructor(options: VectorsOptions, index: HnswIndex) {
    this.#options = options;
    this.#efSearch = options.efSearch;
    this.#index = index;
    this.#rescorer = new Rescorer(index, options.source);
    this.#codeUpkeep = new CodeUpkeep(index, options.source, this.#rescorer);
    this.#graphCheck = new GraphCheck(index, options.source, this.#rescorer);
    index.limitCache(options.cacheBytes);
  }

  /** @throws {Failure} "out-of-memory" */
  static open(options: VectorsOptions): Vectors {
    const { dimension } = options;
    const codeKind = dimension <= f32DimensionMax || dimension > i8DimensionMax ? "f32" : "i8";
    return new Vectors(options, options.hnsw.open({ ...options, codeKind }));
  }

  /** Slots so far, tombstones among them; the next vector gets this one. */
  get slots(): number {
    return this.#slots;
  }

  /** Slots waiting for the graph. 0 in a collection small enough to do without one. */
  get unindexed(): number {
    return this.#slots < graphSlotsMin ? 0 : this.#slots - this.#indexed;
  }

  /** Tombstones among the slots: counted by the engine, and asked for only after it changed. */
  get removed(): number {
    if (this.#removed < 0) this.#removed = this.#index.state().removed;
    return this.#removed;
  }

  /** Whether so much of it is tombstones that another is better made of what is left. */
  get isWorn(): boolean {
    return this.#slots > wornSlotsMin && this.removed * 2 > this.#slots;
  }

  /** Whether an image is being written, which has to be finished by this very object. */
  get isWritingImage(): boolean {
    if (this.#image && performance.now() - this.#image.advancedAt > imageIdleMsMax) this.#image = undefined;
    return this.#image !== undefined;
  }

  /** Takes effect at once; how broad the graph has to be searched is found out anew behind the requests. */
  setEfSearch(efSearch: number): void {
    if (efSearch === this.#efSearch) return;
    this.#efSearch = efSearch;
    this.#graphCheck = new GraphCheck(this.#index, this.#options.source, this.#rescorer);
  }

  /**
   * Adds vectors as the next slots; they are found at once. Those of a slot must be readable from the source from
   * then on.
   *
   * Cost: 2 to 4 µs a vector of 384; all codes are converted once more (0.1 ms per MB) when the values outgrow their
   * scale.
   *
   * @param values  a multiple of the dimension; not kept
   * @throws {Failure}  "out-of-memory": a part of them may be in, the object is to be closed
   */
  append(slotStart: number, values: Float32Array): void {
    if (slotStart !== this.#slots)
      throw new RangeError(`vectors appended at slot ${slotStart}, expected ${this.#slots}`);
    this.#index.append(values, this.isWritingImage);
    this.#slots += values.length / this.#options.dimension;
  }

  /** The slot is not found any more: its record was deleted, or has a new vector. Once or often, it is the same. */
  tombstone(slot: number): void {
    this.#index.remove(slot);
    this.#removed = -1;
  }

  /**
   * The `k` nearest of the allowed slots, nearest first, equals by slot; fewer where there are fewer.
   *
   * Distances are exact f32, of the vectors as they were given. Which slots are found is exact in small or narrowly
   * filtered collections, and a matter of `efSearch` in others.
   *
   * @param query    as many numbers as the dimension
   * @param allowed  slots that may be found; all without it
   * @throws {Failure}  "corrupt": a full vector that decides the answer is damaged
   */
  search(query: Float32Array, k: number, allowed?: Bitset): Neighbors {
    const allowedCount = allowed ? allowed.count() : this.#slots - this.removed;
    const wanted = Math.min(k, allowedCount);
    if (wanted === 0) return { slots: new Uint32Array(), distances: new Float32Array() };
    const words = allowed?.words.subarray(0, (this.#slots + 31) >>> 5);
    let breadth = Math.max(this.#efSearch, wanted + (wanted >>> 1) + 16);
    let plan = this.#plan(breadth, allowedCount);
    for (;;) {
      const limit = Math.min(plan.by === "graph" ? plan.breadth : breadth, allowedCount);
      const candidates = this.#collect(plan, query, limit, words);
      if (candidates === undefined) {
        plan = { by: "scan" };
        breadth = Math.max(breadth, doubtfulBreadth);
        continue;
      }
      const { count, isSure } = this.#rescorer.untilSure(candidates, wanted);
      if (isSure || limit === allowedCount) return this.#index.results(count, wanted);
      breadth = Math.max(4 * breadth, doubtfulBreadth);
      if (plan.by === "graph") plan = this.#plan(breadth, allowedCount);
    }
  }

  /**
   * Works on codes and graph for about `budgetMs`: to be called between requests until it returns false. While an
   * image is written there is nothing it may do.
   * @throws {Failure}  "corrupt" of the source
   * @throws {Failure}  "out-of-memory": what is indexed stays so
   */
  indexSlice(budgetMs: number): boolean {
    if (this.isWritingImage) return false;
    const end = performance.now() + budgetMs;
    while (this.#codeUpkeep.step() || this.#addNodes() || this.#checkGraph())
      if (performance.now() >= end) return true;
    return false;
  }

  /** Gives up the full vectors at hand; they are read again as searches want them. */
  giveUpCache(): void {
    this.#index.limitCache(0);
    this.#index.limitCache(this.#options.cacheBytes);
  }

  /** Bytes of codes, graph and cache. */
  memoryUsed(): number {
    return this.#index.state().memoryBytes;
  }

  /**
   * Codes and graph in pieces of at most 1 MiB, as they are when the first is asked for. Indexing pauses until the
   * last one. When none is asked for in five seconds the image ends early: `loadImage` will find it cut short.
   */
  *saveImage(): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
    const image = { advancedAt: performance.now() };
    this.#image = image;
    try {
      for (const piece of encodeImage(this.#index)) {
        yield piece;
        if (!this.isWritingImage || this.#image !== image) return;
        image.advancedAt = performance.now();
      }
    } finally {
      if (this.#image === image) this.#image = undefined;
    }
  }

  /**
   * Takes codes and graph from an image, before anything is appended.
   *
   * @param chunks    the image's pieces, cut anywhere
   * @param slotsMax  slots that the source has: an image of more is of another time
   * @returns  how many slots it covers; 0 when it is damaged or made with other parameters, and nothing was taken
   */
  loadImage(chunks: Iterable<Uint8Array>, slotsMax: number): number {
    if (this.#slots > 0) throw new RangeError(`an image loaded over ${this.#slots} slots, expected none`);
    const index = this.#decode(chunks);
    if (index === undefined) return 0;
    const { slots, indexed } = index.state();
    if (slots > slotsMax) {
      index.close();
      return 0;
    }
    const { source, cacheBytes } = this.#options;
    this.#index.close();
    this.#index = index;
    this.#rescorer = new Rescorer(index, source);
    this.#codeUpkeep = new CodeUpkeep(index, source, this.#rescorer);
    this.#graphCheck = new GraphCheck(index, source, this.#rescorer);
    index.limitCache(cacheBytes);
    this.#slots = slots;
    this.#indexed = indexed;
    this.#removed = -1;
    return slots;
  }

  /** What was found out about the graph, to be kept beside its image; undefined before the first examination. */
  get graphVerdict(): GraphVerdict | undefined {
    return this.#graphCheck.verdict;
  }

  /** Takes what `graphVerdict` was when the graph's image was kept: until more changes, it is not examined again. */
  restoreVerdict(kept: unknown): void {
    this.#graphCheck.restore(kept, this.#slots, this.#efSearch);
  }

  /** Frees its memory. Idempotent. */
  close(): void {
    this.#index.close();
  }

  #plan(breadth: number, allowed: number): Plan {
    const { breadthFactor } = this.#graphCheck;
    if (this.#indexed === 0 || breadthFactor === Number.POSITIVE_INFINITY) return { by: "scan" };
    return planQuery({ allowed, slots: this.#slots, breadth: Math.ceil(breadth * breadthFactor) });
  }

  /** How many candidates there are; undefined: the graph gave up, or leads to fewer than there must be. */
  #collect(
    plan: Plan,
    query: Float32Array,
    limit: number,
    words: Uint32Array | undefined,
  ): number | undefined {
    this.#index.query(query, limit, words);
    if (plan.by === "scan") {
      this.#index.scan(0, this.#slots);
      return this.#index.candidates();
    }
    if (this.#index.search(plan.visitsMax) > plan.visitsMax) return undefined;
    this.#index.scan(this.#indexed, this.#slots);
    const candidates = this.#index.candidates();
    return candidates < limit ? undefined : candidates;
  }

  #checkGraph(): boolean {
    return this.#graphCheck.step(this.#slots, this.removed, this.#efSearch);
  }

  #addNodes(): boolean {
    if (this.unindexed === 0) return false;
    this.#index.add(nodesPerStep);
    this.#indexed = Math.min(this.#slots, this.#indexed + nodesPerStep);
    return true;
  }

  #decode(chunks: Iterable<Uint8Array>): HnswIndex | undefined {
    try {
      return decodeImage(this.#options.hnsw, this.#options, chunks);
    } catch (error) {
      // An image is derived: without it, codes and graph are made again from the full vectors.
      if (isFailure(error) && (error.code === "corrupt" || error.code === "format-newer")) return undefined;
      throw error;
    }
  }
}
