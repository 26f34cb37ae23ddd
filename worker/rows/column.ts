// The values of one metadata key by slot, in typed arrays: a leaf of a filter becomes a set of slots in
// one pass over them. A key may hold strings in one record and numbers in the next: each type has a part
// of its own, made when first needed.

import type { MetadataValue } from "../../src/protocol/metadata.ts";
import { Bitset } from "../bitset.ts";
import { ArrayColumn } from "./array-column.ts";
import { type FilterScalar, valueToFilter } from "./filter-scalar.ts";
import type { RangeOperator } from "./filter.ts";
import { NumberColumn } from "./number-column.ts";
import { StringColumn } from "./string-column.ts";

export class Column {
  #numbers: NumberColumn | undefined;
  #strings: StringColumn | undefined;
  readonly #booleans = new Map<boolean, Bitset>();
  #arrays: ArrayColumn | undefined;

  get bytes(): number {
    return (this.#numbers?.bytes ?? 0) + (this.#strings?.bytes ?? 0) + (this.#arrays?.bytes ?? 0);
  }

  set(slot: number, value: MetadataValue): void {
    const stored = valueToFilter(value);
    if (!Array.isArray(stored)) this.setScalar(slot, stored);
    else for (const element of stored) this.push(slot, element);
  }

  setScalar(slot: number, value: FilterScalar): void {
    if (typeof value === "string") {
      (this.#strings ??= new StringColumn()).set(slot, value);
    } else if (typeof value === "boolean") {
      let slots = this.#booleans.get(value);
      if (slots === undefined) this.#booleans.set(value, (slots = new Bitset()));
      slots.add(slot);
    } else {
      (this.#numbers ??= new NumberColumn()).set(slot, value);
    }
  }

  /** Adds an element to the array of a slot. */
  push(slot: number, value: FilterScalar): void {
    (this.#arrays ??= new ArrayColumn()).push(slot, value);
  }

  clear(slot: number): void {
    this.#numbers?.clear(slot);
    this.#strings?.clear(slot);
    for (const slots of this.#booleans.values()) slots.remove(slot);
    this.#arrays?.clear(slot);
  }

  /** The value moves with its record; the old slot has none afterwards. */
  move(from: number, to: number): void {
    const scalar = this.#scalarAt(from);
    this.#arrays?.move(from, to);
    this.clear(from);
    if (scalar !== undefined) this.setScalar(to, scalar);
  }

  /** Slots are given anew: the i-th of `kept` becomes slot i. */
  renumber(kept: Uint32Array): void {
    this.#numbers?.renumber(kept);
    this.#strings?.renumber(kept);
    for (const [boolean, slots] of this.#booleans) this.#booleans.set(boolean, slots.gather(kept));
    this.#arrays?.renumber(kept);
  }

  /** Slots whose value is one of `values`, which are of one type. */
  selectIn(values: readonly FilterScalar[]): Bitset {
    switch (typeof values[0]) {
      case "string":
        return this.#strings?.selectIn(values as readonly string[]) ?? new Bitset();
      case "boolean": {
        const found = new Bitset();
        for (const value of new Set(values)) found.or(this.#booleans.get(value as boolean) ?? new Bitset());
        return found;
      }
      default:
        return this.#numbers?.selectIn(values as readonly (number | bigint)[]) ?? new Bitset();
    }
  }

  selectRange(operator: RangeOperator, bound: number | bigint): Bitset {
    return this.#numbers?.selectRange(operator, bound) ?? new Bitset();
  }

  /** Slots whose value is an array that has `value`. */
  selectContains(value: FilterScalar): Bitset {
    return this.#arrays?.selectContains(value) ?? new Bitset();
  }

  #scalarAt(slot: number): FilterScalar | undefined {
    const value = this.#numbers?.at(slot) ?? this.#strings?.at(slot);
    if (value !== undefined) return value;
    for (const [boolean, slots] of this.#booleans) if (slots.has(slot)) return boolean;
    return undefined;
  }
}
