// Word vectors as they are stored: one signed byte a component, one scale for the whole table.
//
// A row already carries the word's weight and lacks the components that all words share, so that the
// vector of a sentence is the plain sum of its words' rows. Sums of integers are exact: every machine
// computes the same vector.
//
// | offset | bytes | what                                                            |
// |--------|-------|-----------------------------------------------------------------|
// | 0      | 4     | `CLWV`                                                          |
// | 4      | 4     | version of this layout, u32, little-endian as all numbers here  |
// | 8      | 4     | words                                                           |
// | 12     | 4     | dimension                                                       |
// | 16     | 4     | amplitude of a word outside the table, in steps of a component  |
// | 20     | 4     | bytes of the word list                                          |
// | 24     |       | the word list: UTF-8, one a line, sorted                        |
// | then   |       | words x dimension signed bytes, rows in the list's order        |

import { stemsOf } from "./words-of.ts";

const magic = 0x56574c43; // "CLWV" read as a little-endian number
const layoutVersion = 1;
const headerBytes = 24;

/** Where a run of FNV-1a starts, and its prime: a hash of a few letters that every machine agrees on. */
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

export class WordTable {
  /** Components of a vector. */
  readonly dimension: number;
  readonly #rowByWord: ReadonlyMap<string, number>;
  readonly #components: Int8Array;
  readonly #unknownAmplitude: number;

  /**
   * @param bytes  a whole table, not compressed; kept
   * @throws {TypeError}  `bytes` is not a table, or one of another layout
   */
  constructor(bytes: Uint8Array) {
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < headerBytes || header.getUint32(0, true) !== magic) {
      throw new TypeError(`${bytes.byteLength} bytes that are not a table of word vectors`);
    }
    const version = header.getUint32(4, true);
    if (version !== layoutVersion) {
      throw new TypeError(`word vectors in layout ${version}, expected ${layoutVersion}`);
    }
    const words = header.getUint32(8, true);
    this.dimension = header.getUint32(12, true);
    this.#unknownAmplitude = header.getUint32(16, true);
    const listBytes = header.getUint32(20, true);
    const bytesExpected = headerBytes + listBytes + words * this.dimension;
    if (bytes.byteLength !== bytesExpected) {
      throw new TypeError(`a table of ${bytes.byteLength} bytes, expected ${bytesExpected}`);
    }
    const list = new TextDecoder().decode(bytes.subarray(headerBytes, headerBytes + listBytes)).split("\n");
    this.#rowByWord = new Map(list.map((word, row) => [word, row]));
    this.#components = new Int8Array(
      bytes.buffer,
      bytes.byteOffset + headerBytes + listBytes,
      words * this.dimension,
    );
  }

  /** Adds the vector of `word` to `sum`, which has one integer for each component. */
  addTo(sum: Int32Array, word: string): void {
    const row = this.#rowOf(word);
    if (row === undefined) {
      this.#addUnknownTo(sum, word);
      return;
    }
    // Read once: the loop below runs for every word of every text.
    const components = this.#components;
    const { dimension } = this;
    const start = row * dimension;
    for (let i = 0; i < dimension; i++) sum[i]! += components[start + i]!;
  }

  #rowOf(word: string): number | undefined {
    const row = this.#rowByWord.get(word);
    if (row !== undefined) return row;
    for (const stem of stemsOf(word)) {
      const rowOfStem = this.#rowByWord.get(stem);
      if (rowOfStem !== undefined) return rowOfStem;
    }
    return undefined;
  }

  /** A word nobody described still equals itself: its letters choose a direction, at random but always the same. */
  #addUnknownTo(sum: Int32Array, word: string): void {
    let state = hashOf(word);
    const amplitude = this.#unknownAmplitude;
    for (let i = 0; i < this.dimension; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      sum[i]! += state & 1 ? amplitude : -amplitude;
    }
  }
}

/** FNV-1a over the UTF-16 units of `word`; never 0, where the generator that it seeds would stand still. */
function hashOf(word: string): number {
  let hash = fnvOffset;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), fnvPrime);
  return hash === 0 ? fnvOffset : hash;
}
