// Slots and serials: what keeps its slot, what gets the next, in which order.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Serials } from "../../worker/rows/serials.ts";

function all(serials: Serials): number[] {
  return Array.from({ length: serials.length }, (_, slot) => serials.serialOf(slot));
}

test("each vector gets the next slot", () => {
  const serials = new Serials();
  for (let slot = 0; slot < 200; slot++) expect(serials.append(slot * 3)).toBe(slot);
  expect(serials.length).toBe(200);
  expect(serials.serialOf(199)).toBe(597);
});

test("a serial that is not after those there are is refused", () => {
  const serials = new Serials(Float64Array.of(4, 9));
  expect(() => serials.append(9)).toThrow("serial 9 comes after 9");
  expect(() => serials.append(3)).toThrow("serial 3 comes after 9");
  expect(serials.append(2 ** 40)).toBe(2);
});

test("what has a slot keeps it, the others get the next ones by their serials", () => {
  const serials = new Serials(Float64Array.of(1, 5, 6));
  expect([...serials.slotsOf(Float64Array.of(12, 5, 8, 30))]).toEqual([4, 1, 3, 5]);
  expect(all(serials)).toEqual([1, 5, 6, 8, 12, 30]);
  expect([...serials.slotsOf(new Float64Array())]).toEqual([]);
});

test("slots lead back to the serials, whatever order they are asked in", () => {
  const serial = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(fc.uniqueArray(serial), fc.uniqueArray(serial), (known, more) => {
      const taken = Float64Array.from(known).sort();
      const wanted = Float64Array.from([
        ...known.filter((each) => each % 2 === 0),
        ...more.map((each) => each + 101),
      ]);
      const serials = new Serials(taken);
      const slots = serials.slotsOf(wanted.slice());
      expect([...slots].map((slot) => serials.serialOf(slot))).toEqual([...wanted]);
      expect(all(serials)).toEqual([...new Set(all(serials))].sort((a, b) => a - b));
      expect(serials.length).toBe(known.length + more.length);
    }),
  );
});
