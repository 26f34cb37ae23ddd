// Arbitrary `where` and `whereDocument` clauses, mostly ones that find something.

import fc from "fast-check";
import { boolean, needle, number, pattern, rarely, string, wholeNumber } from "./values.ts";

type Clause = Record<string, unknown>;

const numbers = ["n", "count", "any"];
const lists = ["tags", "sizes"];
const listItem = fc.oneof(fc.constantFrom("a", "b", "c"), wholeNumber);

function leaf(key: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Clause> {
  const one = value.map((operand) => operand);
  const many = fc.array(value, { minLength: 1, maxLength: 4 });
  return fc.oneof(
    one.map((operand) => ({ [key]: operand })),
    one.map((operand) => ({ [key]: { $eq: operand } })),
    { weight: 2, arbitrary: one.map((operand) => ({ [key]: { $ne: operand } })) },
    { weight: 2, arbitrary: many.map((operand) => ({ [key]: { $in: operand } })) },
    many.map((operand) => ({ [key]: { $nin: operand } })),
  );
}

function range(bound: fc.Arbitrary<number>): fc.Arbitrary<Clause> {
  return fc
    .tuple(fc.constantFrom(...numbers), fc.constantFrom("$gt", "$gte", "$lt", "$lte"), bound)
    .map(([key, operator, operand]) => ({ [key]: { [operator]: operand } }));
}

function membership(item: fc.Arbitrary<unknown>): fc.Arbitrary<Clause> {
  return fc
    .tuple(fc.constantFrom(...lists, "any"), fc.constantFrom("$contains", "$not_contains"), item)
    .map(([key, operator, operand]) => ({ [key]: { [operator]: operand } }));
}

/** Leaves whose numbers are whole: the server compares others wrongly (`number-filters`). */
const leaves = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("n", "count").chain((key) => leaf(key, wholeNumber)) },
  { weight: 3, arbitrary: fc.constantFrom("tag", "ключ 😀.$").chain((key) => leaf(key, string)) },
  { weight: 1, arbitrary: leaf("open", boolean) },
  { weight: 1, arbitrary: fc.oneof(leaf("any", wholeNumber), leaf("any", string), leaf("nothing", string)) },
  { weight: 3, arbitrary: range(wholeNumber) },
  { weight: 3, arbitrary: membership(listItem) },
);

/** Clauses that are refused, or that Chromalite reads differently on purpose. */
const oddLeaves = fc.oneof(
  { weight: 6, arbitrary: range(number) },
  { weight: 6, arbitrary: leaf("n", number) },
  fc.constantFrom<Clause>(
    {},
    { n: { $in: [] } },
    { n: { $in: [1, "x"] } },
    { n: { $gt: "x" } },
    { n: { $like: 1 } },
    { n: 1, tag: "x" },
    { $and: [{ n: 1 }] },
    { $nor: [{ n: 1 }, { n: 2 }] },
    { n: 2 ** 63 },
    { "#id": "id-1" },
    { "#document": "tea" },
    { "chroma:x": { $ne: "y" } },
  ),
  membership(number),
);

function nested(leaf: fc.Arbitrary<Clause>): fc.Arbitrary<Clause> {
  const pair = fc.array(leaf, { minLength: 2, maxLength: 3 });
  const both = fc.oneof(
    pair.map(($and) => ({ $and })),
    pair.map(($or) => ({ $or })),
  );
  return fc.oneof(
    { weight: 6, arbitrary: leaf },
    { weight: 2, arbitrary: both },
    {
      weight: 1,
      arbitrary: fc.tuple(both, leaf).map(([inner, outer]): Clause => ({ $or: [inner, outer] })),
    },
  );
}

const textLeaf = fc.oneof(
  { weight: 3, arbitrary: needle.map(($contains): Clause => ({ $contains })) },
  { weight: 2, arbitrary: needle.map(($not_contains): Clause => ({ $not_contains })) },
  { weight: 3, arbitrary: pattern.map(($regex): Clause => ({ $regex })) },
  { weight: 2, arbitrary: pattern.map(($not_regex): Clause => ({ $not_regex })) },
);

const oddTextLeaf = fc.constantFrom<Clause>(
  {},
  { $matches: "tea" },
  { $contains: 7 },
  { $and: [{ $contains: "e" }] },
  { $regex: "[a-z&&[^y]]+" },
);

/** A clause that server and Chromalite read alike: what it deletes is the same. */
export const plainWhere: fc.Arbitrary<Clause> = nested(
  fc.oneof(
    { weight: 12, arbitrary: leaves },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant("#document"), textLeaf).map(([key, clause]) => ({ [key]: clause })),
    },
  ),
);
export const plainWhereDocument: fc.Arbitrary<Clause> = nested(textLeaf);

export const where: fc.Arbitrary<Clause> = rarely(nested(oddLeaves), plainWhere, 40);
export const whereDocument: fc.Arbitrary<Clause> = rarely(nested(oddTextLeaf), plainWhereDocument, 20);

const comparisons = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$contains", "$not_contains"];

export const whereOperators: readonly string[] = ["value", ...comparisons, "$and", "$or"];
export const whereDocumentOperators: readonly string[] = [
  "$contains",
  "$not_contains",
  "$regex",
  "$not_regex",
  "$and",
  "$or",
];

/** The operators in a clause; a value in the place of `$eq` counts as `value`. */
export function operatorsOf(clause: unknown): string[] {
  if (Array.isArray(clause)) return clause.flatMap((item) => operatorsOf(item));
  if (typeof clause !== "object" || clause === null) return [];
  return Object.entries(clause).flatMap(([key, operand]) => {
    if (key.startsWith("$")) return [key, ...(key === "$and" || key === "$or" ? operatorsOf(operand) : [])];
    return typeof operand === "object" ? operatorsOf(operand) : ["value"];
  });
}
