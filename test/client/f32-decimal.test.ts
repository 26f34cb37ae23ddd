import fc from "fast-check";
import { expect, test } from "vitest";
import { f32ToDecimal, f32ToDecimalByText } from "../../src/transport/f32-decimal.ts";

test("an f32 becomes the decimal its caller wrote", () => {
  for (const written of [0.1, 0.2, 0.3, 1 / 4, 3.14, -2.5, 1e-5, 123456.7, 1e-40, 3.4e38, 0.33333334]) {
    expect(f32ToDecimal(Math.fround(written))).toBe(written);
  }
});

test("what has no shorter form stays", () => {
  for (const value of [0, -0, 1, -7, 2 ** 23, 16777216, Infinity, -Infinity, Number.NaN]) {
    expect(f32ToDecimal(value)).toBe(value);
  }
});

test("the fast way agrees with the slow one, and reads back as the same f32", () => {
  const anyF32 = fc.float({ noNaN: true, noDefaultInfinity: true });
  const ordinary = fc.float({ min: -16, max: 16, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(anyF32, ordinary), (value) => {
      expect(f32ToDecimal(value)).toBe(f32ToDecimalByText(value));
      expect(Math.fround(f32ToDecimal(value))).toBe(value);
    }),
    { numRuns: 20_000 },
  );
});

test("powers of two, whose neighbours are not equally far, agree too", () => {
  for (let exponent = -126; exponent < 128; exponent += 1) {
    expect(f32ToDecimal(2 ** exponent)).toBe(f32ToDecimalByText(2 ** exponent));
  }
});
