import fc from "fast-check";
import { expect, test } from "vitest";
import { Bitset } from "../worker/bitset.ts";

const values = fc.array(fc.nat({ max: 300 }));

function setOf(list: readonly number[]): Bitset {
  const set = new Bitset();
  for (const value of list) set.add(value);
  return set;
}

function members(set: Bitset): number[] {
  const list: number[] = [];
  set.forEach((value) => list.push(value));
  return list;
}

function sorted(set: Iterable<number>): number[] {
  return [...set].sort((a, b) => a - b);
}

test("behaves as a Set of integers under every operation", () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const a = new Set(left);
      const b = new Set(right);
      expect(members(setOf(left))).toEqual(sorted(a));
      expect(setOf(left).count()).toBe(a.size);
      expect(members(setOf(left).and(setOf(right)))).toEqual(sorted([...a].filter((x) => b.has(x))));
      expect(members(setOf(left).or(setOf(right)))).toEqual(sorted(new Set([...a, ...b])));
      expect(members(setOf(left).andNot(setOf(right)))).toEqual(sorted([...a].filter((x) => !b.has(x))));
      for (const value of right) expect(setOf(left).has(value)).toBe(a.has(value));
    }),
  );
});

test("a full set has its length and nothing past it", () => {
  for (const length of [0, 1, 31, 32, 33, 64, 100]) {
    const set = Bitset.full(length);
    expect(set.count()).toBe(length);
    expect(set.has(length)).toBe(false);
  }
});
