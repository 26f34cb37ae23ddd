// Filters on metadata.

import type { Metadata, Where } from "chromadb";
import { expect } from "vitest";
import type { Collection } from "../../../src/index.ts";
import type { Place } from "../place.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

/** Records by id: ints, floats, text, booleans, arrays, a key that is missing, no metadata at all. */
const records: Record<string, Metadata | null> = {
  one: { v: 1, group: "x", open: true },
  two: { v: 2, group: "y", open: false },
  half: { v: 1.5, group: "x" },
  minus: { v: -1, group: "z", open: true },
  text: { v: "1", group: "y" },
  yes: { v: true },
  ints: { v: [1, 2], tags: ["a", "b"] },
  floats: { v: [1.5, 2.5], tags: ["b"] },
  other: { w: 1 },
  none: null,
};

async function createRecords(place: Place): Promise<Collection> {
  const notes = await place.createNotes();
  const ids = Object.keys(records);
  const metadatas = Object.values(records) as Metadata[];
  await notes.add({ ids, embeddings: ids.map((_, i) => [i, 0]), metadatas });
  return notes;
}

const found = async (notes: Collection, where: Where): Promise<string[]> => (await notes.get({ where })).ids;

export function whereFacts({ fact, differs }: Facts): void {
  /** One place, many clauses: each finds what stands beside it, in insertion order. */
  const finds = (name: string, cases: readonly (readonly [Where, string[]])[]): void =>
    fact(name, async (place) => {
      await createRecords(place);
      await place.keeps(async (kept) => {
        for (const [where, ids] of cases) {
          expect(await found(kept, where), JSON.stringify(where)).toEqual(ids);
        }
      });
    });

  finds("a value and $eq find that value of that type; int and float are one type", [
    [{ v: 1 }, ["one"]],
    [{ v: { $eq: 1 } }, ["one"]],
    [{ v: "1" }, ["text"]],
    [{ v: true }, ["yes"]],
    [{ v: false }, []],
    [{ v: 2 ** 60 }, []],
    [{ nothing: 1 }, []],
    [{ group: "x" }, ["one", "half"]],
    [{ open: false }, ["two"]],
  ]);

  const others = ["ints", "floats", "other", "none"];
  finds("$ne and $nin also find other types, arrays and records without the key", [
    [{ v: { $ne: 1 } }, ["two", "half", "minus", "text", "yes", ...others]],
    [{ v: { $ne: "1" } }, ["one", "two", "half", "minus", "yes", ...others]],
    [{ group: { $nin: ["x", "y"] } }, ["minus", "yes", ...others]],
    [{ nothing: { $ne: "x" } }, Object.keys(records)],
  ]);

  finds("$gt, $gte, $lt and $lte compare numbers alone", [
    [{ v: { $gt: 1 } }, ["two", "half"]],
    [{ v: { $gte: 1 } }, ["one", "two", "half"]],
    [{ v: { $lt: 2 } }, ["one", "half", "minus"]],
    [{ v: { $lte: -1 } }, ["minus"]],
    [{ v: { $gt: 1e300 } }, []],
    [{ group: { $gt: 0 } }, []],
  ]);

  finds("$in finds any of its values", [
    [{ group: { $in: ["x", "z"] } }, ["one", "half", "minus"]],
    [{ v: { $in: [1, 2, 3] } }, ["one", "two"]],
    [{ v: { $in: ["1", "2"] } }, ["text"]],
    [{ open: { $in: [true, true] } }, ["one", "minus"]],
  ]);

  finds("$contains and $not_contains look into arrays alone", [
    [{ tags: { $contains: "b" } }, ["ints", "floats"]],
    [{ tags: { $contains: "a" } }, ["ints"]],
    [{ group: { $contains: "x" } }, []],
    [{ v: { $contains: 2 } }, ["ints"]],
    [{ v: { $contains: 1.5 } }, ["floats"]],
    [{ tags: { $not_contains: "a" } }, Object.keys(records).filter((id) => id !== "ints")],
  ]);

  finds("$and and $or nest", [
    [{ $and: [{ group: "x" }, { v: { $gt: 1 } }] }, ["half"]],
    [{ $or: [{ group: "z" }, { v: true }, { w: 1 }] }, ["minus", "yes", "other"]],
    [{ $and: [{ $or: [{ group: "x" }, { group: "y" }] }, { open: { $ne: true } }] }, ["two", "half", "text"]],
    [
      { $or: [{ $and: [{ group: "x" }, { open: true }] }, { $and: [{ v: 2 }, { group: "y" }] }] },
      ["one", "two"],
    ],
  ]);

  differs("number-filters", "a bound between two integers is compared as it is", async (place) => {
    const notes = await createRecords(place);
    const cases: [Where, string[]][] = [
      [{ v: 1.5 }, ["half"]],
      [{ v: { $lt: 1.5 } }, ["one", "minus"]],
      [{ v: { $gte: 1.5 } }, ["two", "half"]],
      [{ v: { $in: [1.5] } }, ["half"]],
      [{ v: { $gt: -1.5 } }, ["one", "two", "half", "minus"]],
    ];
    for (const [where, ids] of cases) expect(await found(notes, where), JSON.stringify(where)).toEqual(ids);
  });

  differs("mixed-number-lists", "a list may begin with an int and go on with a float", async (place) => {
    expect(await found(await createRecords(place), { v: { $in: [1, 1.5] } })).toEqual(["one", "half"]);
  });

  differs("float-array-contains", "an integer is found in an array of floats", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [{ v: [1, 2.5] }] });
    expect(await found(notes, { v: { $contains: 1 } })).toEqual(["a"]);
  });

  fact("integers beyond 2^53 are told apart as far as JavaScript can", async (place) => {
    const notes = await place.createNotes();
    const values = [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 2 ** 62];
    await notes.add({
      ids: values.map((_, i) => `id-${i}`),
      embeddings: values.map((_, i) => [i, 0]),
      metadatas: values.map((v) => ({ v })),
    });
    await place.keeps(async (kept) => {
      for (const [i, v] of values.entries()) expect(await found(kept, { v })).toEqual([`id-${i}`]);
      expect(await found(kept, { v: { $gt: 2 ** 53 } })).toEqual(["id-2", "id-3"]);
      expect((await kept.get()).metadatas).toEqual(values.map((v) => ({ v })));
    });
  });

  fact("`#document` is the document, and `#id` and `#embedding` match nothing by $eq", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [1, 0],
        [2, 0],
      ],
      documents: ["green tea", "rust"],
    });
    expect(await found(notes, { "#document": { $contains: "tea" } })).toEqual(["a"]);
    expect(await found(notes, { "#document": { $not_contains: "tea" } })).toEqual(["b"]);
    expect(await refusal(found(notes, { "#document": "rust" }))).toContain(
      "400: Cannot filter using metadata key '#document' with type 'Str' because indexing is disabled",
    );
    expect(await found(notes, { "#embedding": 1 })).toEqual([]);
  });

  differs("id-filter", "`#id` in a where clause finds the id", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [1, 0],
        [2, 0],
      ],
    });
    expect(await found(notes, { "#id": "b" })).toEqual(["b"]);
  });

  fact("what is no clause is refused, by the client where it looks", async (place) => {
    const notes = await createRecords(place);
    const refused = (where: unknown): Promise<string> => refusal(found(notes, where as Where));
    expect(await refused({})).toBe(
      "ChromaValueError: Expected 'where' to have exactly one operator, but got 0",
    );
    expect(await refused({ a: 1, b: 2 })).toContain("exactly one operator, but got 2");
    expect(await refused("x")).toBe("ChromaValueError: Expected where to be a non-empty object");
    expect(await refused({ a: { $gt: "x" } })).toContain("Expected operand value to be a number for $gt");
    expect(await refused({ a: { $in: [] } })).toContain(
      "to be a non-empty list and all values to be of the same type",
    );
    expect(await refused({ a: { $in: [1, "1"] } })).toContain("all values to be of the same type");
    expect(await refused({ a: { $like: "x" } })).toContain("but got $like");
    expect(await refused({ $and: [{ a: 1 }] })).toContain("to be a list of 'where' expressions");
    expect(await refused({ a: null })).toContain("TypeError");
    // A key that looks like an operator is a slip, and with $ne it would match everything.
    expect(await refused({ $nor: "x" })).toBe("ChromaClientError: 400: Invalid where clause");
    expect(await refused({ $nor: { $ne: "x" } })).toBe("ChromaClientError: 400: Invalid where clause");
    expect(await refused({ a: { $eq: { b: 1 } } })).toContain("ChromaValueError: Expected operand value");
    for (const where of [{ a: { $eq: [1] } }, { a: { $gt: Number.NaN } }, { a: { $in: [Number.NaN] } }]) {
      expect(await refused(where)).toBe("ChromaClientError: 400: Invalid where clause");
      const query = notes.query({ queryEmbeddings: [[0, 0]], where: where as unknown as Where });
      expect(await refusal(query)).toBe("ChromaClientError: 400: Invalid where clause");
    }
  });

  fact("a filter is the same in get, query and delete, and beside ids", async (place) => {
    const notes = await createRecords(place);
    const where: Where = { $or: [{ group: "x" }, { v: 2 }] };
    const queryEmbeddings = [[0, 0]];
    expect((await notes.query({ queryEmbeddings, where })).ids).toEqual([["one", "two", "half"]]);
    const ids = ["two", "minus", "unknown"];
    expect((await notes.get({ ids, where })).ids).toEqual(["two"]);
    expect((await notes.query({ queryEmbeddings, where, ids })).ids).toEqual([["two"]]);
    expect(await notes.delete({ where })).toEqual({ deleted: 3 });
    await place.keeps(async (kept) => {
      expect(await found(kept, where)).toEqual([]);
      expect(await kept.count()).toBe(7);
    });
  });

  fact("records found through a filter follow updates and deletes", async (place) => {
    const notes = await createRecords(place);
    expect(await found(notes, { group: "x" })).toEqual(["one", "half"]);
    await notes.update({ ids: ["one", "yes"], metadatas: [{ group: "moved" }, { group: "x" }] });
    await notes.delete({ ids: ["half"] });
    await notes.add({ ids: ["half"], embeddings: [[1, 1]], metadatas: [{ group: "x" }] });
    await place.keeps(async (kept) => {
      expect(await found(kept, { group: "x" })).toEqual(["yes", "half"]);
      expect(await found(kept, { group: "moved" })).toEqual(["one"]);
      expect(await found(kept, { v: { $gt: 1 } })).toEqual(["two"]);
    });
  });

  fact("a hundred clauses and a thousand values are taken", async (place) => {
    const notes = await createRecords(place);
    const many = Array.from({ length: 1000 }, (_, i) => `text-${i}`);
    expect(await found(notes, { group: { $in: [...many, "x"] } })).toEqual(["one", "half"]);
    const $or = [...many.slice(0, 100).map((group) => ({ group })), { group: "z" }];
    expect(await found(notes, { $or })).toEqual(["minus"]);
  });

  differs("filter-sizes", "40,000 ids, 40,000 values and 1,000 clauses are taken", async (place) => {
    const notes = await createRecords(place);
    const many = Array.from({ length: 40_000 }, (_, i) => `text-${i}`);
    expect((await notes.get({ ids: [...many, "one"] })).ids).toEqual(["one"]);
    expect(await found(notes, { group: { $in: [...many, "x"] } })).toEqual(["one", "half"]);
    const $or = [...many.slice(0, 1000).map((group) => ({ group })), { group: "z" }];
    expect(await found(notes, { $or })).toEqual(["minus"]);
  });
}
