// where and where_document, in every form that they may and may not have.

import { expect } from "vitest";
import type { Rest, RestCollection } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

const metadatas = [
  { v: 1 },
  { v: 1.5 },
  { v: 2 },
  { v: "1" },
  { v: true },
  { v: [1, 2] },
  { v: ["x", "y"] },
  { other: 1 },
  null,
];

/** Ids `r0`, `r1`, … for `metadatas`; `v` is an int, a float, an int, a text, a boolean, arrays, or missing. */
async function createValues(rest: Rest): Promise<RestCollection> {
  const values = await rest.createCollection();
  const ids = metadatas.map((_, i) => `r${i}`);
  await values.post("add", { ids, embeddings: ids.map((_, i) => [i]), metadatas });
  return values;
}

const documents = ["The quick fox", "the 100% lazy_dog", "line\nbreak", "naïve 🦉 \\ path", "", null];

async function createDocuments(rest: Rest): Promise<RestCollection> {
  const texts = await rest.createCollection();
  const ids = documents.map((_, i) => `d${i}`);
  await texts.post("add", { ids, embeddings: ids.map((_, i) => [i]), documents });
  return texts;
}

type Case = readonly [where: unknown, ids: string];

async function expectFound(notes: RestCollection, field: string, cases: readonly Case[]): Promise<void> {
  for (const [filter, ids] of cases) {
    const found = await notes.found({ [field]: filter });
    expect(found.join(" "), JSON.stringify(filter)).toBe(ids);
  }
}

async function expectRefused(
  notes: RestCollection,
  field: string,
  filters: readonly unknown[],
  said: RegExp,
) {
  for (const filter of filters) {
    expect(await notes.post("get", { [field]: filter }), JSON.stringify(filter)).toMatch(said);
  }
}

export function filterFacts({ fact, differs }: RestFacts): void {
  fact("equal is of one type, but int and float are one", async (rest) => {
    await expectFound(await createValues(rest), "where", [
      [{ v: 1 }, "r0"],
      [{ v: { $eq: 2 } }, "r2"],
      [{ v: "1" }, "r3"],
      [{ v: true }, "r4"],
      [{ v: { $gte: 1 } }, "r0 r1 r2"],
      [{ v: { $lt: 2 } }, "r0 r1"],
      [{ v: { $gt: 1 } }, "r1 r2"],
      [{ v: { $lte: 2 } }, "r0 r1 r2"],
      [{ v: { $in: [2, 1] } }, "r0 r2"],
      [{ v: { $in: ["1", "x"] } }, "r3"],
    ]);
  });

  fact("what is negated matches a missing key, other types and no metadata", async (rest) => {
    await expectFound(await createValues(rest), "where", [
      [{ v: { $ne: 1 } }, "r1 r2 r3 r4 r5 r6 r7 r8"],
      [{ v: { $nin: [1, 2] } }, "r1 r3 r4 r5 r6 r7 r8"],
      [{ v: { $not_contains: 1 } }, "r0 r1 r2 r3 r4 r6 r7 r8"],
      [{ none: { $ne: 1 } }, "r0 r1 r2 r3 r4 r5 r6 r7 r8"],
      [{ none: 1 }, ""],
      [{ none: { $gt: 1 } }, ""],
      [{ none: { $in: [1] } }, ""],
      [{ none: { $contains: 1 } }, ""],
    ]);
  });

  fact("contains looks into arrays alone, and arrays equal nothing", async (rest) => {
    const notes = await createValues(rest);
    await expectFound(notes, "where", [
      [{ v: { $contains: 2 } }, "r5"],
      [{ v: { $contains: "x" } }, "r6"],
      [{ v: "x" }, ""],
      [{ v: { $in: ["x"] } }, ""],
    ]);
  });

  fact("clauses nest; none is all for and, nothing for or", async (rest) => {
    await expectFound(await createValues(rest), "where", [
      [{ $and: [{ v: 1 }] }, "r0"],
      [{ $or: [{ v: 1 }, { $and: [{ v: { $gt: 1 } }, { v: { $lt: 2 } }] }] }, "r0 r1"],
      [{ $and: [] }, "r0 r1 r2 r3 r4 r5 r6 r7 r8"],
      [{ $or: [] }, ""],
      [null, "r0 r1 r2 r3 r4 r5 r6 r7 r8"],
      [{ "#embedding": 1 }, ""],
    ]);
  });

  fact("what is no clause is refused", async (rest) => {
    const notes = await createValues(rest);
    const invalid = /^400 InvalidArgumentError: .*Invalid where clause/;
    await expectRefused(
      notes,
      "where",
      [
        {},
        [],
        "v",
        { v: null },
        { v: { $eq: 1, $ne: 2 } },
        { v: 1, w: 2 },
        { v: { $near: 1 } },
        { v: { $gt: "a" } },
        { v: { $lt: true } },
        { v: { $in: [] } },
        { v: { $in: [1, "a"] } },
        { v: { $nin: [true, 1] } },
        { v: { $eq: null } },
      ],
      invalid,
    );
  });

  fact("a where clause may ask for the document", async (rest) => {
    const texts = await createDocuments(rest);
    await expectFound(texts, "where", [
      [{ "#document": { $contains: "quick" } }, "d0"],
      [{ "#document": { $not_contains: "quick" } }, "d1 d2 d3 d4 d5"],
      [{ "#document": { $regex: "^the" } }, "d1"],
    ]);
    expect(await texts.post("get", { where: { "#document": "x" } })).toMatch(
      /^400 InvalidArgumentError: Cannot filter using metadata key '#document' .*indexing is disabled/,
    );
  });

  fact("contains is a substring, and case counts", async (rest) => {
    await expectFound(await createDocuments(rest), "where_document", [
      [{ $contains: "quick" }, "d0"],
      [{ $contains: "QUICK" }, ""],
      [{ $contains: "he" }, "d0 d1"],
      [{ $contains: "h" }, "d0 d1 d3"],
      [{ $contains: "100%" }, "d1"],
      [{ $contains: "1%" }, ""],
      [{ $contains: "y_d" }, "d1"],
      [{ $contains: "e_quick" }, ""],
      [{ $contains: "\\" }, "d3"],
      [{ $contains: "🦉" }, "d3"],
      [{ $contains: "nai\u0308ve" }, ""],
      [{ $contains: "e\nb" }, "d2"],
      [{ $contains: "" }, "d0 d1 d2 d3 d4"],
      [{ $not_contains: "the" }, "d0 d2 d3 d4 d5"],
    ]);
  });

  fact("regex is Rust's dialect", async (rest) => {
    const texts = await createDocuments(rest);
    await expectFound(texts, "where_document", [
      [{ $regex: "(?i)THE" }, "d0 d1"],
      [{ $regex: "\\d+%" }, "d1"],
      [{ $regex: "\\bfox\\b" }, "d0"],
      [{ $regex: "line.break" }, ""],
      [{ $regex: "(?s)line.break" }, "d2"],
      [{ $regex: "na\\wve" }, "d3"],
      [{ $regex: "" }, "d0 d1 d2 d3 d4"],
      [{ $not_regex: "[a-z]" }, "d4 d5"],
    ]);
    for (const pattern of ["(?=a)", "(a)\\1", "["]) {
      expect(await texts.post("get", { where_document: { $regex: pattern } })).toMatch(
        /^400 InvalidArgumentError: .*Regex syntax errror: /,
      );
    }
  });

  fact("document clauses nest, and what is none is refused", async (rest) => {
    const texts = await createDocuments(rest);
    await expectFound(texts, "where_document", [
      [{ $and: [{ $contains: "he" }, { $not_contains: "fox" }] }, "d1"],
      [{ $or: [{ $contains: "fox" }, { $and: [{ $contains: "line" }] }] }, "d0 d2"],
      [{ $and: [] }, "d0 d1 d2 d3 d4 d5"],
      [{ $or: [] }, ""],
      [null, "d0 d1 d2 d3 d4 d5"],
    ]);
    await expectRefused(
      texts,
      "where_document",
      [
        {},
        [],
        "fox",
        { $matches: "x" },
        { $not_matches: "x" },
        { $contains: 7 },
        { $contains: "a", $regex: "b" },
      ],
      /^400 InvalidArgumentError: .*Invalid where document clause/,
    );
  });

  fact("ids, where and where_document all have to match", async (rest) => {
    const notes = await rest.createCollection();
    const ids = ["a", "b", "c", "d"];
    await notes.post("add", {
      ids,
      embeddings: ids.map((_, i) => [i]),
      metadatas: ids.map((_, i) => ({ even: i % 2 === 0 })),
      documents: ["red", "red", "blue", "red"],
    });
    const where = { even: true };
    const where_document = { $contains: "red" };
    expect(await notes.found({ where, where_document })).toEqual(["a"]);
    expect(await notes.found({ ids: ["b", "d", "nothing"], where_document })).toEqual(["b", "d"]);
    expect(await notes.found({ ids: ["c"], where, where_document })).toEqual([]);
  });

  differs(
    "number-filters",
    "bounds between two integers",
    async (rest) => {
      const notes = await createValues(rest);
      const filters = [{ $lt: 1.5 }, 1.5, { $gte: 1.5 }, { $in: [1.5] }];
      return Promise.all(filters.map(async (v) => (await notes.found({ where: { v } })).join(" ")));
    },
    {
      server: ["", "r0 r1", "r0 r1 r2", "r0 r1"],
      chromalite: ["r0", "r1", "r1 r2", "r1"],
    },
  );

  differs(
    "mixed-number-lists",
    "a list of numbers that begins with an integer",
    async (rest) => (await createValues(rest)).post("get", { where: { v: { $in: [1, 1.5] } }, include: [] }),
    { server: /^400 InvalidArgumentError: /, chromalite: /^200 \{"ids":\["r0","r1"\]/ },
  );

  differs(
    "float-array-contains",
    "an integer in an array of floats, and a float in one of integers",
    async (rest) => {
      const notes = await rest.createCollection();
      const metadatas = [{ v: [1, 2.5] }, { v: [3, 4] }];
      await notes.post("add", { ids: ["a", "b"], embeddings: [[1], [2]], metadatas });
      const found = async (wanted: string): Promise<string[]> => {
        const reply = await notes.post("get", `{"where":{"v":{"$contains":${wanted}}},"include":[]}`);
        return (JSON.parse(reply.slice(4)) as { ids: string[] }).ids;
      };
      return [await found("1"), await found("1.0"), await found("3"), await found("3.0")];
    },
    { server: [[], ["a"], ["b"], []], chromalite: [["a"], ["a"], ["b"], ["b"]] },
  );

  differs(
    "wide-number-filters",
    "a number from 2^63 on",
    async (rest) => {
      const notes = await rest.createCollection();
      await notes.post("add", '{"ids":["a"],"embeddings":[[1]],"metadatas":[{"k":9223372036854775808}]}');
      return notes.post("get", '{"where":{"k":{"$eq":9223372036854775808}},"include":[]}');
    },
    { server: /^400 InvalidArgumentError: /, chromalite: /^200 \{"ids":\["a"\]/ },
  );

  differs(
    "id-filter",
    "#id in a where clause",
    async (rest) => (await createValues(rest)).found({ where: { "#id": "r3" } }),
    { server: [], chromalite: ["r3"] },
  );

  differs(
    "filter-sizes",
    "forty thousand ids, and as many values",
    async (rest) => {
      const notes = await createValues(rest);
      const many = Array.from({ length: 40_000 }, (_, i) => i);
      const byIds = await notes.post("get", { ids: many.map((i) => `r${i}`), include: [] });
      const byValues = await notes.post("get", { where: { v: { $in: many } }, include: [] });
      return `${byIds} ${byValues}`;
    },
    {
      server: /^500 .*too many SQL variables.* 500 .*too many SQL variables/,
      chromalite: /^200 \{"ids":\["r0","r1".* 200 \{"ids":\["r0","r2"\]/,
    },
  );

  differs(
    "nul-in-documents",
    "what stands behind a NUL in a document",
    async (rest) => {
      const notes = await rest.createCollection();
      await notes.post("add", { ids: ["a", "b"], embeddings: [[1], [2]], documents: ["x\0y", "z"] });
      return [
        await notes.found({ where_document: { $contains: "y" } }),
        await notes.found({ where_document: { $contains: "\0" } }),
      ];
    },
    { server: [[], ["a", "b"]], chromalite: [["a"], ["a"]] },
  );

  differs(
    "regex-dialect",
    "set operations in a class",
    async (rest) => (await createDocuments(rest)).post("get", { where_document: { $regex: "[a-z&&[^y]]" } }),
    { server: /^200 /, chromalite: /^400 InvalidArgumentError: .*Regex syntax errror: / },
  );
}
