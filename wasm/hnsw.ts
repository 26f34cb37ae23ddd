// The typed binding of hnsw.h. Arrays given to it are copied into wasm memory, results are copied out; no view
// of that memory leaves this folder. An index is closed explicitly: the garbage collector knows nothing of it.

import { Failure } from "../src/protocol/failure.ts";
import { scratchHeadBytes, type WasmMemory } from "./memory.ts";
import { type CodeKind, codeKinds, decodeState, type HnswState, stateWords } from "./state.ts";

export type Space = "l2" | "cosine" | "ip";
export const spaces: readonly Space[] = ["l2", "cosine", "ip"];

export interface HnswParameters {
  /** Numbers in a vector, 1 to 65,536; with i8 codes at most 32,768. */
  readonly dimension: number;
  readonly space: Space;
  /** Links of a node above the base layer, twice as many in it. Taken as 4 below 4 and as 512 above 512. */
  readonly maxNeighbors: number;
  /** Breadth of the search that links a new node. Taken as 2 x `maxNeighbors` + 1 where it is smaller. */
  readonly efConstruction: number;
  readonly codeKind: CodeKind;
}

/** Slots and their distances, nearest first, equals by slot. */
export interface Neighbors {
  readonly slots: Uint32Array;
  readonly distances: Float32Array;
}

/** Candidates whose full vector is needed, and the slots they are in. Parallel. */
export interface MissingRows {
  readonly candidates: Uint32Array;
  readonly slots: Uint32Array;
}

const transferBytes = 1 << 20;
const visitsUnlimited = 0xffffffff;

/** One wasm memory with any number of indexes. They share nothing but the memory. */
export class HnswModule {
  readonly memory: WasmMemory;

  constructor(memory: WasmMemory) {
    this.memory = memory;
  }

  /** Opens an empty index. @throws {Failure} "out-of-memory" @throws {RangeError} a parameter out of range */
  open(parameters: HnswParameters): HnswIndex {
    const { memory } = this;
    const { dimension, space, maxNeighbors, efConstruction, codeKind } = parameters;
    const out = memory.scratch(scratchHeadBytes);
    memory.run(() =>
      memory.exports.hnsw_open(
        dimension,
        spaces.indexOf(space),
        maxNeighbors,
        efConstruction,
        codeKinds.indexOf(codeKind),
        out,
      ),
    );
    return new HnswIndex(memory, memory.u32[out >>> 2]!, parameters);
  }

  /** All bytes wasm has taken from the system, those of closed indexes included. */
  memoryBytes(): number {
    return this.memory.bytes;
  }
}

/**
 * One index: codes by slot, a graph over them, and a cache of full vectors.
 *
 * A query runs `query`, then `search` and/or `scan`, `candidates`, `rescore` (with `supply` for what is missing),
 * `results`; the next `query` of any index ends it.
 */
export class HnswIndex {
  readonly parameters: HnswParameters;
  readonly memory: WasmMemory;
  readonly #handle: number;
  #state: "open" | "broken" | "closed" = "open";

  /** For `HnswModule.open` only. */
  constructor(memory: WasmMemory, handle: number, parameters: HnswParameters) {
    this.memory = memory;
    this.parameters = parameters;
    this.#handle = handle;
  }

  get handle(): number {
    return this.#handle;
  }

  state(): HnswState {
    const out = this.memory.scratch(scratchHeadBytes);
    this.call((exports, handle) => exports.hnsw_state(handle, out));
    return decodeState(this.memory.u32.subarray(out >>> 2, (out >>> 2) + stateWords));
  }

  /** Full vectors kept for rescoring, in bytes. f32 codes need none. */
  limitCache(bytes: number): void {
    this.call((exports, handle) => exports.hnsw_cache_limit(handle, Math.min(bytes, 0xffffffff)));
  }

  /**
   * Appends rows (a multiple of the dimension) as the next slots. The scale follows them: when over 0.1 % of all
   * values are beyond it, all codes are converted, which makes them stale and ends recoding.
   * @param keepScale  while an image is written: the codes in it must not change
   * @throws {Failure}  "out-of-memory"; whole rows before the failing ones may be in
   */
  append(rows: Float32Array, keepScale = false): void {
    this.#eachTransfer(rows, (exports, handle, address, count) =>
      exports.hnsw_append(handle, address, count, Number(keepScale)),
    );
  }

  /**
   * Begins to replace i8 codes by others: of the fitted scale, or f32. The present ones stay in use until `encode`
   * was given the rows of all slots; a change of scale by `append` ends it without a result.
   */
  recode(kind: CodeKind): void {
    this.call((exports, handle) => exports.hnsw_recode(handle, codeKinds.indexOf(kind)));
  }

  /** Makes the new codes of the next slots from their rows. @throws {Failure} "out-of-memory" */
  encode(rows: Float32Array): void {
    this.#eachTransfer(rows, (exports, handle, address, count) =>
      exports.hnsw_encode(handle, address, count),
    );
  }

  /** No search returns the slot any more; its node still leads to others. */
  remove(slot: number): void {
    this.call((exports, handle) => exports.hnsw_remove(handle, slot));
  }

  /** Makes room for `count` more nodes. */
  reserve(count: number): void {
    this.call((exports, handle) => exports.hnsw_reserve(handle, count));
  }

  /** Puts the next `count` slots into the graph. @throws {Failure} "out-of-memory"; those before it are in */
  add(count: number): void {
    this.call((exports, handle) => exports.hnsw_add(handle, count));
  }

  /**
   * Begins a query that keeps at most `count` candidates.
   * @param allowed  words of a bitset of slots; all slots without it
   */
  query(vector: Float32Array, count: number, allowed?: Uint32Array): void {
    const { memory } = this;
    if (vector.length !== this.parameters.dimension)
      throw new RangeError(`a query of ${vector.length} numbers, expected ${this.parameters.dimension}`);
    const allowedOffset = scratchHeadBytes + align(vector.byteLength);
    const scratch = memory.scratch(allowedOffset + (allowed?.byteLength ?? 0));
    memory.f32.set(vector, (scratch + scratchHeadBytes) >>> 2);
    if (allowed) memory.u32.set(allowed, (scratch + allowedOffset) >>> 2);
    this.call((exports, handle) =>
      exports.hnsw_query(
        handle,
        scratch + scratchHeadBytes,
        count,
        allowed ? scratch + allowedOffset : 0,
        allowed?.length ?? 0,
      ),
    );
  }

  /**
   * Collects candidates by the graph.
   * @returns how many nodes it looked at; more than `visitsMax`: it gave up, what it found is not all
   */
  search(visitsMax = visitsUnlimited): number {
    const out = this.memory.scratch(scratchHeadBytes);
    this.call((exports, handle) => exports.hnsw_search(handle, Math.min(visitsMax, visitsUnlimited), out));
    return this.memory.u32[out >>> 2]!;
  }

  /** Collects candidates by comparing every allowed slot from `slotStart` to before `slotEnd`. */
  scan(slotStart: number, slotEnd: number): void {
    this.call((exports, handle) => exports.hnsw_scan(handle, slotStart, slotEnd));
  }

  /** Ends the collecting; how many candidates there are. They are numbered from 0 by their codes' distance. */
  candidates(): number {
    const out = this.memory.scratch(scratchHeadBytes);
    this.call((exports, handle) => exports.hnsw_candidates(handle, out));
    return this.memory.u32[out >>> 2]!;
  }

  /** Exact distances of the candidates from `begin` to before `end`. @returns those to be given to `supply` */
  rescore(begin: number, end: number): MissingRows | undefined {
    const { memory } = this;
    const scratch = memory.scratch(scratchHeadBytes + 8 * (end - begin));
    const list = scratch + scratchHeadBytes;
    this.call((exports, handle) => exports.hnsw_rescore(handle, begin, end, list, scratch));
    const count = memory.u32[scratch >>> 2]!;
    if (count === 0) return undefined;
    const missing = { candidates: new Uint32Array(count), slots: new Uint32Array(count) };
    for (let i = 0, at = list >>> 2; i < count; i++, at += 2) {
      missing.candidates[i] = memory.u32[at]!;
      missing.slots[i] = memory.u32[at + 1]!;
    }
    return missing;
  }

  /** Full vectors of missing candidates, one after another: their distances are computed and they are cached. */
  supply(candidates: Uint32Array, rows: Float32Array): void {
    const { memory } = this;
    const rowsOffset = scratchHeadBytes + align(candidates.byteLength);
    const scratch = memory.scratch(rowsOffset + rows.byteLength);
    memory.u32.set(candidates, (scratch + scratchHeadBytes) >>> 2);
    memory.f32.set(rows, (scratch + rowsOffset) >>> 2);
    this.call((exports, handle) =>
      exports.hnsw_supply(handle, scratch + scratchHeadBytes, scratch + rowsOffset, candidates.length),
    );
  }

  /**
   * How sure the k nearest of the first `rescored` candidates are: the standard deviations of the codes' error
   * between the k-th exact distance and where the next candidate would be.
   */
  margin(rescored: number, k: number): number {
    const out = this.memory.scratch(scratchHeadBytes);
    this.call((exports, handle) => exports.hnsw_margin(handle, rescored, k, out));
    return this.memory.f32[out >>> 2]!;
  }

  /** The best `k` of the first `rescored` candidates by exact distance. */
  results(rescored: number, k: number): Neighbors {
    const { memory } = this;
    const wanted = Math.min(k, rescored);
    const scratch = memory.scratch(scratchHeadBytes + 8 * wanted);
    const slots = scratch + scratchHeadBytes;
    const distances = slots + 4 * wanted;
    this.call((exports, handle) => exports.hnsw_results(handle, rescored, wanted, slots, distances, scratch));
    return {
      slots: memory.u32.slice(slots >>> 2, (slots >>> 2) + wanted),
      distances: memory.f32.slice(distances >>> 2, (distances >>> 2) + wanted),
    };
  }

  /** Exact distances between a query and rows that need not be of this index. */
  distances(query: Float32Array, rows: Float32Array): Float32Array {
    const { memory } = this;
    const count = this.#rowsIn(rows);
    const rowsOffset = scratchHeadBytes + align(query.byteLength);
    const scratch = memory.scratch(rowsOffset + rows.byteLength + 4 * count);
    const out = scratch + rowsOffset + rows.byteLength;
    memory.f32.set(query, (scratch + scratchHeadBytes) >>> 2);
    memory.f32.set(rows, (scratch + rowsOffset) >>> 2);
    this.call((exports, handle) =>
      exports.hnsw_distances(handle, scratch + scratchHeadBytes, scratch + rowsOffset, count, out),
    );
    return memory.f32.slice(out >>> 2, (out >>> 2) + count);
  }

  /** Frees everything. Idempotent; any other call after it throws. */
  close(): void {
    if (this.#state === "closed") return;
    const wasBroken = this.#state === "broken";
    this.#state = "closed";
    // What a broken index holds may be half-written: it is left behind rather than walked through.
    if (!wasBroken) this.memory.run(() => this.memory.exports.hnsw_close(this.#handle));
  }

  /** Runs one call of the ABI on this index; for this folder only. */
  call(run: (exports: WasmMemory["exports"], handle: number) => number): void {
    if (this.#state === "closed") throw new Failure("closed", "this vector index is closed");
    if (this.#state === "broken")
      throw new Failure("engine-trapped", "this vector index broke in an earlier call");
    try {
      this.memory.run(() => run(this.memory.exports, this.#handle));
    } catch (error) {
      if (error instanceof Failure && error.code === "engine-trapped") this.#state = "broken";
      throw error;
    }
  }

  #rowsIn(rows: Float32Array): number {
    const count = rows.length / this.parameters.dimension;
    if (!Number.isInteger(count))
      throw new RangeError(
        `${rows.length} numbers, expected a multiple of the dimension ${this.parameters.dimension}`,
      );
    return count;
  }

  #eachTransfer(
    rows: Float32Array,
    run: (exports: WasmMemory["exports"], handle: number, address: number, count: number) => number,
  ): void {
    const { memory } = this;
    const { dimension } = this.parameters;
    const total = this.#rowsIn(rows);
    const rowsAtOnce = Math.max(1, Math.floor(transferBytes / (4 * dimension)));
    for (let row = 0; row < total; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, total - row);
      const address = memory.scratch(scratchHeadBytes + 4 * dimension * count) + scratchHeadBytes;
      memory.f32.set(rows.subarray(row * dimension, (row + count) * dimension), address >>> 2);
      this.call((exports, handle) => run(exports, handle, address, count));
    }
  }
}

function align(bytes: number): number {
  return (bytes + 15) & ~15;
}
