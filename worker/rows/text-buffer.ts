// Texts of many slots in one growing buffer, in the order they came. A text that is removed leaves its
// bytes behind until the buffer is made anew, so that searching stays one pass over plain bytes.

import { Bitset } from "../bitset.ts";
import type { TextFinder } from "./text-finder.ts";

const NO_SLOT = 0xffffffff;

export class TextBuffer {
  readonly #find: TextFinder;
  #texts: Uint8Array;
  /** Text i is bytes starts[i] to starts[i + 1] - 1. */
  #starts = new Uint32Array(65);
  #slots = new Uint32Array(64);
  #length = 0;
  readonly #numberBySlot = new Map<number, number>();

  /** @param bytes  room for texts before the first growth */
  constructor(bytes: number, find: TextFinder) {
    this.#find = find;
    this.#texts = new Uint8Array(bytes);
  }

  /** Texts there are. */
  get count(): number {
    return this.#numberBySlot.size;
  }

  /** Bytes of texts, removed ones included. */
  get textBytes(): number {
    return this.#starts[this.#length]!;
  }

  get bytes(): number {
    // An entry of a Map is about 32 bytes.
    return this.#texts.byteLength + this.#starts.byteLength + this.#slots.byteLength + this.count * 32;
  }

  /** @param text  copied */
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
    this.#slots[this.#length] = slot;
    this.#numberBySlot.set(slot, this.#length);
    this.#starts[++this.#length] = end;
  }

  remove(slot: number): void {
    const number = this.#numberBySlot.get(slot);
    if (number === undefined) return;
    this.#slots[number] = NO_SLOT;
    this.#numberBySlot.delete(slot);
  }

  move(from: number, to: number): void {
    const number = this.#numberBySlot.get(from);
    if (number === undefined) return;
    this.#slots[number] = to;
    this.#numberBySlot.delete(from);
    this.#numberBySlot.set(to, number);
  }

  /** Slots whose text contains `needle`. */
  selectContaining(needle: Uint8Array): Bitset {
    const found = new Bitset();
    if (needle.length === 0) {
      for (const slot of this.#numberBySlot.keys()) found.add(slot);
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
      const number = this.#numberBySlot.get(slot);
      if (number === undefined) return;
      if (matches(this.#texts.subarray(this.#starts[number], this.#starts[number + 1]))) found.add(slot);
    });
    return found;
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
