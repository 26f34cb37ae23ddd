// Strings by slot as codes of a dictionary: each distinct string is held once, a scan compares integers.

import { Bitset } from "../bitset.ts";

/** Code of a slot that has no string. */
const NONE = 0;
/** The dictionary is made anew when it has this many strings more than twice the slots. */
const UNUSED_STRINGS = 1024;

export class StringColumn {
  /** The length is a multiple of 32: scans make whole words. */
  #codes = new Uint32Array(64);
  #end = 0;
  readonly #codeByString = new Map<string, number>();
  #strings: string[] = [""];
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
    if (slot >= this.#codes.length) {
      const grown = new Uint32Array(Math.max((slot + 32) & ~31, this.#codes.length * 2));
      grown.set(this.#codes);
      this.#codes = grown;
    }
    if (slot >= this.#end) this.#end = slot + 1;
    this.#codes[slot] = this.#codeOf(value);
    this.#forgetUnused();
  }

  clear(slot: number): void {
    if (slot < this.#codes.length) this.#codes[slot] = NONE;
  }

  /** Slots are given anew: the i-th of `kept` becomes slot i. */
  renumber(kept: Uint32Array): void {
    const codes = new Uint32Array(Math.max(64, (kept.length + 31) & ~31));
    for (let slot = 0; slot < kept.length; slot++) codes[slot] = this.#codes[kept[slot]!] ?? NONE;
    this.#codes = codes;
    this.#end = kept.length;
    this.#forgetUnused();
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

  #codeOf(value: string): number {
    const known = this.#codeByString.get(value);
    if (known !== undefined) return known;
    const code = this.#strings.length;
    this.#codeByString.set(value, code);
    this.#strings.push(value);
    this.#characters += value.length;
    return code;
  }

  /** Makes the dictionary anew once it is worth it: values that records had before their updates are in it too. */
  #forgetUnused(): void {
    if (this.#strings.length <= this.#end * 2 + UNUSED_STRINGS) return;
    const strings = this.#strings;
    this.#strings = [""];
    this.#characters = 0;
    this.#codeByString.clear();
    for (let slot = 0; slot < this.#end; slot++) {
      const code = this.#codes[slot]!;
      if (code !== NONE) this.#codes[slot] = this.#codeOf(strings[code]!);
    }
  }
}
