// An index as bytes: written and read in pieces of at most 1 MiB, never as a second copy of the whole, so that
// both can pause between pieces. Everything is checksummed as it streams; damage is a typed error and the
// caller builds the graph anew.
//
// All numbers are little-endian u32.
//
// | what     | bytes                | content                                                             |
// | -------- | -------------------- | ------------------------------------------------------------------- |
// | fixed    | 100                  | see `headerWord` and `hnsw_state_t`                                 |
// | blocks   | 4 x tape blocks      | used bytes of each block of the graph's memory                      |
// | checksum | 4                    | of fixed and blocks, seed 0                                         |
// | part     | at most 1 MiB, then 4 | removed bits, magnitudes, codes, nodes; then the checksum, seed 1 + number |

import { Failure } from "../src/protocol/failure.ts";
import { type HnswIndex, type HnswModule, type Space, spaces } from "./hnsw.ts";
import { scratchHeadBytes, type WasmMemory } from "./memory.ts";
import { codeKinds, stateWords } from "./state.ts";

const magic = 0x774e4843; // "CHNw"
const formatVersion = 1;

/** Words of the fixed header. The state's own follow, then as many words as there are blocks. */
const headerWord = {
  magic: 0,
  version: 1,
  words: 2,
  dimension: 3,
  space: 4,
  maxNeighbors: 5,
  efConstruction: 6,
  state: 7,
} as const;
const fixedWords = headerWord.state + stateWords;
const blocksMax = 1 << 16;

/** Words of `hnsw_state_t` that say how long the sections are. */
const stateWord = { slots: 0, removedWords: 5, codeKind: 6, revision: 12, tapeBlocks: 17 } as const;

const section = { removed: 0, magnitudes: 1, codes: 2, nodes: 3 } as const;

/** What an image must have been made with to be of use. */
export interface ImageParameters {
  readonly dimension: number;
  readonly space: Space;
  readonly maxNeighbors: number;
  readonly efConstruction: number;
}

/**
 * The image of an index as it is when the first piece is asked for. Between pieces, slots may be appended
 * with `keepScale` and removed (the image is without them) and queries run; any other change ends it with an error.
 *
 * @throws {Error}  the index changed in a way that the image cannot leave out
 */
export function* encodeImage(index: HnswIndex): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const header = encodeHeader(index);
  const revision = header[headerWord.state + stateWord.revision];
  const parts = partsOf(index, header);

  // Removed bits go on changing, and codes may move: what is known before the first pause is copied before it.
  const pieces = [bytesOf(header)];
  let part = parts.next();
  for (; !part.done; part = parts.next()) {
    pieces.push(encodePart(index.memory, part.value));
    if (part.value.section !== section.removed) break;
  }
  yield* pieces;
  for (part = parts.next(); !part.done; part = parts.next()) {
    if (index.state().revision !== revision) throw new Error("the index changed while its image was written");
    yield encodePart(index.memory, part.value);
  }
}

/**
 * Opens an index from its image.
 *
 * @param chunks  the image's bytes, cut anywhere
 * @throws {Failure}  "corrupt": damaged, cut short, or made with other parameters; "format-newer"
 * @throws {Failure}  "out-of-memory"
 */
export function decodeImage(
  module: HnswModule,
  expected: ImageParameters,
  chunks: Iterable<Uint8Array>,
): HnswIndex {
  const input = new ChunkReader(chunks);
  const header = decodeHeader(module, expected, input);
  const codeKind = codeKinds[header[headerWord.state + stateWord.codeKind]!];
  if (codeKind === undefined) throw corrupt("its kind of codes");
  const index = module.open({ ...expected, codeKind });
  try {
    fillIndex(index, header, input);
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}

function encodeHeader(index: HnswIndex): Uint32Array<ArrayBuffer> {
  const { memory, parameters } = index;
  const out = memory.scratch(scratchHeadBytes);
  index.call((exports, handle) => exports.hnsw_state(handle, out));
  const state = memory.u32.slice(out >>> 2, (out >>> 2) + stateWords);
  const tapeBlocks = state[stateWord.tapeBlocks]!;

  const header = new Uint32Array(fixedWords + tapeBlocks + 1);
  header[headerWord.magic] = magic;
  header[headerWord.version] = formatVersion;
  header[headerWord.words] = header.length;
  header[headerWord.dimension] = parameters.dimension;
  header[headerWord.space] = spaces.indexOf(parameters.space);
  header[headerWord.maxNeighbors] = parameters.maxNeighbors;
  header[headerWord.efConstruction] = parameters.efConstruction;
  header.set(state, headerWord.state);
  const blocks = memory.scratch(scratchHeadBytes + 4 * tapeBlocks) + scratchHeadBytes;
  index.call((exports, handle) => exports.hnsw_image_tape(handle, blocks));
  header.set(memory.u32.subarray(blocks >>> 2, (blocks >>> 2) + tapeBlocks), fixedWords);
  header[header.length - 1] = checksumOf(memory, bytesOf(header.subarray(0, -1)));
  return header;
}

function decodeHeader(
  module: HnswModule,
  expected: ImageParameters,
  input: ChunkReader,
): Uint32Array<ArrayBuffer> {
  const fixed = new Uint32Array(fixedWords);
  input.takeWords(fixed);
  if (fixed[headerWord.magic] !== magic) throw corrupt("it does not begin as one");
  if (fixed[headerWord.version]! > formatVersion)
    throw new Failure(
      "format-newer",
      `image format ${fixed[headerWord.version]}, expected at most ${formatVersion}`,
    );
  const words = fixed[headerWord.words]!;
  if (words <= fixedWords || words > fixedWords + blocksMax)
    throw corrupt("its header has an impossible length");
  const header = new Uint32Array(words);
  header.set(fixed);
  input.takeWords(header.subarray(fixedWords));
  if (header[words - 1] !== checksumOf(module.memory, bytesOf(header.subarray(0, -1))))
    throw corrupt("its header");
  const found = {
    dimension: header[headerWord.dimension],
    space: spaces[header[headerWord.space]!],
    maxNeighbors: header[headerWord.maxNeighbors],
    efConstruction: header[headerWord.efConstruction],
  };
  for (const name of Object.keys(found) as (keyof typeof found)[])
    if (found[name] !== expected[name]) throw corrupt(`${name} ${found[name]}, expected ${expected[name]}`);
  return header;
}

function fillIndex(index: HnswIndex, header: Uint32Array<ArrayBuffer>, input: ChunkReader): void {
  const { memory } = index;
  const blocks = header.subarray(fixedWords, -1);
  const state = header.subarray(headerWord.state, headerWord.state + stateWords);
  if (state[stateWord.tapeBlocks] !== blocks.length)
    throw corrupt("its header names another number of blocks");
  const address = memory.scratch(4 * (stateWords + blocks.length));
  memory.u32.set(state, address >>> 2);
  memory.u32.set(blocks, (address >>> 2) + stateWords);
  index.call((exports, handle) => exports.hnsw_image_begin(handle, address, address + 4 * stateWords));

  const stored = new Uint32Array(1);
  for (const part of partsOf(index, header)) {
    input.take(part.bytes, (piece, offset) => memory.u8.set(piece, part.address + offset));
    input.takeWords(stored);
    if (checksumAt(memory, part.address, part.bytes, 1 + part.number) !== stored[0])
      throw corrupt(`part ${part.number}`);
  }
  const again = memory.scratch(4 * stateWords);
  memory.u32.set(state, again >>> 2);
  index.call((exports, handle) => exports.hnsw_image_end(handle, again));
}

interface Part {
  readonly section: number;
  readonly number: number;
  readonly address: number;
  readonly bytes: number;
}

/** The parts of the image that `header` begins, in order; addresses are good until the index changes. */
function* partsOf(index: HnswIndex, header: Uint32Array): Generator<Part, void, undefined> {
  const { memory } = index;
  const counts = {
    [section.removed]: header[headerWord.state + stateWord.removedWords]!,
    [section.magnitudes]: 0,
    [section.codes]: header[headerWord.state + stateWord.slots]!,
    [section.nodes]: 0,
  };
  let number = 0;
  for (const section_ of [section.removed, section.magnitudes, section.codes, section.nodes])
    for (let part = 0; ; part++) {
      const out = memory.scratch(scratchHeadBytes);
      index.call((exports, handle) =>
        exports.hnsw_image_part(handle, section_, counts[section_], part, out, out + 4),
      );
      const address = memory.u32[out >>> 2]!;
      const bytes = memory.u32[(out >>> 2) + 1]!;
      if (bytes === 0) break;
      yield { section: section_, number: number++, address, bytes };
    }
}

/** A part and its checksum, copied out. */
function encodePart(memory: WasmMemory, { number, address, bytes }: Part): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(bytes + 4);
  piece.set(memory.u8.subarray(address, address + bytes));
  new DataView(piece.buffer).setUint32(bytes, checksumAt(memory, address, bytes, 1 + number), true);
  return piece;
}

function checksumAt(memory: WasmMemory, address: number, bytes: number, seed: number): number {
  const out = memory.scratch(scratchHeadBytes);
  memory.run(() => memory.exports.hnsw_checksum(address, bytes, seed, out));
  return memory.u32[out >>> 2]!;
}

function checksumOf(memory: WasmMemory, bytes: Uint8Array): number {
  const address = memory.scratch(scratchHeadBytes + bytes.length) + scratchHeadBytes;
  memory.u8.set(bytes, address);
  return checksumAt(memory, address, bytes.length, 0);
}

function bytesOf(words: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function corrupt(what: string): Failure {
  return new Failure("corrupt", `the image of a vector index is damaged: ${what}`);
}

/** Bytes from chunks of any size. */
class ChunkReader {
  readonly #chunks: Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** Fills all words of `target`. @throws {Failure} "corrupt" when the chunks end before */
  takeWords(target: Uint32Array<ArrayBuffer>): void {
    this.take(target.byteLength, (piece, offset) => bytesOf(target).set(piece, offset));
  }

  /** Hands over the next `bytes` in the pieces they come in. @throws {Failure} as `takeWords` */
  take(bytes: number, use: (piece: Uint8Array, offset: number) => void): void {
    for (let taken = 0; taken < bytes;) {
      if (this.#at === this.#chunk.length) {
        const next = this.#chunks.next();
        if (next.done) throw corrupt("it ends early");
        this.#chunk = next.value;
        this.#at = 0;
        continue;
      }
      const count = Math.min(bytes - taken, this.#chunk.length - this.#at);
      use(this.#chunk.subarray(this.#at, this.#at + count), taken);
      this.#at += count;
      taken += count;
    }
  }
}
