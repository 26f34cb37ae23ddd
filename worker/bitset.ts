// A set of small integers, one bit each, in 32-bit words: slots that are allowed, live or dead.
// It grows on `add`; reading past its end answers false. It knows nothing of slots or records.

/** A growable set of integers from 0 up. `words` may be longer than needed; bits past the end are 0. */
export class Bitset {
  words: Uint32Array;

  /** @param capacity  integers 0 to capacity - 1 fit without growing */
  constructor(capacity = 0) {
    this.words = new Uint32Array((capacity + 31) >>> 5);
  }

  /** All integers from 0 to length - 1. */
  static full(length: number): Bitset {
    const set = new Bitset(length);
    set.words.fill(0xffffffff, 0, length >>> 5);
    if ((length & 31) !== 0) set.words[length >>> 5] = (1 << (length & 31)) - 1;
    return set;
  }

  has(value: number): boolean {
    const word = this.words[value >>> 5];
    return word !== undefined && (word & (1 << (value & 31))) !== 0;
  }

  add(value: number): void {
    const index = value >>> 5;
    if (index >= this.words.length) this.#grow(index + 1);
    this.words[index]! |= 1 << (value & 31);
  }

  remove(value: number): void {
    const index = value >>> 5;
    if (index < this.words.length) this.words[index]! &= ~(1 << (value & 31));
  }

  /** The set of all i whose `members[i]` is in this one. */
  gather(members: Uint32Array): Bitset {
    const found = new Bitset(members.length);
    for (let i = 0; i < members.length; i++)
      if (this.has(members[i]!)) found.words[i >>> 5]! |= 1 << (i & 31);
    return found;
  }

  clone(): Bitset {
    const copy = new Bitset();
    copy.words = this.words.slice();
    return copy;
  }

  /** Keeps what `other` has too. */
  and(other: Bitset): this {
    const shared = Math.min(this.words.length, other.words.length);
    for (let i = 0; i < shared; i++) this.words[i]! &= other.words[i]!;
    this.words.fill(0, shared);
    return this;
  }

  /** Adds what `other` has. */
  or(other: Bitset): this {
    if (other.words.length > this.words.length) this.#grow(other.words.length);
    for (let i = 0; i < other.words.length; i++) this.words[i]! |= other.words[i]!;
    return this;
  }

  /** Takes away what `other` has. */
  andNot(other: Bitset): this {
    const shared = Math.min(this.words.length, other.words.length);
    for (let i = 0; i < shared; i++) this.words[i]! &= ~other.words[i]!;
    return this;
  }

  /** How many integers it holds; one pass over the words. */
  count(): number {
    let total = 0;
    for (let word of this.words) {
      word -= (word >>> 1) & 0x55555555;
      word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
      total += (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
    }
    return total;
  }

  /** Calls back with each integer, ascending. */
  forEach(visit: (value: number) => void): void {
    for (let i = 0; i < this.words.length; i++) {
      let word = this.words[i]!;
      while (word !== 0) {
        const lowest = word & -word;
        visit((i << 5) + 31 - Math.clz32(lowest));
        word ^= lowest;
      }
    }
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, this.words.length * 2));
    grown.set(this.words);
    this.words = grown;
  }
}
