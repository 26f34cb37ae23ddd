// Which vector is in each slot. A serial names a vector for ever: it is the number of vectors that were written to the
// collection before it, and so of the rows before its own in the vectors stream. A slot names it in memory, where
// everything is indexed by slot: slots are given anew at each loading and renewal, so that vectors which no record has
// any more take no room there. Serials ascend with slots.

export class Serials {
  #serials: Float64Array<ArrayBuffer>;
  #length: number;

  /** @param serials  of the first slots, ascending; not copied */
  constructor(serials: Float64Array<ArrayBuffer> = new Float64Array()) {
    this.#serials = serials;
    this.#length = serials.length;
  }

  /** Slots given so far. */
  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#serials.byteLength;
  }

  serialOf(slot: number): number {
    return this.#serials[slot]!;
  }

  /** Gives the next slot to a vector that was written after all before it. @returns the slot */
  append(serial: number): number {
    if (this.#length > 0 && serial <= this.#serials[this.#length - 1]!)
      throw new Error(`serial ${serial} comes after ${this.#serials[this.#length - 1]}`);
    if (this.#length === this.#serials.length) {
      const grown = new Float64Array(Math.max(64, this.#length * 2));
      grown.set(this.#serials);
      this.#serials = grown;
    }
    this.#serials[this.#length] = serial;
    return this.#length++;
  }

  /**
   * The slots of vectors, parallel; those that have none get the next ones, in the order of their serials.
   * @param serials  each once; those without a slot are higher than all with one
   */
  slotsOf(serials: Float64Array): Uint32Array {
    const known = this.#length;
    const ascending = isAscending(serials) ? serials : serials.slice().sort();
    let slot = 0;
    for (const serial of ascending) {
      while (slot < known && this.#serials[slot]! < serial) slot++;
      if (slot === known || this.#serials[slot] !== serial) this.append(serial);
    }
    const slots = new Uint32Array(serials.length);
    for (let i = 0; i < serials.length; i++) {
      const next = i === 0 ? 0 : slots[i - 1]! + 1;
      slots[i] = this.#serials[next] === serials[i] ? next : this.#find(serials[i]!);
    }
    return slots;
  }

  #find(serial: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#serials[middle]! < serial) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isAscending(numbers: Float64Array): boolean {
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! < numbers[i - 1]!) return false;
  return true;
}
