// Arrays by slot, and the slots of those that have an element. Each array has a number of its own, which elements
// lead to: another slot for it is one entry in a list, however many elements it has.

import { Bitset } from "../bitset.ts";
import type { FilterScalar } from "./filter-scalar.ts";

/** Number of a slot that has no array. */
const NONE = 0;

export class ArrayColumn {
  /** By number; numbers count from 1. Undefined where it was cleared, which is used again first. */
  readonly #arrays: (FilterScalar[] | undefined)[] = [undefined];
  readonly #slots: number[] = [0];
  readonly #free: number[] = [];
  #numbers = new Uint32Array(64);
  readonly #numbersByElement = new Map<FilterScalar, Set<number>>();
  #elements = 0;

  get bytes(): number {
    // A Map entry and a Set entry are about 40 bytes each.
    return this.#numbers.byteLength + (this.#arrays.length + this.#elements) * 40;
  }

  /** Adds an element to the array of a slot, which it makes when there is none. */
  push(slot: number, value: FilterScalar): void {
    const number = this.#numberOf(slot);
    this.#arrays[number]!.push(value);
    this.#elements++;
    const numbers = this.#numbersByElement.get(value);
    if (numbers === undefined) this.#numbersByElement.set(value, new Set([number]));
    else numbers.add(number);
  }

  clear(slot: number): void {
    const number = this.#numbers[slot] ?? NONE;
    const array = this.#arrays[number];
    if (array === undefined) return;
    for (const value of array) {
      const numbers = this.#numbersByElement.get(value);
      numbers?.delete(number);
      if (numbers?.size === 0) this.#numbersByElement.delete(value);
    }
    this.#elements -= array.length;
    this.#arrays[number] = undefined;
    this.#free.push(number);
    this.#numbers[slot] = NONE;
  }

  /** The array of one slot is that of another from now on, which has none. */
  move(from: number, to: number): void {
    const number = this.#numbers[from] ?? NONE;
    if (number === NONE) return;
    this.#numbers[from] = NONE;
    this.#assign(to, number);
  }

  /** Slots are given anew: the i-th of `kept` becomes slot i. */
  renumber(kept: Uint32Array): void {
    const numbers = new Uint32Array(Math.max(64, kept.length));
    for (let slot = 0; slot < kept.length; slot++) {
      const number = this.#numbers[kept[slot]!] ?? NONE;
      numbers[slot] = number;
      this.#slots[number] = slot;
    }
    this.#numbers = numbers;
  }

  /** Slots whose array has `value`. */
  selectContains(value: FilterScalar): Bitset {
    const found = new Bitset(this.#numbers.length);
    for (const number of this.#numbersByElement.get(value) ?? []) found.add(this.#slots[number]!);
    return found;
  }

  #numberOf(slot: number): number {
    const known = this.#numbers[slot] ?? NONE;
    if (known !== NONE) return known;
    const number = this.#free.pop() ?? this.#arrays.length;
    this.#arrays[number] = [];
    this.#assign(slot, number);
    return number;
  }

  #assign(slot: number, number: number): void {
    if (slot >= this.#numbers.length) {
      const grown = new Uint32Array(Math.max(slot + 1, this.#numbers.length * 2));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[slot] = number;
    this.#slots[number] = slot;
  }
}
