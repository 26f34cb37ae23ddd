// Vectors that cost less than to add them: a million that are generated one by one take longer than all else.
// The first are taken as they come, and each of the others is the sum of two of those: near both, as a neighbour is.

import { type GeneratedVectors, mulberry32 } from "../datasets/generated-vectors.ts";

/** As many as the small runs write, so that they write none but generated ones. */
const generatedMax = 20_000;

export function mixVectors(
  generated: GeneratedVectors,
  dimension: number,
): { next(row: Float32Array): void } {
  const kept = new Float32Array(generatedMax * dimension);
  const random = mulberry32(5);
  const any = (): number => Math.floor(random() * generatedMax) * dimension;
  let count = 0;
  return {
    next(row) {
      if (count < generatedMax) {
        generated.next(row);
        kept.set(row, count++ * dimension);
        return;
      }
      const [a, b] = [any(), any()];
      for (let i = 0; i < dimension; i++) row[i] = Math.SQRT1_2 * (kept[a + i]! + kept[b + i]!);
    },
  };
}
