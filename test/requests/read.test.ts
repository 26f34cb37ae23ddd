// CHROMA.md 3.6, 3.16, 3.17 and 3.19: texts captured from Chroma's server 1.3.4.

import { describe, expect, test } from "vitest";
import { parseCollectionId, parseCollectionIdToGet } from "../../worker/requests/collection-id.ts";
import { parseListQuery, parseReadLevel } from "../../worker/requests/query-string.ts";
import { parseGet, parseQuery } from "../../worker/requests/read.ts";
import { invalid, refusal, unfit } from "./errors.ts";

const embeddings = { rows: 1, dimension: 2, values: new Float32Array(2) };
const query = (fields: object = {}) => ({ query_embeddings: embeddings, ...fields });

describe("get", () => {
  test("of everything gives documents and metadatas", () => {
    expect(parseGet({})).toEqual({
      ids: null,
      where: null,
      whereDocument: null,
      include: ["documents", "metadatas"],
      limit: null,
      offset: 0,
    });
  });

  test("repeats the columns asked for, in their order, twice where asked twice", () => {
    const include = ["uris", "documents", "documents", "distances"];
    expect(parseGet({ include }).include).toEqual(include);
    expect(parseGet({ include: [] }).include).toEqual([]);
  });

  test("knows five columns", () => {
    const expected = "expected one of `distances`, `documents`, `embeddings`, `metadatas`, `uris`";
    expect(refusal(() => parseGet({ include: ["uris", "data"] }))).toEqual(
      unfit(`include[1]: unknown variant \`data\`, ${expected}`),
    );
    expect(refusal(() => parseGet({ include: "documents" }))).toEqual(
      unfit('include: invalid type: string "documents", expected a sequence'),
    );
    expect(refusal(() => parseGet({ include: Object.assign(Array<string>(2), { 0: "uris" }) }))).toEqual(
      unfit("include[1]: invalid type: null, expected string or map"),
    );
    expect(refusal(() => parseGet({ include: null }))).toEqual(
      unfit("include: invalid type: null, expected a sequence"),
    );
    expect(refusal(() => parseGet({ include: [1] }))).toMatchObject({ status: 422 });
  });

  test("takes ids that are empty strings or repeat, and an empty list of them", () => {
    expect(parseGet({ ids: ["", "a", "a"] }).ids).toEqual(["", "a", "a"]);
    expect(parseGet({ ids: [] }).ids).toEqual([]);
    expect(parseGet({ ids: null }).ids).toBeNull();
  });

  test("takes limit and offset as unsigned 32-bit numbers", () => {
    expect(parseGet({ limit: 0, offset: 4294967295 })).toMatchObject({ limit: 0, offset: 4294967295 });
    expect(parseGet({ limit: null, offset: null })).toMatchObject({ limit: null, offset: 0 });
    expect(refusal(() => parseGet({ limit: -1 }))).toEqual(
      unfit("limit: invalid value: integer `-1`, expected u32"),
    );
    expect(refusal(() => parseGet({ limit: 4294967296 }))).toEqual(
      unfit("limit: invalid value: integer `4294967296`, expected u32"),
    );
    expect(refusal(() => parseGet({ limit: "1" }))).toEqual(
      unfit('limit: invalid type: string "1", expected u32'),
    );
    expect(refusal(() => parseGet({ offset: 1.5 }))).toEqual(
      unfit("offset: invalid type: floating point `1.5`, expected u32"),
    );
  });

  test("ignores fields nobody knows and hands filters on", () => {
    expect(parseGet({ foo: 1, where: {}, where_document: "x" })).toMatchObject({
      where: {},
      whereDocument: "x",
    });
  });
});

describe("query", () => {
  test("gives ten results with their distances", () => {
    expect(parseQuery(query())).toMatchObject({
      nResults: 10,
      include: ["documents", "metadatas", "distances"],
    });
    expect(parseQuery(query({ n_results: null })).nResults).toBe(10);
    expect(parseQuery(query({ n_results: 0 })).nResults).toBe(0);
  });

  test("takes n_results as an unsigned 32-bit number", () => {
    expect(refusal(() => parseQuery(query({ n_results: 1.5 })))).toEqual(
      unfit("n_results: invalid type: floating point `1.5`, expected u32"),
    );
    expect(refusal(() => parseQuery(query({ n_results: -1 })))).toEqual(
      unfit("n_results: invalid value: integer `-1`, expected u32"),
    );
  });

  test("needs embeddings, maybe none, maybe infinite ones", () => {
    expect(refusal(() => parseQuery({}))).toEqual(unfit("missing field `query_embeddings`"));
    expect(refusal(() => parseQuery({ query_embeddings: null }))).toEqual(
      unfit("query_embeddings: invalid type: null, expected a sequence"),
    );
    const none = { rows: 0, dimension: 0, values: new Float32Array(0) };
    expect(parseQuery({ query_embeddings: none }).embeddings).toBe(none);
    const infinite = { rows: 1, dimension: 2, values: Float32Array.of(Infinity, 1) };
    expect(parseQuery({ query_embeddings: infinite }).embeddings).toBe(infinite);
  });

  test("has numbers for its embeddings", () => {
    const values = Float32Array.of(1, 2, 3, Number.NaN);
    expect(refusal(() => parseQuery({ query_embeddings: { rows: 2, dimension: 2, values } }))).toEqual(
      unfit("query_embeddings[1][1]: invalid type: null, expected f32"),
    );
  });
});

describe("the query string", () => {
  test("of a list has limit and offset, as numbers or as text", () => {
    expect(parseListQuery()).toEqual({ limit: null, offset: 0 });
    expect(parseListQuery({ limit: 100, offset: 0 })).toEqual({ limit: 100, offset: 0 });
    expect(parseListQuery({ limit: "0", offset: "7" })).toEqual({ limit: 0, offset: 7 });
  });

  test.each([
    [-1, "invalid digit found in string"],
    ["abc", "invalid digit found in string"],
    [1.5, "invalid digit found in string"],
    ["", "cannot parse integer from empty string"],
    [99999999999, "number too large to fit in target type"],
    [1e21, "number too large to fit in target type"],
  ])("of a list refuses %j", (limit, problem) => {
    expect(refusal(() => parseListQuery({ limit }))).toEqual(
      invalid(`Failed to deserialize query string: limit: ${problem}`),
    );
  });

  test("has a read level of three", () => {
    expect(parseReadLevel()).toBe("index_and_wal");
    expect(parseReadLevel({ read_level: "index_only" })).toBe("index_only");
    expect(refusal(() => parseReadLevel({ read_level: "bogus" }))).toEqual(
      invalid(
        "Failed to deserialize query string: read_level: unknown variant `bogus`, " +
          "expected one of `index_and_wal`, `index_only`, `index_and_bounded_wal`",
      ),
    );
  });
});

describe("the id of a collection", () => {
  const id = "b97526bd-119b-4e8f-9c8f-d6629b559668";

  test("is a UUID in any spelling", () => {
    for (const text of [id, id.toUpperCase(), id.replaceAll("-", ""), `urn:uuid:${id}`, `{${id}}`]) {
      expect(parseCollectionId(text)).toBe(id);
      expect(parseCollectionIdToGet(text)).toBe(id);
    }
  });

  test("is refused in the words of its operation when it is not", () => {
    for (const text of ["", "xyz", `${id}0`, `{${id}`]) {
      expect(refusal(() => parseCollectionId(text))).toEqual(invalid("Collection ID is not a valid UUIDv4"));
      expect(refusal(() => parseCollectionIdToGet(text))).toEqual(
        invalid("Validation error: collection_id: Invalid collection ID format, expected UUID"),
      );
    }
  });
});
