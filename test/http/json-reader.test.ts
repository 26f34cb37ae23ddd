// The reader against JSON.parse, which knows the same grammar, and against what Chroma's server (1.3.4)
// said of each text that is none.

import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonError } from "../../http/json/json-error.ts";
import { JsonReader } from "../../http/json/json-reader.ts";
import { isIntegralFloat } from "../../src/protocol/metadata.ts";

test("any JSON reads as JSON.parse reads it, but for numbers that it would change", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(toPlain(read(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

test("what is no JSON is refused, and nothing else", () => {
  const fragment = fc.constantFrom(
    ...Array.from('{}[],:"\\ \n-+.eE019atruefalsn\u0001é'),
    '"a"',
    "\\u00e9",
    "1.5",
    "null",
  );
  const broken = fc
    .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat({ max: 2 }), fragment)
    .map(([text, seed, cut, insert]) => {
      const at = seed % (text.length + 1);
      return text.slice(0, at) + insert + text.slice(at + cut);
    });
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  // What serde_json refuses in sound JSON, it may meet before what is not sound.
  const isStricter = (problem: string): boolean => /surrogate|hex escape|out of range/.test(problem);
  fc.assert(
    fc.property(broken, (text) => {
      const problem = problemOf(text);
      if (problem !== undefined && isStricter(problem)) return;
      expect(problem === undefined).toBe(isJson(text));
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ["1", 1],
  ["1.0", { "#float": 1 }],
  ["1e3", { "#float": 1000 }],
  ["1.5", 1.5],
  ["-0", { "#float": -0 }],
  ["-0.0", { "#float": -0 }],
  ["0.1", 0.1],
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["-9223372036854775808", -9223372036854775808n],
  // Beyond 64 bits a number is a float.
  ["9223372036854775808", 2 ** 63],
  ["18446744073709551615", 2 ** 64],
  ["-9223372036854775809", { "#float": -(2 ** 63) }],
  ["1e18", { "#float": 1e18 }],
  ["1e19", 1e19],
  ["1e39", 1e39],
  ["5e-324", 5e-324],
  ["1e-400", { "#float": 0 }],
  ["123456789012345678", 123456789012345678n],
  ["0.30000000000000004", 0.30000000000000004],
  ["123456.789", 123456.789],
])("the number %s keeps its value and its type", (text, expected) => {
  expect(read(text)).toStrictEqual(expected);
});

test("a number is the double nearest to it, however it is written", () => {
  const written = fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat({ max: 20 }));
  fc.assert(
    fc.property(written, ([value, digits]) => {
      for (const text of [String(value), value.toExponential(digits), value.toPrecision(digits + 1)]) {
        if (Number.isFinite(Number(text))) expect(toPlain(read(text))).toBe(Number(text));
      }
    }),
  );
});

// Each text was sent to Chroma's server as the body of a get; this is what it answered.
test.each([
  ["", "EOF while parsing a value at line 1 column 0"],
  [" ", "EOF while parsing a value at line 1 column 1"],
  ["{", "EOF while parsing an object at line 1 column 1"],
  ["tru", "EOF while parsing a value at line 1 column 3"],
  ["]", "expected value at line 1 column 1"],
  ["\ufeff{}", "expected value at line 1 column 1"],
  ["/*x*/{}", "expected value at line 1 column 1"],
  ["{}{}", "trailing characters at line 1 column 3"],
  ["{} x", "trailing characters at line 1 column 4"],
  ["{,}", "key must be a string at line 1 column 2"],
  ["{1:2}", "key must be a string at line 1 column 2"],
  ["{'ids':[]}", "key must be a string at line 1 column 2"],
  ['{"a":1,}', "trailing comma at line 1 column 8"],
  ['{"a" 1}', "expected `:` at line 1 column 6"],
  ['{"a"', "EOF while parsing an object at line 1 column 4"],
  ['{"a":', "a: EOF while parsing a value at line 1 column 5"],
  ['{"a":1', "EOF while parsing an object at line 1 column 6"],
  ['{"a":1,', "EOF while parsing a value at line 1 column 7"],
  ['{"a":1 "b"}', "expected `,` or `}` at line 1 column 8"],
  ['{"a":1]', "expected `,` or `}` at line 1 column 7"],
  ['{"a":[1 2]}', "a: expected `,` or `]` at line 1 column 9"],
  ['{"a":[1,]}', "a: trailing comma at line 1 column 9"],
  ['{"a":[,1]}', "a[0]: expected value at line 1 column 7"],
  ['{"a":[1', "a: EOF while parsing a list at line 1 column 7"],
  ['{"a":[', "a: EOF while parsing a list at line 1 column 6"],
  ['{"a":01}', "a: invalid number at line 1 column 7"],
  ['{"a":-}', "a: invalid number at line 1 column 7"],
  ['{"a":-', "a: EOF while parsing a value at line 1 column 6"],
  ['{"a":-01}', "a: invalid number at line 1 column 8"],
  ['{"a":1.}', "a: invalid number at line 1 column 8"],
  ['{"a":1e}', "a: invalid number at line 1 column 8"],
  ['{"a":1e+}', "a: invalid number at line 1 column 9"],
  ['{"a":1.5.5}', "expected `,` or `}` at line 1 column 9"],
  ['{"a":.5}', "a: expected value at line 1 column 6"],
  ['{"a":NaN}', "a: expected value at line 1 column 6"],
  ['{"a":-Infinity}', "a: invalid number at line 1 column 7"],
  ['{"a":1e400}', "a: number out of range at line 1 column 10"],
  ['{"a":nul', "a: EOF while parsing a value at line 1 column 8"],
  ['{"a":fals}', "a: expected ident at line 1 column 10"],
  ['{"a":tRue}', "a: expected ident at line 1 column 7"],
  ['{"ids":["abc]}', "ids[0]: EOF while parsing a string at line 1 column 14"],
  ['{"a":"\\', "a: EOF while parsing a string at line 1 column 7"],
  ['{"a":"\\u12', "a: EOF while parsing a string at line 1 column 10"],
  ['{"a":"\\u12G4"}', "a: invalid escape at line 1 column 12"],
  ['{"ids":["\\uD8"]}', "ids[0]: invalid escape at line 1 column 15"],
  ['{"ids":["\\x"]}', "ids[0]: invalid escape at line 1 column 11"],
  ['{"ids":["\\ud800"]}', "ids[0]: unexpected end of hex escape at line 1 column 16"],
  ['{"a":"\\ud800\\n"}', "a: unexpected end of hex escape at line 1 column 14"],
  ['{"a":"\\ud800\\u0041"}', "a: lone leading surrogate in hex escape at line 1 column 18"],
  ['{"a":"\\udc00"}', "a: lone leading surrogate in hex escape at line 1 column 12"],
  [
    '{"ids":["a\tb"]}',
    "ids[0]: control character (\\u0000-\\u001F) found while parsing a string at line 1 column 11",
  ],
  [
    '{"ids":["a\nb"]}',
    "ids[0]: control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0",
  ],
  ['{"a":1\r\n,"b":}', "b: expected value at line 2 column 6"],
  ['{"a":"é","b":}', "b: expected value at line 1 column 15"],
  ['{"é":}', "é: expected value at line 1 column 7"],
  ['{"a":{"b":[{"c":}]}}', "a.b[0].c: expected value at line 1 column 17"],
])("%s is refused in the server's words", (text, said) => {
  expect(problemOf(text)).toBe(said);
});

test("264 levels are read, one more is refused, and 100,000 are no stack overflow", () => {
  const nested = (levels: number): string => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  expect(() => read(nested(264))).not.toThrow();
  const path = `a${"[0]".repeat(263)}`;
  expect(problemOf(nested(265))).toBe(`${path}: recursion limit exceeded at line 1 column 269`);
  expect(problemOf(nested(100_000))).toBe(`${path}: recursion limit exceeded at line 1 column 269`);
  expect(problemOf('{"a":'.repeat(100_000))).toContain("recursion limit exceeded");
});

test("a key is a key, whatever its name, and the last of two counts", () => {
  const fields = read('{"__proto__":{"x":1},"constructor":2,"a":3,"a":4,"__proto__":5}') as object;
  expect(Object.entries(fields)).toEqual([
    ["__proto__", 5],
    ["constructor", 2],
    ["a", 4],
  ]);
  expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  const long = "k".repeat(1_000_000);
  expect(Object.keys(read(`{"${long}":1}`) as object)).toEqual([long]);
});

test("a number of a million digits takes no time worth telling", () => {
  const digits = "9".repeat(1_000_000);
  const start = performance.now();
  expect(problemOf(`[${digits}]`)).toContain("number out of range");
  expect(read(`[0.${digits}]`)).toEqual([{ "#float": 1 }]);
  expect(performance.now() - start).toBeLessThan(1000);
});

function read(text: string): unknown {
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

function problemOf(text: string): string | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    return (error as JsonError).describe(text);
  }
}

/** A value as JSON.parse has it. */
function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (isIntegralFloat(value)) return value["#float"];
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}
