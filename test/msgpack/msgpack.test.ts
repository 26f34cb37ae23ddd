import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeValue } from "../../worker/msgpack/decode.ts";
import { encodeValue } from "../../worker/msgpack/encode.ts";

const options = { useBigInt64: true, ignoreUndefined: true };

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.double(),
    fc.integer(),
    fc.integer({ min: -(2 ** 53), max: 2 ** 53 }),
    fc.constantFrom(0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffffff, 0x100000000, -0x20, -0x21, -0x80),
    fc.constantFrom(-0x81, -0x8000, -0x8001, -0x80000000, -0x80000001),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: "grapheme" }),
    fc.string({ minLength: 30, maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 20, noNullPrototype: true },
    ),
  ),
}));

test("whatever is encoded is decoded again, by us and by the library alike", () => {
  fc.assert(
    fc.property(value, (given) => {
      const bytes = encodeValue(given);
      expect(decodeValue(bytes)).toEqual(decode(bytes, options));
      expect(decode(bytes, options)).toEqual(decode(encode(given, options), options));
    }),
    { numRuns: 2000 },
  );
});

test("what the library encodes is decoded", () => {
  fc.assert(
    fc.property(value, (given) => {
      const bytes = encode(given, options);
      expect(decodeValue(bytes)).toEqual(decode(bytes, options));
    }),
    { numRuns: 1000 },
  );
});

test.each([16, 255, 256, 65_535, 65_536, 70_000])("lists, texts and bytes of length %i keep it", (length) => {
  const given = [
    Array.from({ length }, (_, i) => i),
    "a".repeat(length),
    "é".repeat(length),
    new Uint8Array(length).fill(7),
    Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i])),
  ];
  expect(decodeValue(encodeValue(given))).toEqual(given);
});

test("a key named __proto__ is a key", () => {
  const given = JSON.parse('{"a": {"__proto__": {"x": 1}, "constructor": 2}}') as unknown;
  const read = decodeValue(encodeValue(given)) as { a: object };
  expect(Object.keys(read.a)).toEqual(["__proto__", "constructor"]);
  expect(read).toEqual(given);
});

test("undefined properties are left out, undefined elements are null", () => {
  expect(decodeValue(encodeValue({ a: undefined, b: [undefined, 1] }))).toEqual({ b: [null, 1] });
});

test("what is no plain data is refused", () => {
  expect(() => encodeValue({ run: () => 1 })).toThrow("a function was given, expected plain data");
});
