// Texts of many slots in one growing buffer, in the order they came. A text that is removed leaves its
// bytes behind until the buffer is made anew, so that searching stays one pass over plain bytes.

import { Bitset } from "../bitset.ts";
import type { TextFinder } from "./text-finder.ts";

const NO_SLOT = 0xffffffff;
const NO_TEXT = 0xffffffff;

export class TextBuffer {
  readonly #find: TextFinder;
  #texts: Uint8Array;
  /** Text i is bytes starts[i] to starts[i + 1] - 1. */
  #starts = new Uint32Array(65);
  #slots = new Uint32Array(64);
  #length = 0;
  /** Which text a slot has. */
  #numbers = new Uint32Array(64).fill(NO_TEXT);
  #count = 0;

  /** @param bytes  room for texts before the first growth */
  constructor(bytes: number, find: TextFinder) {
    this.#find = find;
    this.#texts = new Uint8Array(bytes);
  }

  /** Texts there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of texts, removed ones included. */
  get textBytes(): number {
    return this.#starts[this.#length]!;
  }

  get bytes(): number {
    const entries = this.#starts.byteLength + this.#slots.byteLength + this.#numbers.byteLength;
    return this.#texts.byteLength + entries;
  }

  /**
   * @param slot  has no text
   * @param text  copied
   */
  add(slot: number, text: Uint8Array): void {
    const start = this.#starts[this.#length]!;
    const end = start + text.length;
    if (end > this.#texts.length) {
      const grown = new Uint8Array(Math.max(end, Math.ceil(this.#texts.length * 1.5)));
      grown.set(this.#texts.subarray(0, start));
      this.#texts = grown;
    }
    if (this.#length === this.#slots.length) this.#growEntries();
    this.#texts.set(text, start);
    this.#assign(slot, this.#length);
    this.#count++;
    this.#starts[++this.#length] = end;
  }

  remove(slot: number): void {
    const number = this.#numberOf(slot);
    if (number === NO_TEXT) return;
    this.#slots[number] = NO_SLOT;
    this.#numbers[slot] = NO_TEXT;
    this.#count--;
  }

  move(from: number, to: number): void {
    const number = this.#numberOf(from);
    if (number === NO_TEXT) return;
    this.#numbers[from] = NO_TEXT;
    this.#assign(to, number);
  }

  /** Slots are given anew: the i-th of `kept` becomes slot i. */
  renumber(kept: Uint32Array): void {
    const numbers = new Uint32Array(Math.max(64, kept.length)).fill(NO_TEXT);
    for (let slot = 0; slot < kept.length; slot++) {
      const number = this.#numberOf(kept[slot]!);
      if (number === NO_TEXT) continue;
      numbers[slot] = number;
      this.#slots[number] = slot;
    }
    this.#numbers = numbers;
  }

  /** Slots whose text contains `needle`. */
  selectContaining(needle: Uint8Array): Bitset {
    const found = new Bitset();
    if (needle.length === 0) {
      this.#numbers.forEach((number, slot) => {
        if (number !== NO_TEXT) found.add(slot);
      });
      return found;
    }
    for (const number of this.#find(this.#texts, this.#starts, this.#length, needle)) {
      const slot = this.#slots[number]!;
      if (slot !== NO_SLOT) found.add(slot);
    }
    return found;
  }

  /** Slots of `within` whose text passes a test. */
  select(matches: (text: Uint8Array) => boolean, within: Bitset): Bitset {
    const found = new Bitset();
    within.forEach((slot) => {
      const number = this.#numberOf(slot);
      if (number === NO_TEXT) return;
      if (matches(this.#texts.subarray(this.#starts[number], this.#starts[number + 1]))) found.add(slot);
    });
    return found;
  }

  #numberOf(slot: number): number {
    return this.#numbers[slot] ?? NO_TEXT;
  }

  #assign(slot: number, number: number): void {
    if (slot >= this.#numbers.length) {
      const grown = new Uint32Array(Math.max(slot + 1, this.#numbers.length * 2)).fill(NO_TEXT);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[slot] = number;
    this.#slots[number] = slot;
  }

  #growEntries(): void {
    const slots = new Uint32Array(this.#length * 2);
    slots.set(this.#slots);
    this.#slots = slots;
    const starts = new Uint32Array(this.#length * 2 + 1);
    starts.set(this.#starts);
    this.#starts = starts;
  }
}
