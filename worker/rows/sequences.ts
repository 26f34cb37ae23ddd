// Insertion order in memory: which sequence has which slot, both ways. 20 bytes a record.
// Sequences only ever grow, so the arrays are sorted by themselves and lookups are binary searches.

import type { Bitset } from "../bitset.ts";

const NO_SLOT = 0xffffffff;
const NO_SEQUENCE = -1;

export class Sequences {
  /** Ascending; an entry stays when its record is deleted, with `NO_SLOT`, until half of them are such. */
  #sequences = new Float64Array(64);
  #slots = new Uint32Array(64);
  #length = 0;
  #removed = 0;
  #sequenceBySlot = new Float64Array(64).fill(NO_SEQUENCE);
  /** True while slots ascend with sequences: no embedding was ever updated. */
  #aligned = true;
  #lastSlot = -1;

  get count(): number {
    return this.#length - this.#removed;
  }

  get bytes(): number {
    return this.#sequences.byteLength + this.#slots.byteLength + this.#sequenceBySlot.byteLength;
  }

  /** @param sequence  higher than every one before */
  append(sequence: number, slot: number): void {
    if (this.#length === this.#sequences.length) this.#grow();
    if (slot < this.#lastSlot) this.#aligned = false;
    this.#lastSlot = slot;
    this.#sequences[this.#length] = sequence;
    this.#slots[this.#length++] = slot;
    this.#assign(slot, sequence);
  }

  /** Gives a record another slot. @returns the slot it had */
  move(sequence: number, slot: number): number {
    const ordinal = this.#mustFind(sequence);
    const previous = this.#slots[ordinal]!;
    this.#sequenceBySlot[previous] = NO_SEQUENCE;
    this.#slots[ordinal] = slot;
    this.#assign(slot, sequence);
    this.#aligned = false;
    return previous;
  }

  /** @returns the slot the record had */
  remove(sequence: number): number {
    const ordinal = this.#mustFind(sequence);
    const slot = this.#slots[ordinal]!;
    this.#slots[ordinal] = NO_SLOT;
    this.#sequenceBySlot[slot] = NO_SEQUENCE;
    this.#removed++;
    if (this.#removed > 1024 && this.#removed * 2 > this.#length) this.#compact();
    return slot;
  }

  /** Slots are given anew: the i-th of `kept`, which has those of all records, becomes slot i. */
  renumber(kept: Uint32Array): void {
    const sequenceBySlot = new Float64Array(Math.max(64, kept.length)).fill(NO_SEQUENCE);
    const slotAfter = new Uint32Array(this.#sequenceBySlot.length);
    for (let slot = 0; slot < kept.length; slot++) {
      sequenceBySlot[slot] = this.sequenceOf(kept[slot]!);
      slotAfter[kept[slot]!] = slot;
    }
    for (let ordinal = 0; ordinal < this.#length; ordinal++) {
      const slot = this.#slots[ordinal]!;
      if (slot !== NO_SLOT) this.#slots[ordinal] = slotAfter[slot]!;
    }
    this.#sequenceBySlot = sequenceBySlot;
  }

  /** The slot of a record, -1 where there is none. */
  slotOf(sequence: number): number {
    const ordinal = this.#find(sequence);
    return ordinal < 0 ? -1 : this.#slots[ordinal]!;
  }

  /** The sequence of the record whose vector is in `slot`, -1 where there is none. */
  sequenceOf(slot: number): number {
    return this.#sequenceBySlot[slot] ?? NO_SEQUENCE;
  }

  /**
   * Members of `slots` in insertion order, `limit` of them after `offset`.
   * Cost: up to one pass over the bitset or the records; a sort of the members where those are few.
   */
  inOrder(slots: Bitset, offset: number, limit: number): Uint32Array {
    const count = slots.count();
    const size = Math.max(0, Math.min(limit, count - offset));
    if (size === 0) return new Uint32Array(0);
    if (this.#aligned) return members(slots, count, offset + size).subarray(offset);
    if (count * 16 < this.#length) {
      const all = members(slots, count, count);
      all.sort((a, b) => this.#sequenceBySlot[a]! - this.#sequenceBySlot[b]!);
      return all.subarray(offset, offset + size);
    }
    const found = new Uint32Array(size);
    for (let ordinal = 0, seen = 0; seen < offset + size && ordinal < this.#length; ordinal++) {
      const slot = this.#slots[ordinal]!;
      if (slot === NO_SLOT || !slots.has(slot)) continue;
      if (seen >= offset) found[seen - offset] = slot;
      seen++;
    }
    return found;
  }

  #assign(slot: number, sequence: number): void {
    if (slot >= this.#sequenceBySlot.length) {
      const grown = new Float64Array(Math.max(slot + 1, this.#sequenceBySlot.length * 2));
      grown.set(this.#sequenceBySlot);
      grown.fill(NO_SEQUENCE, this.#sequenceBySlot.length);
      this.#sequenceBySlot = grown;
    }
    this.#sequenceBySlot[slot] = sequence;
  }

  /** The ordinal of a live sequence, or -1. */
  #find(sequence: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sequences[middle]! < sequence) low = middle + 1;
      else high = middle;
    }
    const found = low < this.#length && this.#sequences[low] === sequence && this.#slots[low] !== NO_SLOT;
    return found ? low : -1;
  }

  #mustFind(sequence: number): number {
    const ordinal = this.#find(sequence);
    if (ordinal < 0) throw new Error(`no record has sequence ${sequence}`);
    return ordinal;
  }

  #compact(): void {
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      if (this.#slots[i] === NO_SLOT) continue;
      this.#sequences[kept] = this.#sequences[i]!;
      this.#slots[kept++] = this.#slots[i]!;
    }
    this.#removed = 0;
    this.#length = kept;
  }

  #grow(): void {
    const sequences = new Float64Array(this.#length * 2);
    sequences.set(this.#sequences);
    this.#sequences = sequences;
    const slots = new Uint32Array(this.#length * 2);
    slots.set(this.#slots);
    this.#slots = slots;
  }
}

/** The first `size` members of a set that has `count`, ascending. */
function members(slots: Bitset, count: number, size: number): Uint32Array {
  const found = new Uint32Array(Math.min(size, count));
  let at = 0;
  for (let i = 0; at < found.length; i++) {
    let word = slots.words[i]!;
    while (word !== 0 && at < found.length) {
      const lowest = word & -word;
      found[at++] = (i << 5) + 31 - Math.clz32(lowest);
      word ^= lowest;
    }
  }
  return found;
}
