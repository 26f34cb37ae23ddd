// Numbers by slot, ints and floats alike, compared as numbers: exact also past 2^53, where ints that no
// double equals are kept apart.

import { Bitset } from "../bitset.ts";
import type { RangeOperator } from "./filter.ts";

export class NumberColumn {
  /** NaN where the slot has no number; every comparison with it is false. */
  #values = new Float64Array(64).fill(Number.NaN);
  #end = 0;
  readonly #wide = new Map<number, bigint>();

  get bytes(): number {
    return this.#values.byteLength + this.#wide.size * 64;
  }

  at(slot: number): number | bigint | undefined {
    const value = this.#values[slot];
    return value === undefined || Number.isNaN(value) ? this.#wide.get(slot) : value;
  }

  /** @param value  a bigint only where no number equals it */
  set(slot: number, value: number | bigint): void {
    if (typeof value === "bigint") {
      this.#wide.set(slot, value);
      return;
    }
    if (slot >= this.#values.length) this.#grow(slot + 1);
    this.#values[slot] = value;
    if (slot >= this.#end) this.#end = slot + 1;
  }

  clear(slot: number): void {
    if (slot < this.#values.length) this.#values[slot] = Number.NaN;
    this.#wide.delete(slot);
  }

  selectIn(values: readonly (number | bigint)[]): Bitset {
    const wanted = new Set(values);
    const only = values[0]!;
    const found =
      wanted.size === 1 && typeof only === "number"
        ? this.#scan((value) => value === only)
        : this.#scan((value) => wanted.has(value));
    for (const [slot, value] of this.#wide) if (wanted.has(value)) found.add(slot);
    return found;
  }

  selectRange(operator: RangeOperator, bound: number | bigint): Bitset {
    const found =
      typeof bound === "number" ? this.#scanRange(operator, bound) : this.#scanWide(operator, bound);
    for (const [slot, value] of this.#wide) if (compare(operator, value, bound)) found.add(slot);
    return found;
  }

  #scanRange(operator: RangeOperator, bound: number): Bitset {
    switch (operator) {
      case "$gt":
        return this.#scan((value) => value > bound);
      case "$gte":
        return this.#scan((value) => value >= bound);
      case "$lt":
        return this.#scan((value) => value < bound);
      case "$lte":
        return this.#scan((value) => value <= bound);
    }
  }

  #scanWide(operator: RangeOperator, bound: bigint): Bitset {
    return this.#scan((value) => compare(operator, value, bound));
  }

  #scan(matches: (value: number) => boolean): Bitset {
    const found = new Bitset(this.#end);
    const { words } = found;
    const values = this.#values;
    for (let slot = 0; slot < this.#end; slot++) {
      if (matches(values[slot]!)) words[slot >>> 5]! |= 1 << (slot & 31);
    }
    return found;
  }

  #grow(length: number): void {
    const grown = new Float64Array(Math.max(length, this.#values.length * 2));
    grown.set(this.#values);
    grown.fill(Number.NaN, this.#values.length);
    this.#values = grown;
  }
}

/** JavaScript compares bigints with numbers by their mathematical values. */
function compare(operator: RangeOperator, value: number | bigint, bound: number | bigint): boolean {
  switch (operator) {
    case "$gt":
      return value > bound;
    case "$gte":
      return value >= bound;
    case "$lt":
      return value < bound;
    case "$lte":
      return value <= bound;
  }
}
