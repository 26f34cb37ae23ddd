// CHROMA.md 3.8, 3.9, 3.11, 3.12 and 3.13: texts captured from Chroma's server 1.3.4.

import { describe, expect, test } from "vitest";
import { parseAdd, parseDelete, parseUpdate, parseUpsert } from "../../worker/requests/write.ts";
import { invalid, refusal, unfit } from "./errors.ts";

const vectors = (rows: number, dimension = 2) => ({
  rows,
  dimension,
  values: new Float32Array(rows * dimension),
});
const body = (fields: object = {}) => ({ ids: ["a"], embeddings: vectors(1), ...fields });
const add = (fields: object) => refusal(() => parseAdd(body(fields)));
const uneven = invalid("Inconsistent number of IDs, embeddings, documents, URIs and metadatas");
const writes = [
  ["add", parseAdd],
  ["upsert", parseUpsert],
  ["update", parseUpdate],
] as const;

describe.each(writes)("ids of %s", (_, parse) => {
  test("are strings", () => {
    expect(refusal(() => parse(body({ ids: undefined })))).toEqual(unfit("missing field `ids`"));
    expect(refusal(() => parse(body({ ids: "a" })))).toEqual(
      unfit('ids: invalid type: string "a", expected a sequence'),
    );
    expect(refusal(() => parse(body({ ids: ["b", null] })))).toEqual(
      unfit("ids[1]: invalid type: null, expected a string"),
    );
    expect(refusal(() => parse(body({ ids: [1] })))).toEqual(
      unfit("ids[0]: invalid type: integer `1`, expected a string"),
    );
  });

  test("are not empty", () => {
    expect(refusal(() => parse(body({ ids: [""] })))).toEqual(
      invalid("Empty ID, ID must have at least one character"),
    );
  });

  test("may have any characters, and be there twice", () => {
    const ids = [" ", "\t", "/", "..", "a\0b", "😀", "x".repeat(3000), "a", "a", "__proto__"];
    expect(parse({ ids, embeddings: vectors(ids.length) }).ids).toEqual(ids);
  });

  test("have no lone surrogate", () => {
    expect(refusal(() => parse(body({ ids: ["a\ud800"] })))).toMatchObject({
      status: 400,
      message: expect.stringContaining("ids[0]"),
    });
  });

  test("are as many as every column has entries", () => {
    expect(refusal(() => parse(body({ ids: ["a", "b"] })))).toEqual(uneven);
    for (const column of ["documents", "uris", "metadatas"]) {
      expect(refusal(() => parse(body({ [column]: [] })))).toEqual(uneven);
      expect(refusal(() => parse(body({ [column]: [null, null] })))).toEqual(uneven);
      expect(parse(body({ [column]: null }))).toMatchObject({ [column]: null });
    }
  });

  test("may be none", () => {
    expect(parse({ ids: [], embeddings: vectors(0, 0) }).ids).toEqual([]);
  });
});

describe("embeddings", () => {
  test("are needed to add and upsert", () => {
    for (const parse of [parseAdd, parseUpsert]) {
      expect(refusal(() => parse({ ids: ["a"] }))).toEqual(unfit("missing field `embeddings`"));
      const missing = { rows: 1, dimension: 2, values: new Float32Array(0), present: new Uint8Array(1) };
      for (const embeddings of [null, "x", {}, [[1, 2]], missing]) {
        expect(refusal(() => parse(body({ embeddings })))).toEqual(
          unfit("embeddings: data did not match any variant of untagged enum EmbeddingsPayload"),
        );
      }
    }
  });

  test("of an update may be missing, in all records or in some", () => {
    expect(parseUpdate({ ids: ["a"] }).embeddings).toBeNull();
    const some = { rows: 2, dimension: 2, values: new Float32Array(2), present: Uint8Array.of(0, 1) };
    expect(parseUpdate({ ids: ["a", "b"], embeddings: some }).embeddings).toBe(some);
    const none = { rows: 1, dimension: 0, values: new Float32Array(0), present: new Uint8Array(1) };
    expect(parseUpdate({ ids: ["a"], embeddings: none }).embeddings).toBe(none);
  });

  test("fill their rows exactly", () => {
    for (const packed of [
      { rows: 1, dimension: 2, values: new Float32Array(3) },
      { rows: 1.5, dimension: 2, values: new Float32Array(3) },
      { rows: -1, dimension: -2, values: new Float32Array(2) },
      { rows: 1, dimension: 2, values: [1, 2] },
      { rows: 1, dimension: 2, values: new Float32Array(2), present: Uint8Array.of(1, 0) },
    ]) {
      expect(add({ embeddings: packed })).toMatchObject({ status: 422 });
    }
  });

  test("have a dimension", () => {
    expect(add({ embeddings: vectors(1, 0) })).toEqual(
      invalid("Validation error: embeddings: Each embedding must have at least 1 dimension"),
    );
  });

  test("are finite", () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      for (const [, parse] of writes) {
        const values = Float32Array.of(1, 2, 3, value);
        expect(
          refusal(() => parse({ ids: ["a", "b"], embeddings: { rows: 2, dimension: 2, values } })),
        ).toEqual(
          invalid("Validation error: embeddings: Embeddings must not contain NaN or Infinity values"),
        );
      }
    }
  });
});

describe("documents and uris", () => {
  test("are strings or null, the empty string is one", () => {
    const { documents, uris } = parseAdd({
      ids: ["a", "b", "c"],
      embeddings: vectors(3),
      documents: ["", null, "x\0y"],
      uris: [undefined, "u", null],
    });
    expect(documents).toEqual(["", null, "x\0y"]);
    expect(uris).toEqual([null, "u", null]);
    expect(parseAdd(body({ documents: new Array(1), metadatas: new Array(1) }))).toMatchObject({
      documents: [null],
      metadatas: [null],
    });
  });

  test("are nothing else", () => {
    expect(add({ documents: [5] })).toEqual(
      unfit("documents[0]: invalid type: integer `5`, expected a string"),
    );
    expect(add({ uris: {} })).toEqual(unfit("uris: invalid type: map, expected a sequence"));
    expect(add({ documents: ["\udc00"] })).toMatchObject({ status: 400 });
  });
});

describe("metadata of records", () => {
  const one = (value: unknown) => parseAdd(body({ metadatas: [{ k: value }] })).metadatas![0];
  const patch = (value: unknown) => parseUpdate(body({ metadatas: [{ k: value }] })).metadatas![0];

  test.each([
    ["a string", "x", "x"],
    ["a boolean", true, true],
    ["an int", 2 ** 53, 2 ** 53],
    ["a float", 1.5, 1.5],
    ["a float too big for an int", 1e21, 1e21],
    ["negative zero, as zero", -0, 0],
    ["an exact integer beyond 2^53", 2n ** 53n + 1n, 2n ** 53n + 1n],
    ["a bigint that a number holds, as a number", 5n, 5],
    ["a bigint beyond 64 bits, as a float", 2n ** 63n, 2 ** 63],
    ["a float of integral value", { "#float": 1 }, { "#float": 1 }],
    ["a marked float that needs no mark", { "#float": 1.5 }, 1.5],
    ["strings", ["a", "a"], ["a", "a"]],
    ["booleans", [true, false], [true, false]],
    ["ints", [1, 2], [1, 2]],
    ["ints and floats, all as floats", [1, 2.5, 3n], [{ "#float": 1 }, 2.5, { "#float": 3 }]],
  ])("keeps %s", (_, value, kept) => {
    expect(one(value)).toEqual({ k: kept });
    expect(patch(value)).toEqual({ k: kept });
  });

  test("is not copied when nothing of it changes", () => {
    const metadata = { s: "x", i: 1, f: 1.5, b: true, a: ["x"] };
    expect(parseAdd(body({ metadatas: [metadata] })).metadatas![0]).toBe(metadata);
  });

  test("without a value is null, and so is an undefined one", () => {
    for (const metadata of [null, {}, { k: undefined }, { k: [] }]) {
      expect(parseAdd(body({ metadatas: [metadata] })).metadatas).toEqual([null]);
    }
    expect(parseUpdate(body({ metadatas: [{}] })).metadatas).toEqual([null]);
  });

  test("of an update or upsert deletes keys by null or an empty array", () => {
    for (const parse of [parseUpdate, parseUpsert]) {
      const { metadatas } = parse(body({ metadatas: [{ a: null, b: [], c: 1, d: undefined }] }));
      expect(metadatas).toEqual([{ a: null, b: null, c: 1 }]);
    }
  });

  test("of an add has no null", () => {
    expect(add({ metadatas: [{ k: null }] })).toEqual(
      unfit("metadatas[0].k: data did not match any variant of untagged enum MetadataValue"),
    );
  });

  test.each([[{}], [{ b: 1 }], [["a", 1]], [[true, 1]], [[null]], [[[1]]], [Number.NaN], [Infinity]])(
    "is refused for the value %j",
    (value) => {
      expect(add({ metadatas: [{ k: value }] })).toEqual(
        unfit("metadatas[0].k: data did not match any variant of untagged enum MetadataValue"),
      );
      expect(refusal(() => parseUpsert(body({ metadatas: [{ k: value }] })))).toEqual(
        unfit("metadatas[0].k: data did not match any variant of untagged enum UpdateMetadataValue"),
      );
    },
  );

  test("is a map for every record", () => {
    expect(add({ metadatas: ["x"] })).toEqual(
      unfit('metadatas[0]: invalid type: string "x", expected a map'),
    );
    expect(add({ metadatas: {} })).toEqual(unfit("metadatas: invalid type: map, expected a sequence"));
  });

  test.each(["#a", "$a", ""])("has no key %j, and the record is named", (key) => {
    const refused = invalid("Validation error: metadatas: Invalid metadata at index 1");
    for (const [, parse] of writes) {
      const metadatas = [{ a: 1 }, { b: 2, [key]: 1 }];
      expect(refusal(() => parse({ ids: ["s", "t"], embeddings: vectors(2), metadatas }))).toEqual(refused);
    }
  });

  test("has no key that Chroma keeps for itself", () => {
    expect(add({ metadatas: [{ "chroma:document": "x" }] })).toEqual(
      invalid(
        "Validation error: metadatas: Invalid metadata at index 0: " +
          "keys that start with 'chroma:' are reserved: chroma:document",
      ),
    );
  });

  test("takes sparse vectors not yet", () => {
    const sparse = { indices: [1], values: [0.5] };
    for (const value of [sparse, { "#type": "sparse_vector", ...sparse, tokens: null }]) {
      expect(add({ metadatas: [{ sv: value }] })).toEqual({
        status: 501,
        message: "Unimplemented: Sparse vector is not supported for local chroma: sv",
      });
    }
    expect(add({ metadatas: [{ sv: { "#type": "bogus", ...sparse } }] })).toMatchObject({ status: 422 });
  });

  test("may have any other key: long, dotted, __proto__", () => {
    const metadata = JSON.parse('{"__proto__": 1, "a.b c": 2, "é\\u0000": [1, 2.5]}') as object;
    const long = "x".repeat(5000);
    const parsed = parseAdd(body({ metadatas: [{ ...metadata, [long]: 3 }] }));
    expect(Object.entries(parsed.metadatas![0]!)).toEqual([
      ["__proto__", 1],
      ["a.b c", 2],
      ["é\0", [{ "#float": 1 }, 2.5]],
      [long, 3],
    ]);
  });

  test("has no lone surrogate, in a key, a value, or a list", () => {
    for (const metadata of [{ "\ud800": 1 }, { k: "\udfff" }, { k: ["a", "\ud800"] }]) {
      expect(add({ metadatas: [metadata] })).toMatchObject({ status: 400 });
    }
  });
});

describe("delete", () => {
  const remove = (fields: object) => refusal(() => parseDelete(fields));

  test("may say nothing, and then deletes nothing", () => {
    const nothing = { ids: null, where: null, whereDocument: null, limit: null };
    expect(parseDelete({})).toEqual(nothing);
    expect(parseDelete({ ids: null, where: null, limit: null })).toEqual(nothing);
  });

  test("with no ids needs a filter", () => {
    const refused = invalid("Validation error: ids, where: Either ids or where must be specified");
    expect(remove({ ids: [] })).toEqual(refused);
    expect(remove({ ids: [], limit: 1 })).toEqual(refused);
    expect(remove({ ids: [], where: { a: 1 } })).toBe("accepted");
  });

  test("with a limit needs a filter", () => {
    const refused = invalid(
      "Validation error: limit, where: limit can only be specified when a where clause is provided",
    );
    expect(remove({ limit: 1 })).toEqual(refused);
    expect(remove({ ids: ["a"], limit: 1 })).toEqual(refused);
    expect(parseDelete({ where: { a: 1 }, limit: 0 }).limit).toBe(0);
    expect(remove({ where_document: { $contains: "x" }, limit: 1 })).toBe("accepted");
  });

  test("hands filters on as they came", () => {
    expect(parseDelete({ where: "x", where_document: [] })).toMatchObject({ where: "x", whereDocument: [] });
  });

  test("takes ids that may be empty strings, and no others than strings", () => {
    expect(parseDelete({ ids: ["", "", "a"] }).ids).toEqual(["", "", "a"]);
    expect(remove({ ids: [1] })).toMatchObject({ status: 422 });
  });
});
