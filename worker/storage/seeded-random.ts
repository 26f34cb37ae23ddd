// Repeatable randomness: one seed, one sequence. mulberry32 by Tommy Ettinger, in the public domain
// (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). Not for secrets.

/** A source of numbers that a seed fixes. */
export class SeededRandom {
  #state: number;

  /** @param seed  any 32-bit integer */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 up to, not including, 1; 32 bits of it. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to `end` - 1. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of them. @throws {RangeError}  for an empty list */
  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new RangeError("pick: expected at least one to pick from");
    return picked;
  }
}
