// The writer against JSON.parse: what is written reads back as the very number it was.

import fc from "fast-check";
import { expect, test } from "vitest";
import { writeJson } from "../../http/json/write-json.ts";

test("any JSON is written as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(writeJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("every f32 is written as a float that reads back as the same f32, alone or among others", () => {
  const f32 = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(f32, { maxLength: 5 }), (row) => {
      const written = writeJson(Float32Array.from(row));
      const numbers = written.slice(1, -1).split(",").filter(Boolean);
      expect(numbers.map((number) => Math.fround(Number(number)))).toEqual(row);
      for (const number of numbers) expect(number).toMatch(/^-?\d+(\.\d+)?(e[+-]\d+)?$/);
      for (const number of numbers) expect(number).toMatch(/[.e]/);
    }),
  );
});

test.each([
  [{ "#float": 1 }, "1.0"],
  [{ "#float": -0 }, "-0.0"],
  [1e16, "10000000000000000"],
  [{ "#float": 1e16 }, "1e+16"],
  [2 ** 60, "1152921504606846976"],
  [2n ** 62n + 1n, "4611686018427387905"],
  [2 ** 63, "9.223372036854776e+18"],
  [-(2 ** 63), "-9223372036854775808"],
  [Number.NaN, "null"],
  [Float32Array.of(0.1, Number.NaN, 1, Number.POSITIVE_INFINITY), "[0.1,null,1.0,null]"],
  [{ a: undefined, b: null, c: "é\n\u{1f600}" }, '{"b":null,"c":"é\\n\u{1f600}"}'],
  [
    { rows: 3, dimension: 2, values: Float32Array.of(1, 2.5, 3, 4), present: Uint8Array.of(1, 0, 1) },
    "[[1.0,2.5],null,[3.0,4.0]]",
  ],
  [{ rows: 0, dimension: 0, values: new Float32Array(0) }, "[]"],
])("case %#: the text is that of Chroma's server", (value, json) => {
  expect(writeJson(value)).toBe(json);
});

test("a key `__proto__` is written like any other", () => {
  expect(writeJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
});
