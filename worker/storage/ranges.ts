// A set of integers from 0 up, kept as ranges: what of a file is known to be so or so.
// Invariant: ranges are ascending, not empty, and neither overlap nor touch.

export type Range = readonly [start: number, end: number];

export class Ranges {
  #ranges: Range[] = [];

  add(start: number, end: number): void {
    if (start >= end) return;
    const at = this.#cut(start, end);
    const before = this.#ranges[at - 1];
    const after = this.#ranges[at];
    const joinsBefore = before !== undefined && before[1] === start;
    const joinsAfter = after !== undefined && after[0] === end;
    const joined: Range = [joinsBefore ? before[0] : start, joinsAfter ? after[1] : end];
    const first = joinsBefore ? at - 1 : at;
    this.#ranges.splice(first, (joinsAfter ? at + 1 : at) - first, joined);
  }

  remove(start: number, end: number): void {
    if (start < end) this.#cut(start, end);
  }

  /** What of `start` to `end` is not in the set, ascending. */
  *gaps(start: number, end: number): Generator<Range> {
    let at = start;
    for (const [from, to] of this.#ranges) {
      if (to <= at) continue;
      if (from >= end) break;
      if (from > at) yield [at, from];
      at = to;
    }
    if (at < end) yield [at, end];
  }

  /** Takes the range away; returns the index of what comes behind it. */
  #cut(start: number, end: number): number {
    const first = this.#firstEndingAfter(start);
    let last = first;
    const kept: Range[] = [];
    for (; last < this.#ranges.length && this.#ranges[last]![0] < end; last++) {
      const [from, to] = this.#ranges[last]!;
      if (from < start) kept.push([from, start]);
      if (to > end) kept.push([end, to]);
    }
    this.#ranges.splice(first, last - first, ...kept);
    return first + (kept.length > 0 && kept[0]![1] === start ? 1 : 0);
  }

  #firstEndingAfter(place: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle]![1] > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
