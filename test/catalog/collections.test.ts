// CHROMA.md 3.2 to 3.6, 3.9 and 3.19: texts captured from Chroma's server 1.3.4.

import { describe, expect, test } from "vitest";
import {
  assertDimension,
  countCollections,
  listCollections,
  mustGetCollection,
  mustGetCollectionById,
  mustGetCollectionByName,
  planDeleteCollection,
  planWrite,
} from "../../worker/catalog/collections.ts";
import { assertDocumentsSearchable, assertFilterable } from "../../worker/catalog/filterable.ts";
import { graphSettings } from "../../worker/catalog/hnsw.ts";
import { invalid, refusal } from "../requests/errors.ts";
import { scope, TestCatalog } from "./scope.ts";

const elsewhere = { tenant: "default_tenant", database: "nope" };
const everything = { limit: null, offset: 0 };

describe("creating", () => {
  test("needs a name that is free in the database", () => {
    const catalog = new TestCatalog();
    catalog.create({ name: "abc" });
    const taken = { status: 409, message: "Collection [abc] already exists" };
    expect(refusal(() => catalog.create({ name: "abc" }))).toEqual(taken);
    expect(refusal(() => catalog.create({ name: "ABC" }))).toBe("accepted");
  });

  test("needs a database", () => {
    const refused = invalid("Database [nope] does not exist");
    expect(refusal(() => new TestCatalog().create({ name: "abc" }, elsewhere))).toEqual(refused);
    expect(refusal(() => new TestCatalog().create({ name: "abc", get_or_create: true }, elsewhere))).toEqual(
      refused,
    );
  });

  test("or getting gives what is there and ignores the rest of the request", () => {
    const catalog = new TestCatalog();
    const made = catalog.create({ name: "abc", metadata: { a: 1 } });
    const body = { name: "abc", metadata: { b: 2 }, configuration: { hnsw: { space: "ip" } } };
    expect(catalog.create({ ...body, get_or_create: true })).toEqual(made);
    expect(catalog.changes).toHaveLength(1);
  });

  test("or getting still checks the whole request", () => {
    const catalog = new TestCatalog();
    catalog.create({ name: "abc" });
    const body = { name: "abc", get_or_create: true, metadata: { "hnsw:M": "x" } };
    expect(refusal(() => catalog.create(body))).toMatchObject({ status: 400 });
  });
});

describe("settings in metadata", () => {
  test.each([
    { "hnsw:M": 32.5 },
    { "hnsw:M": "32" },
    { "hnsw:M": { "#float": 32 } },
    { "hnsw:M": -1 },
    { "hnsw:M": [32] },
    { "hnsw:space": "manhattan" },
    { "hnsw:space": 1 },
    { "hnsw:foo": 1 },
    { "hnsw:toString": 1 },
    { "hnsw:batch_size": 1 },
    { "hnsw:sync_threshold": 1 },
  ])("are refused when they are none: %j", (metadata) => {
    expect(refusal(() => new TestCatalog().create({ name: "abc", metadata }))).toEqual(
      invalid("Failed to parse hnsw parameters from segment metadata"),
    );
  });

  test("give a float where a float may be", () => {
    for (const factor of [2, 1.5, { "#float": 2 }]) {
      const { configuration_json } = new TestCatalog().create({
        name: "abc",
        metadata: { "hnsw:resize_factor": factor },
      });
      expect(configuration_json.hnsw.resize_factor).toBe(typeof factor === "object" ? 2 : factor);
    }
  });
});

describe("schema and configuration", () => {
  const vector = (config: object) => ({
    defaults: {},
    keys: { "#embedding": { float_list: { vector_index: { enabled: true, config } } } },
  });
  const create = (body: object) => refusal(() => new TestCatalog().create({ name: "abc", ...body }));
  const irreconcilable = (problem: string) => invalid(`Failed to reconcile schema: ${problem}`);
  const conflict = irreconcilable("Cannot set both collection config and schema simultaneously");
  const known = { type: "known", name: "mine", config: {} };

  test("cannot both be set", () => {
    const schema = vector({ space: "cosine" });
    expect(create({ schema, configuration: { hnsw: { space: "ip" } } })).toEqual(conflict);
    expect(create({ schema, configuration: { embedding_function: known } })).toEqual(conflict);
    expect(create({ schema, metadata: { "hnsw:space": "ip" } })).toEqual(conflict);
  });

  test("go together when one of them says only what is the default", () => {
    const schema = vector({ space: "cosine" });
    const neutral = { type: "known", name: "default", config: {} };
    for (const configuration of [{}, { hnsw: { space: "l2" } }, { embedding_function: neutral }]) {
      const made = new TestCatalog().create({ name: "abc", schema, configuration });
      expect(made.configuration_json.hnsw.space).toBe("cosine");
      expect(made.configuration_json.embedding_function).toBeNull();
    }
    expect(create({ schema: vector({}), configuration: { hnsw: { space: "ip" } } })).toBe("accepted");
  });

  test("have no index of sparse vectors yet", () => {
    const on = { enabled: true, config: {} };
    const schema = { defaults: {}, keys: { sv: { sparse_vector: { sparse_vector_index: on } } } };
    expect(create({ schema })).toEqual(
      irreconcilable("Invalid schema input: Sparse vector indexing is not enabled in local"),
    );
  });

  test("bound two settings in a schema", () => {
    expect(create({ schema: vector({ hnsw: { batch_size: 1, sync_threshold: 1 } }) })).toEqual(
      irreconcilable(
        'Invalid HNSW configuration: batch_size: Validation error: range [{"min": Number(2), "value": Number(1)}]\n' +
          'sync_threshold: Validation error: range [{"min": Number(2), "value": Number(1)}]',
      ),
    );
  });
});

describe("changing", () => {
  test("replaces metadata whole and leaves the configuration alone", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc", metadata: { a: 1, b: 2 } });
    catalog.update(id, { new_metadata: { c: 3, d: null, "hnsw:space": "ip" } });
    const record = mustGetCollection(catalog, id);
    expect(record.metadata).toEqual({ c: 3, "hnsw:space": "ip" });
    expect(record.hnsw.space).toBe("l2");
    catalog.update(id, { new_metadata: { a: null } });
    expect(mustGetCollection(catalog, id).metadata).toBeNull();
  });

  test("renames, also to the name it has, never to another's", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "one" });
    catalog.create({ name: "two" });
    catalog.update(id, { new_name: "one" });
    const taken = { status: 409, message: "Collection [two] already exists" };
    expect(refusal(() => catalog.update(id, { new_name: "two", new_metadata: { a: 1 } }))).toEqual(taken);
    expect(mustGetCollection(catalog, id).metadata).toBeNull();
    catalog.update(id, { new_name: "three" });
    expect(mustGetCollectionByName(catalog, scope, "three").id).toBe(id);
    expect(refusal(() => mustGetCollectionByName(catalog, scope, "one"))).toMatchObject({ status: 404 });
    expect(refusal(() => catalog.create({ name: "one" }))).toBe("accepted");
  });

  test("by an empty request changes nothing", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc" });
    catalog.update(id, {});
    expect(catalog.changes).toHaveLength(1);
  });

  test("takes settings one by one", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc", configuration: { hnsw: { ef_search: 50 } } });
    catalog.update(id, { new_configuration: { hnsw: { max_neighbors: 8 } } });
    expect(mustGetCollection(catalog, id).hnsw).toMatchObject({ efSearch: 50, maxNeighbors: 8 });
  });

  test("needs a collection", () => {
    const id = "00000000-0000-4000-8000-000000000000";
    expect(refusal(() => new TestCatalog().update(id, {}))).toEqual({
      status: 404,
      message: `Collection [${id}] does not exist.`,
    });
  });
});

describe("finding and deleting", () => {
  test("by name tells what is missing", () => {
    const missing = { status: 404, message: "Collection [abc] does not exist" };
    const catalog = new TestCatalog();
    expect(refusal(() => mustGetCollectionByName(catalog, scope, "abc"))).toEqual(missing);
    expect(refusal(() => mustGetCollectionByName(catalog, elsewhere, "abc"))).toEqual(missing);
    expect(refusal(() => planDeleteCollection(catalog, scope, "abc"))).toEqual(missing);
  });

  test("by id looks in the database for the collection, and nowhere for its records", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc" });
    expect(mustGetCollectionById(catalog, scope, id)).toBe(mustGetCollection(catalog, id));
    expect(refusal(() => mustGetCollectionById(catalog, elsewhere, id))).toEqual({
      status: 404,
      message: `Collection [${id}] does not exist`,
    });
  });

  test("a deleted collection is gone, and its name gets a new id", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc" });
    const { change } = planDeleteCollection(catalog, scope, "abc");
    expect(catalog.apply(change!)).toEqual([id]);
    expect(refusal(() => mustGetCollection(catalog, id))).toMatchObject({ status: 404 });
    expect(catalog.create({ name: "abc" }).id).not.toBe(id);
  });

  test("lists by id, in pages", () => {
    const catalog = new TestCatalog();
    for (const name of ["zzz", "yyy", "xxx"]) catalog.create({ name });
    const names = (page: { limit: number | null; offset: number }) =>
      listCollections(catalog, scope, page).map(({ name }) => name);
    expect(names(everything)).toEqual(["zzz", "yyy", "xxx"]);
    expect(names({ limit: 1, offset: 1 })).toEqual(["yyy"]);
    expect(names({ limit: 0, offset: 0 })).toEqual([]);
    expect(names({ limit: null, offset: 99 })).toEqual([]);
    expect(countCollections(catalog, scope)).toBe(3);
  });

  test("finds nothing in a database that does not exist", () => {
    expect(listCollections(new TestCatalog(), elsewhere, everything)).toEqual([]);
    expect(countCollections(new TestCatalog(), elsewhere)).toBe(0);
  });
});

describe("a write of records", () => {
  test("fixes the dimension, and from then on no other fits", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc" });
    assertDimension(mustGetCollection(catalog, id), 7);
    catalog.apply(planWrite(mustGetCollection(catalog, id), 2, null)!);
    const record = mustGetCollection(catalog, id);
    expect(record.dimension).toBe(2);
    const refused = invalid("Collection expecting embedding with dimension of 2, got 3");
    expect(refusal(() => planWrite(record, 3, null))).toEqual(refused);
    expect(refusal(() => assertDimension(record, 3))).toEqual(refused);
  });

  test("that shows nothing new changes nothing", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc" });
    catalog.apply(planWrite(mustGetCollection(catalog, id), 2, [{ a: 1 }, null])!);
    expect(planWrite(mustGetCollection(catalog, id), 2, [{ a: 2 }])).toBeUndefined();
    expect(planWrite(mustGetCollection(catalog, id), null, [{ a: null }])).toBeUndefined();
    expect(planWrite(mustGetCollection(catalog, id), 2, [{ a: 1.5 }])).toEqual({
      type: "extendCollection",
      id,
      schemaKeys: [{ key: "a", types: ["float"] }],
    });
  });

  test("may show a key named __proto__", () => {
    const catalog = new TestCatalog();
    const { id } = catalog.create({ name: "abc" });
    const metadata = JSON.parse('{"__proto__": 1}') as Record<string, number>;
    catalog.apply(planWrite(mustGetCollection(catalog, id), 2, [metadata])!);
    const { schema } = listCollections(catalog, scope, everything)[0]!;
    expect(Object.keys(schema.keys)).toContain("__proto__");
    expect(({} as { int?: unknown }).int).toBeUndefined();
  });
});

describe("a filter", () => {
  const off = { enabled: false, config: {} };
  const disabled = (key: string, type: string) =>
    invalid(`Cannot filter using metadata key '${key}' with type '${type}' because indexing is disabled`);

  test("uses any key by default, and the text of documents, but not their equality", () => {
    const catalog = new TestCatalog();
    const record = mustGetCollection(catalog, catalog.create({ name: "abc" }).id);
    for (const type of ["string", "int", "float", "bool"] as const) {
      expect(refusal(() => assertFilterable(record, "any", type))).toBe("accepted");
    }
    expect(refusal(() => assertDocumentsSearchable(record))).toBe("accepted");
    expect(refusal(() => assertFilterable(record, "#document", "string"))).toEqual(
      disabled("#document", "Str"),
    );
  });

  test("uses no index that the schema switches off", () => {
    const catalog = new TestCatalog();
    const schema = {
      defaults: { string: { string_inverted_index: off } },
      keys: {
        kept: { string: { string_inverted_index: { enabled: true, config: {} } } },
        n: { int: { int_inverted_index: off }, float: { float_inverted_index: off } },
        "#document": { string: { fts_index: off } },
      },
    };
    const record = mustGetCollection(catalog, catalog.create({ name: "abc", schema }).id);
    expect(refusal(() => assertFilterable(record, "any", "string"))).toEqual(disabled("any", "Str"));
    expect(refusal(() => assertFilterable(record, "n", "int"))).toEqual(disabled("n", "Int"));
    expect(refusal(() => assertFilterable(record, "n", "float"))).toEqual(disabled("n", "Float"));
    expect(refusal(() => assertFilterable(record, "n", "bool"))).toBe("accepted");
    expect(refusal(() => assertFilterable(record, "kept", "string"))).toBe("accepted");
    expect(refusal(() => assertDocumentsSearchable(record))).toEqual(
      invalid("Cannot filter using full-text search because FTS indexing is disabled"),
    );
  });
});

test("a graph is built within what works, whatever was configured", () => {
  const catalog = new TestCatalog();
  const hnsw = { max_neighbors: 0, ef_construction: 0, ef_search: 2 ** 63 };
  const { id, configuration_json } = catalog.create({ name: "abc", configuration: { hnsw } });
  expect(configuration_json.hnsw).toMatchObject(hnsw);
  expect(graphSettings(mustGetCollection(catalog, id).hnsw)).toEqual({
    maxNeighbors: 4,
    efConstruction: 4,
    efSearch: 65_536,
  });
});
