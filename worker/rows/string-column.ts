// Strings by slot as codes of a dictionary: each distinct string is held once, a scan compares integers.

import { Bitset } from "../bitset.ts";

/** Code of a slot that has no string. */
const NONE = 0;

export class StringColumn {
  /** The length is a multiple of 32: scans make whole words. */
  #codes = new Uint32Array(64);
  #end = 0;
  readonly #codeByString = new Map<string, number>();
  readonly #strings: string[] = [""];
  #characters = 0;

  get bytes(): number {
    // One entry of a Map, one of an array, the string's header; characters as two bytes at worst.
    return this.#codes.byteLength + this.#strings.length * 64 + this.#characters * 2;
  }

  at(slot: number): string | undefined {
    const code = this.#codes[slot] ?? NONE;
    return code === NONE ? undefined : this.#strings[code];
  }

  set(slot: number, value: string): void {
    let code = this.#codeByString.get(value);
    if (code === undefined) {
      code = this.#strings.length;
      this.#codeByString.set(value, code);
      this.#strings.push(value);
      this.#characters += value.length;
    }
    if (slot >= this.#codes.length) {
      const grown = new Uint32Array(Math.max((slot + 32) & ~31, this.#codes.length * 2));
      grown.set(this.#codes);
      this.#codes = grown;
    }
    this.#codes[slot] = code;
    if (slot >= this.#end) this.#end = slot + 1;
  }

  clear(slot: number): void {
    if (slot < this.#codes.length) this.#codes[slot] = NONE;
  }

  selectIn(values: readonly string[]): Bitset {
    const wanted: number[] = [];
    for (const value of values) {
      const code = this.#codeByString.get(value);
      if (code !== undefined) wanted.push(code);
    }
    if (wanted.length === 0) return new Bitset();
    const isWanted = new Uint8Array(this.#strings.length);
    for (const code of wanted) isWanted[code] = 1;
    const found = new Bitset(this.#codes.length);
    const used = (this.#end + 31) >>> 5;
    for (let i = 0; i < used; i++) {
      let word = 0;
      for (let bit = 0, slot = i << 5; bit < 32; bit++, slot++) word |= isWanted[this.#codes[slot]!]! << bit;
      found.words[i] = word;
    }
    return found;
  }
}
