// Where clauses against the facts measured on Chroma's server, one by one.

import { beforeAll, expect, test } from "vitest";
import type { Metadata } from "../../src/protocol/metadata.ts";
import { combine, everything, filteredKeys, filtersDocuments } from "../../worker/rows/filter.ts";
import { parseFilter, parseWhere, parseWhereDocument, usesRegex } from "../../worker/rows/parse-where.ts";
import { loadRegex } from "../../worker/load-regex.ts";
import { useRegex } from "../../worker/rows/regex.ts";
import { TestCollection } from "./collection.ts";

beforeAll(async () => useRegex(await loadRegex()));

const WIDE = 2n ** 53n + 1n;

const metadatas: Record<string, Metadata | null> = {
  one: { v: 1 },
  float: { v: 1.2 },
  two: { v: 2 },
  minus: { v: -1 },
  integral: { v: { "#float": 1 } },
  wide: { v: WIDE },
  beyond: { v: 2 ** 53 },
  lowest: { v: -(2n ** 63n) },
  text: { v: "1" },
  yes: { v: true },
  no: { v: false },
  ints: { v: [1, 2, 2] },
  floats: { v: [1, 2.5] },
  strings: { v: ["x", "1"] },
  flags: { v: [true] },
  other: { w: 1 },
  none: null,
};
const all = Object.keys(metadatas);
const without = (...ids: string[]): string[] => all.filter((id) => !ids.includes(id));

function collection(): TestCollection {
  const filled = new TestCollection();
  filled.add(...all.map((id) => ({ id, metadata: metadatas[id]! })));
  return filled;
}

test.each<[unknown, string[]]>([
  [null, all],
  [undefined, all],
  // Direct values are $eq; ints and floats are one kind, strings and booleans kinds of their own.
  [{ v: 1 }, ["one", "integral"]],
  [{ v: { $eq: 1 } }, ["one", "integral"]],
  [{ v: { "#float": 1 } }, ["one", "integral"]],
  [{ v: "1" }, ["text"]],
  [{ v: true }, ["yes"]],
  [{ v: 1.2 }, ["float"]],
  // A bound between two ints is not rounded to one of them, as the server does.
  [{ v: 1.5 }, []],
  [{ v: { $in: [1.5] } }, []],
  [{ v: { $lt: 1.5 } }, ["one", "float", "minus", "integral", "lowest"]],
  [{ v: { $gte: 1.2 } }, ["float", "two", "wide", "beyond"]],
  [{ v: { $gt: 1 } }, ["float", "two", "wide", "beyond"]],
  [{ v: { $lte: -1 } }, ["minus", "lowest"]],
  [{ v: { $gt: -1.5 } }, ["one", "float", "two", "minus", "integral", "wide", "beyond"]],
  // Ints past 2^53 are exact.
  [{ v: WIDE }, ["wide"]],
  [{ v: { $in: [WIDE, 1] } }, ["one", "integral", "wide"]],
  [{ v: 2 ** 53 }, ["beyond"]],
  [{ v: { $gt: 2 ** 53 } }, ["wide"]],
  [{ v: { $gte: WIDE } }, ["wide"]],
  [{ v: { $lt: WIDE } }, ["one", "float", "two", "minus", "integral", "beyond", "lowest"]],
  [{ v: { $gt: WIDE } }, []],
  [{ v: { $lte: -(2n ** 63n) } }, ["lowest"]],
  // Negations match records without the key, of other types, and arrays.
  [{ v: { $ne: 1 } }, without("one", "integral")],
  [{ v: { $ne: 1.5 } }, all],
  [{ v: { $nin: ["1", "x"] } }, without("text")],
  [{ absent: { $ne: 1 } }, all],
  [{ absent: { $eq: 1 } }, []],
  [{ absent: { $gt: 0 } }, []],
  [{ absent: { $contains: 1 } }, []],
  [{ absent: { $not_contains: 1 } }, all],
  // $in takes its type from the first element, and ints and floats together.
  [{ v: { $in: [1, 1.2] } }, ["one", "float", "integral"]],
  [{ v: { $in: [1.2, 2, 2] } }, ["float", "two"]],
  [{ v: { $in: [false, true] } }, ["yes", "no"]],
  // $contains is membership; a scalar never matches; numbers compare as numbers, unlike on the server.
  [{ v: { $contains: 1 } }, ["ints", "floats"]],
  [{ v: { $contains: 2.5 } }, ["floats"]],
  [{ v: { $contains: "1" } }, ["strings"]],
  [{ v: { $contains: true } }, ["flags"]],
  [{ v: { $contains: false } }, []],
  [{ v: { $not_contains: 2 } }, without("ints")],
  // Joins.
  [{ $and: [{ v: 1 }] }, ["one", "integral"]],
  [{ $and: [] }, all],
  [{ $or: [] }, []],
  // Values of one key and type are looked for in one pass; keys, types and negations stay apart.
  [
    { $or: [{ v: 1 }, { v: "1" }, { v: true }, { v: WIDE }, { v: { $in: [1.2, 9] } }, { w: 1 }] },
    ["one", "float", "integral", "wide", "text", "yes", "other"],
  ],
  [{ $or: [{ v: { $ne: 1 } }, { v: 1.2 }, { v: 2 }] }, without("one", "integral")],
  [{ $and: [{ $or: [{ v: 1 }, { v: 2 }] }, { $or: [{ v: 2 }, { v: -1 }] }] }, ["two"]],
  [
    { $or: [{ v: 2 }, { v: "1" }, { $and: [{ v: { $gte: 1 } }, { v: { $lt: 2 } }] }] },
    ["one", "float", "two", "integral", "text"],
  ],
  [{ $and: [{ v: { $ne: 1 } }, { v: { $gt: 0 } }] }, ["float", "two", "wide", "beyond"]],
  // Ids; the embedding is no metadata.
  [{ "#id": "two" }, ["two"]],
  [{ "#id": { $in: ["none", "one", "nobody", "one"] } }, ["one", "none"]],
  [{ "#id": { $ne: "two" } }, without("two")],
  [{ "#embedding": 1 }, []],
])("where %o", (where, ids) => {
  expect(collection().select(parseWhere(where))).toEqual(ids);
});

test.each<[unknown]>([
  [{}],
  [[]],
  ["v"],
  [1],
  [{ v: null }],
  [{ v: undefined }],
  [{ v: [] }],
  [{ v: {} }],
  [{ v: Number.NaN }],
  [{ a: 1, b: 2 }],
  [{ v: { $gt: 1, $lt: 2 } }],
  [{ v: { $near: 1 } }],
  [{ v: { $gt: "a" } }],
  [{ v: { $lte: true } }],
  [{ v: { $in: [] } }],
  [{ v: { $in: 1 } }],
  [{ v: { $in: [1, "1"] } }],
  [{ v: { $in: [true, 1] } }],
  [{ v: { $in: [null] } }],
  [{ v: { $eq: [1] } }],
  [{ v: { $regex: "a" } }],
  [{ "#id": { $in: [1] } }],
  [{ $and: { v: 1 } }],
  [{ $or: [{ v: 1 }, {}] }],
  [{ "#document": { $matches: "a" } }],
  // Holes of a sparse array are undefined, and half a character is no text.
  [{ $and: Object.assign(Array<object>(3), { 0: { v: 1 }, 2: { v: 2 } }) }],
  [{ v: { $in: Object.assign(Array<number>(3), { 0: 1, 2: 2 }) } }],
  [{ v: "\uD83D" }],
  [{ "\uD83D": 1 }],
  [{ v: { $in: ["a", "\uDC00"] } }],
  [{ v: { $contains: "\uD83D" } }],
  [{ "#id": "\uD83D" }],
  [{ "#document": { $contains: "\uD83D" } }],
])("%o is an invalid where clause", (where) => {
  expect(() => parseWhere(where)).toThrow(
    expect.objectContaining({ status: 400, name: "InvalidArgumentError", message: "Invalid where clause" }),
  );
});

test("a whole document is not compared, in the server's words", () => {
  const message = "Cannot filter using metadata key '#document' with type 'Str' because indexing is disabled";
  expect(() => parseWhere({ "#document": "x" })).toThrow(expect.objectContaining({ status: 400, message }));
  expect(() => parseWhere({ "#document": { $eq: "x" } })).toThrow(message);
});

const documents: Record<string, string | null> = {
  null: null,
  empty: "",
  lower: "the quick brown fox",
  upper: "The Quick Brown Fox",
  percent: "100% of a_b \\ c",
  lines: "first\nsecond",
  emoji: "😀😁 naïve",
  combined: "nai\u0308ve",
  nul: "a\0needle",
};

test.each<[unknown, string[]]>([
  [{ $contains: "quick" }, ["lower"]],
  [{ $contains: "q" }, ["lower"]],
  [{ $contains: "ui" }, ["lower", "upper"]],
  [{ $contains: "%" }, ["percent"]],
  [{ $contains: "a_b" }, ["percent"]],
  [{ $contains: "\\" }, ["percent"]],
  [{ $contains: "t\ns" }, ["lines"]],
  [{ $contains: "😁" }, ["emoji"]],
  [{ $contains: "naïve" }, ["emoji"]],
  [{ $contains: "needle" }, ["nul"]],
  [{ $contains: "\0" }, ["nul"]],
  [{ $contains: "" }, ["empty", "lower", "upper", "percent", "lines", "emoji", "combined", "nul"]],
  [{ $not_contains: "e" }, ["null", "empty", "percent"]],
  [{ $not_contains: "" }, ["null"]],
  [{ $regex: "(?i)QUICK" }, ["lower", "upper"]],
  [{ $regex: "first.second" }, []],
  [{ $regex: "(?s)first.second" }, ["lines"]],
  [{ $regex: "" }, ["empty", "lower", "upper", "percent", "lines", "emoji", "combined", "nul"]],
  [{ $not_regex: "[a-z]" }, ["null", "empty"]],
  [{ $and: [{ $contains: "quick" }, { $not_contains: "wolf" }] }, ["lower"]],
  [{ $or: [{ $contains: "quick" }, { $contains: "Quick" }] }, ["lower", "upper"]],
  [{ $and: [] }, Object.keys(documents)],
  [{ $or: [] }, []],
])("documents: %o", (where, ids) => {
  for (const options of [{}, { residentTextBytesMax: 0 }]) {
    const filled = new TestCollection(options);
    filled.add(...Object.entries(documents).map(([id, document]) => ({ id, document })));
    expect(filled.select(parseWhereDocument(where))).toEqual(ids);
    // The same operators work inside where.
    if (!("$and" in (where as object)) && !("$or" in (where as object))) {
      expect(filled.select(parseWhere({ "#document": where }))).toEqual(ids);
    }
  }
});

test.each<[unknown]>([
  [{}],
  ["x"],
  [{ $contains: 1 }],
  [{ $contains: null }],
  [{ $matches: "x" }],
  [{ $contains: "a", $not_contains: "b" }],
  [{ key: { $contains: "a" } }],
  [{ $or: "x" }],
])("%o is an invalid where document clause", (where) => {
  expect(() => parseWhereDocument(where)).toThrow(
    expect.objectContaining({ status: 400, message: "Invalid where document clause" }),
  );
});

test("clauses nest a hundred deep, and are refused before the stack ends", () => {
  const nested = (depth: number): unknown => (depth === 0 ? { v: 2 } : { $and: [nested(depth - 1)] });
  expect(collection().select(parseWhere(nested(100)))).toEqual(["two"]);
  expect(() => parseWhere(nested(5000))).toThrow("Invalid where clause");
  expect(usesRegex(nested(5000))).toBe(false);
});

test("a thousand clauses of $or and fifty thousand values of $in are no limit", () => {
  const clauses = Array.from({ length: 1000 }, (_, i) => ({ v: { $in: [1000 + i, 2] } }));
  expect(collection().select(parseWhere({ $or: clauses }))).toEqual(["two"]);
  const numbers = Array.from({ length: 50_000 }, (_, i) => i - 40_000);
  expect(collection().select(parseWhere({ v: { $in: numbers } }))).toEqual([
    "one",
    "two",
    "minus",
    "integral",
  ]);
  const strings = Array.from({ length: 50_000 }, (_, i) => `${i}`);
  expect(collection().select(parseWhere({ v: { $in: strings } }))).toEqual(["text"]);
  expect(collection().select(parseWhere({ "#id": { $in: [...strings, "none"] } }))).toEqual(["none"]);
});

test("where and where_document hold together, and only candidates' documents are read", () => {
  const filled = new TestCollection({ residentTextBytesMax: 0 });
  for (let i = 0; i < 20; i++)
    filled.add({ id: `${i}`, metadata: { even: i % 2 === 0, i }, document: `text ${i}` });
  const filter = parseFilter({ i: { $gte: 17 } }, { $contains: "8" });
  expect(filled.select(filter)).toEqual(["18"]);
  const afterOne = filled.texts.reads;
  filled.select(parseFilter({ $and: [{ "#document": { $contains: "1" } }, { i: 17 }] }, null));
  expect(filled.texts.reads - afterOne).toBe(1);
});

test("a filter tells what it looks at", () => {
  const filter = parseWhere({
    $and: [{ a: "x" }, { $or: [{ b: { $gt: 1 } }, { c: { $in: [1.5, 2] } }] }, { d: { $contains: true } }],
  });
  expect([...filteredKeys(filter)]).toEqual([
    { key: "a", type: "Str" },
    { key: "b", type: "Int" },
    { key: "c", type: "Float" },
    { key: "d", type: "Bool" },
  ]);
  expect(filtersDocuments(filter)).toBe(false);
  expect(filtersDocuments(combine(filter, parseWhereDocument({ $contains: "x" })))).toBe(true);
  expect(combine(everything, everything)).toBe(everything);
  expect(usesRegex({ $or: [{ a: 1 }, { "#document": { $not_regex: "x" } }] })).toBe(true);
  expect(usesRegex({ a: "$regex" })).toBe(false);
});
