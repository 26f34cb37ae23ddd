// Arbitrary ids, texts, numbers, metadata and vectors. From small pools, so that what a filter or an id
// asks for is often there, with odd ones among them.

import fc from "fast-check";

/** How many of a thousand draws are the odd thing: what the server or the client refuses, or does differently. */
export function rarely<T>(odd: fc.Arbitrary<T>, usual: fc.Arbitrary<T>, perMille = 10): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1000 - perMille, arbitrary: usual }, { weight: perMille, arbitrary: odd });
}

/** Drawn in that many of a hundred cases, else undefined. */
export function sometimes<T>(arbitrary: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
    { weight: percent, arbitrary },
  );
}

const plainIds = Array.from({ length: 9 }, (_, i) => `id-${i}`);
const oddIds = [
  " ",
  "..",
  "a/b",
  "ID-1",
  "id-1 ",
  "é",
  "e\u0301",
  "😀",
  "__proto__",
  "' OR 1=1 --",
  "a\0b",
  "%_",
  "0",
];

export const id = rarely(fc.constantFrom(...oddIds), fc.constantFrom(...plainIds), 120);

/** Ids of one call; the client refuses one that is there twice. */
export function ids(lengthMax: number): fc.Arbitrary<string[]> {
  const unique = fc.uniqueArray(id, { minLength: 1, maxLength: lengthMax });
  const refused = fc.constantFrom<string[]>([], ["id-1", "id-1"], ["id-1", ""]);
  return rarely<string[]>(refused, unique, 8);
}

const words = [
  "tea",
  "Tea",
  "green",
  "moon 🌕",
  "käse",
  "ka\u0308se",
  "snake_case",
  "80%",
  "back\\slash",
  "日本語",
];
const word = fc.constantFrom(...words);

/** A document: some words, sometimes of several lines, or nothing at all. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" ")) },
  { weight: 2, arbitrary: fc.array(word, { minLength: 2, maxLength: 3 }).map((parts) => parts.join("\n")) },
  { weight: 1, arbitrary: fc.constantFrom("", " ", 'it\'s "quoted"', "\u2028", "\uFFFD", "null") },
);

/** A part of a document that often is in one. */
export const needle = rarely(
  fc.constantFrom("", "nowhere", "TEA"),
  fc.constantFrom(
    "tea",
    "e",
    "ea",
    "een",
    "oon",
    "🌕",
    "ä",
    "a\u0308",
    "_",
    "%",
    "\\",
    "n\n",
    "a g",
    "本",
    " ",
  ),
  120,
);

/** What the server's regular expressions and ours read alike, and some that neither does. */
export const pattern = rarely(
  fc.constantFrom("(?=a)", "[a", "(", "a{2,1}", "(a)\\1"),
  fc
    .constantFrom(
      ..."tea,(?i)TEA,^tea,e$,\\bgreen\\b,t.a,[gt]e?e,\\d+%,\\w+_\\w+,(tea|moon),\\p{Han}+,(?s)n.t,\\s\\S,^$,😀?🌕,k.{1\\,2}se".split(
        /(?<!\\),/,
      ),
    )
    .map((source) => source.replaceAll("\\,", ",")),
  20,
);

const integers = fc.constantFrom(-1, 0, 1, 2, 3, 7);
const fractions = fc.constantFrom(-1.5, 0.5, 1.5, 2.25, 0.1);
const edges = fc.constantFrom(2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 62, 1e-7, 1.7e308, 5e-324, -0);
const strings = fc.constantFrom(
  "x",
  "y",
  "z",
  "X",
  "é",
  "e\u0301",
  "1",
  "true",
  "",
  "日本",
  "' OR 1=1 --",
  "😀",
);

export const number = fc.oneof(
  { weight: 8, arbitrary: integers },
  { weight: 3, arbitrary: fractions },
  { weight: 1, arbitrary: edges },
);
export const wholeNumber = rarely(edges.filter(Number.isInteger), integers, 50);
export const string: fc.Arbitrary<string> = strings;
export const boolean = fc.boolean();

type Scalar = string | number | boolean;
type Value = Scalar | Scalar[];

function arrayOf<T extends Scalar>(item: fc.Arbitrary<T>): fc.Arbitrary<Value> {
  return fc.array(item, { minLength: 1, maxLength: 3 });
}

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  number,
  string,
  boolean,
  arrayOf(string),
  arrayOf(integers),
  arrayOf(fractions),
  arrayOf(boolean),
);

/** Keys of metadata, each with the values that it mostly holds. */
export const valuesByKey: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  n: number,
  count: integers,
  tag: string,
  open: boolean,
  tags: arrayOf(fc.constantFrom("a", "b", "c", "é")),
  sizes: arrayOf(integers),
  any: anyValue,
  "ключ 😀.$": string,
};

const keys = Object.keys(valuesByKey);

/** Metadata in which no key is sure to be, and each may hold a value of another type. */
export const metadata: fc.Arbitrary<Record<string, Value | null>> = fc
  .uniqueArray(fc.constantFrom(...keys), { minLength: 1, maxLength: 5 })
  .chain((chosen) =>
    fc.record(
      Object.fromEntries(
        chosen.map((key) => [key, rarely<Value | null>(anyValue, valuesByKey[key] ?? anyValue, 80)]),
      ),
      { noNullPrototype: true },
    ),
  );

/** Metadata that the client or the server refuses, or Chromalite does. */
export const oddMetadata: fc.Arbitrary<Record<string, unknown>> = fc.constantFrom<Record<string, unknown>>(
  {},
  { n: Number.NaN },
  { "": 1 },
  { "#n": 1 },
  { $n: 1 },
  { n: { nested: 1 } },
  { tags: [] },
  { tags: ["a", 1] },
  { sizes: [1, 2.5] },
  { "chroma:x": "hidden" },
  { sparse: { indices: [1], values: [0.5] } },
);

/** Longer than any collection's dimension: cut to it. Many of quarters, so that distances are often equal. */
export const DIMENSION_MAX = 8;

const coordinate = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -4, max: 4 }).map((quarters) => quarters / 4) },
  { weight: 3, arbitrary: fc.integer({ min: -4000, max: 4000 }).map((n) => Math.fround(n / 1000)) },
);

const oddVectors = [0, 1e-30, 1e20, -1e20, 1e30].map((value) =>
  Array.from({ length: DIMENSION_MAX }, () => Math.fround(value)),
);

/** Now and then of length 0, or so long that distances overflow. */
export const vector: fc.Arbitrary<number[]> = rarely(
  fc.constantFrom(...oddVectors),
  fc.array(coordinate, { minLength: DIMENSION_MAX, maxLength: DIMENSION_MAX }),
  4,
);
