// The wasm memory as the bindings see it: views that survive its growth, one scratch area through which
// everything passes, and calls that turn status codes and traps into errors. Views never leave `wasm/`.

import { Failure } from "../src/protocol/failure.ts";

type Call = (...parameters: number[]) => number;

/** The functions of hnsw.h and text-scan.h, each returning a status unless its comment says otherwise. */
export interface WasmExports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
  readonly _initialize: () => void;
  readonly hnsw_scratch: (bytes: number) => number;
  readonly hnsw_open: Call;
  readonly hnsw_close: Call;
  readonly hnsw_state: Call;
  readonly hnsw_cache_limit: Call;
  readonly hnsw_append: Call;
  readonly hnsw_encode: Call;
  readonly hnsw_recode: Call;
  readonly hnsw_remove: Call;
  readonly hnsw_reserve: Call;
  readonly hnsw_add: Call;
  readonly hnsw_query: Call;
  readonly hnsw_search: Call;
  readonly hnsw_scan: Call;
  readonly hnsw_candidates: Call;
  readonly hnsw_rescore: Call;
  readonly hnsw_supply: Call;
  readonly hnsw_margin: Call;
  readonly hnsw_results: Call;
  readonly hnsw_distances: Call;
  readonly hnsw_image_part: Call;
  readonly hnsw_image_tape: Call;
  readonly hnsw_image_begin: Call;
  readonly hnsw_image_end: Call;
  readonly hnsw_checksum: Call;
  readonly text_scan: Call;
}

const statusOutOfMemory = -1;
const statusCorrupt = -4;

/** Bytes at the start of the scratch area that hold out-parameters; what is passed in begins behind them. */
export const scratchHeadBytes = 256;

const scratchBytesMin = 64 * 1024;

export class WasmMemory {
  readonly exports: WasmExports;
  readonly #stackTop: number;
  #scratch = 0;
  #scratchBytes = 0;
  #u8 = new Uint8Array();
  #u32 = new Uint32Array();
  #f32 = new Float32Array();

  constructor(exports: WasmExports) {
    this.exports = exports;
    this.#stackTop = exports.__stack_pointer.value as number;
  }

  get u8(): Uint8Array {
    if (this.#u8.buffer !== this.exports.memory.buffer) this.#renewViews();
    return this.#u8;
  }
  get u32(): Uint32Array {
    if (this.#u32.buffer !== this.exports.memory.buffer) this.#renewViews();
    return this.#u32;
  }
  get f32(): Float32Array {
    if (this.#f32.buffer !== this.exports.memory.buffer) this.#renewViews();
    return this.#f32;
  }

  /** All bytes that wasm has taken from the system; they never go back, but freed ones are used again. */
  get bytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /**
   * The address of at least `bytes` bytes, aligned to 16. A larger request than before may move it (its content
   * moves along).
   * @throws {Failure}  "out-of-memory"
   */
  scratch(bytes: number): number {
    if (bytes > this.#scratchBytes) {
      const wanted = Math.max(bytes, scratchBytesMin);
      const address = this.exports.hnsw_scratch(wanted) >>> 0;
      if (address === 0) throw outOfMemory();
      this.#scratch = address;
      this.#scratchBytes = wanted;
    }
    return this.#scratch;
  }

  /** Runs one call of the ABI. @throws {Failure} "out-of-memory", "engine-trapped", "corrupt" */
  run(call: () => number): void {
    let status: number;
    try {
      status = call();
    } catch (cause) {
      // A trap leaves the stack where it happened; the other indexes need all of it.
      this.exports.__stack_pointer.value = this.#stackTop;
      throw new Failure(
        "engine-trapped",
        "the vector engine trapped; this index has to be built anew",
        {},
        { cause },
      );
    }
    if (status !== 0) this.#fail(status);
  }

  #fail(status: number): never {
    if (status === statusOutOfMemory) throw outOfMemory();
    if (status === statusCorrupt) throw new Failure("corrupt", "the image of a vector index is damaged");
    throw new RangeError(`the vector engine refused a call with status ${status}`);
  }

  #renewViews(): void {
    const { buffer } = this.exports.memory;
    this.#u8 = new Uint8Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#f32 = new Float32Array(buffer);
  }
}

function outOfMemory(): Failure {
  return new Failure(
    "out-of-memory",
    "the vector engine has no memory left, of 4 GiB or what the system grants",
  );
}
