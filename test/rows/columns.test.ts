// Columns by themselves; that they agree with the rows is the model test's business.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { RangeOperator } from "../../worker/rows/filter.ts";
import { rangeToInterval } from "../../worker/rows/number-interval.ts";
import { StringColumn } from "../../worker/rows/string-column.ts";

const compare: Record<RangeOperator, (value: number, bound: number | bigint) => boolean> = {
  $gt: (value, bound) => value > bound,
  $gte: (value, bound) => value >= bound,
  $lt: (value, bound) => value < bound,
  $lte: (value, bound) => value <= bound,
};

const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const edge = fc.constantFrom(
  0,
  -0,
  5e-324,
  -5e-324,
  2 ** 53,
  -(2 ** 53),
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
);
const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test("an interval of doubles holds what compares with the bound, neighbours included", () => {
  const bound = fc.oneof(double, edge, wide);
  const near = fc
    .tuple(bound, fc.integer({ min: -2, max: 2 }))
    .map(([b, step]) => [b, Number(b) + step] as const);
  const pair = fc.oneof(near, fc.tuple(bound, fc.oneof(double, edge, fc.constantFrom(Infinity, -Infinity))));
  fc.assert(
    fc.property(fc.constantFrom("$gt", "$gte", "$lt", "$lte"), pair, (operator, [limit, value]) => {
      const { low, high } = rangeToInterval(operator, limit);
      expect(value >= low && value <= high).toBe(compare[operator](value, limit));
    }),
    { numRuns: 5000 },
  );
});

test("the ends of an interval are as close to the bound as doubles allow", () => {
  expect(rangeToInterval("$gt", 1).low).toBe(1 + Number.EPSILON);
  expect(rangeToInterval("$lt", 1).high).toBe(1 - Number.EPSILON / 2);
  expect(rangeToInterval("$gt", 0).low).toBe(Number.MIN_VALUE);
  expect(rangeToInterval("$lt", 0).high).toBe(-Number.MIN_VALUE);
  expect(rangeToInterval("$gte", 2n ** 53n + 1n).low).toBe(2 ** 53 + 2);
  expect(rangeToInterval("$lte", 2n ** 53n + 1n).high).toBe(2 ** 53);
  expect(rangeToInterval("$lt", -(2n ** 53n) - 1n).high).toBe(-(2 ** 53) - 2);
});

test("strings that no record has any more are forgotten", () => {
  const column = new StringColumn();
  column.set(0, "stays");
  for (let i = 0; i < 20_000; i++) column.set(1 + (i % 100), `value ${i}`);
  expect(column.bytes).toBeLessThan(200_000);
  expect(column.at(0)).toBe("stays");
  expect(column.at(100)).toBe("value 19999");
  expect(column.selectIn(["value 19999", "value 19899", "stays"]).count()).toBe(2);
});
