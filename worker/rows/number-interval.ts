// Ranges of numbers as closed intervals of doubles, so that one loop answers every operator. Exact:
// "above x" begins at the next double after x, and a bound that no double equals at the next one inside.

import type { RangeOperator } from "./filter.ts";

/** All doubles from `low` to `high`, both included. Empty where low > high. */
export interface NumberInterval {
  readonly low: number;
  readonly high: number;
}

/** The doubles that compare with `bound`, which is finite, as the operator says: by their mathematical values. */
export function rangeToInterval(operator: RangeOperator, bound: number | bigint): NumberInterval {
  switch (operator) {
    case "$gt":
      return { low: firstAbove(bound), high: Number.POSITIVE_INFINITY };
    case "$gte":
      return { low: firstFrom(bound), high: Number.POSITIVE_INFINITY };
    case "$lt":
      return { low: Number.NEGATIVE_INFINITY, high: -firstAbove(-bound) };
    case "$lte":
      return { low: Number.NEGATIVE_INFINITY, high: -firstFrom(-bound) };
  }
}

/** The smallest double that is at least `bound`. */
function firstFrom(bound: number | bigint): number {
  const nearest = Number(bound);
  return nearest >= bound ? nearest : nextUp(nearest);
}

/** The smallest double that is greater than `bound`. */
function firstAbove(bound: number | bigint): number {
  const nearest = Number(bound);
  return nearest > bound ? nearest : nextUp(nearest);
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next greater double. Doubles of one sign are ordered as their bits are, as integers. */
function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  if (value === Number.POSITIVE_INFINITY) return value;
  float[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return float[0];
}
