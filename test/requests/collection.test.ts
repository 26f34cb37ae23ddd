// CHROMA.md 3.2, 3.3 and 3.5: texts captured from Chroma's server 1.3.4.

import { describe, expect, test } from "vitest";
import { parseCreateCollection, parseUpdateCollection } from "../../worker/requests/collection.ts";
import { invalid, refusal, unfit } from "./errors.ts";

const create = (body: object) => refusal(() => parseCreateCollection({ name: "abc", ...body }));
const update = (body: unknown) => refusal(() => parseUpdateCollection(body));
const noVariant = (type: string) => `data did not match any variant of untagged enum ${type}`;

describe("an embedding function's configuration", () => {
  const configure = (config: unknown) =>
    create({ configuration: { embedding_function: { type: "known", name: "ours", config } } });
  const nest = (depth: number): unknown => (depth === 0 ? 1 : { a: nest(depth - 1) });
  const place = "configuration.embedding_function.config";

  test("is any JSON, as deep as the server's", () => {
    expect(configure(nest(100))).toBe("accepted");
    expect(configure(nest(1000))).toEqual(
      invalid(`Failed to parse the request body as JSON: ${place}: recursion limit exceeded`),
    );
  });

  test("keeps names of JavaScript's own, and holes as nulls", () => {
    const config: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}');
    const embedding_function = { type: "known", name: "ours", config };
    const { configuration } = parseCreateCollection({ name: "abc", configuration: { embedding_function } });
    const parsed = configuration?.embeddingFunction as unknown as { config: object };
    expect(JSON.stringify(parsed.config)).toBe('{"__proto__":{"x":1},"constructor":2}');
    expect(configure(Array<number>(3))).toBe("accepted");
  });

  test("has no half characters", () => {
    const problem = invalid(`${place}: a string with a lone surrogate, expected well-formed Unicode`);
    expect(configure({ a: "\uD83D" })).toEqual(problem);
    expect(configure({ "\uD83D": 1 })).toEqual(problem);
  });
});

describe("the body", () => {
  test("is an object", () => {
    expect(refusal(() => parseCreateCollection(null))).toEqual(
      unfit("invalid type: null, expected struct CreateCollectionPayload"),
    );
    expect(refusal(() => parseCreateCollection("x"))).toEqual(
      unfit('invalid type: string "x", expected struct CreateCollectionPayload'),
    );
  });

  test("needs a boolean get_or_create where there is one", () => {
    expect(create({ get_or_create: "x" })).toEqual(
      unfit('get_or_create: invalid type: string "x", expected a boolean'),
    );
    expect(parseCreateCollection({ name: "abc" }).getOrCreate).toBe(false);
  });

  test("may hold fields nobody knows", () => {
    expect(create({ foo: 1 })).toBe("accepted");
  });

  test("names every field that breaks a rule", () => {
    expect(create({ name: "g", metadata: {} })).toEqual(
      invalid(
        "Validation error: name: Expected a name containing 3-512 characters from [a-zA-Z0-9._-], " +
          "starting and ending with a character in [a-zA-Z0-9]. Got: g\nmetadata: Metadata cannot be empty",
      ),
    );
  });
});

describe("metadata of a new collection", () => {
  test("may be missing, but not empty, with get_or_create neither", () => {
    expect(parseCreateCollection({ name: "abc", metadata: null }).metadata).toBeNull();
    const refused = invalid("Validation error: metadata: Metadata cannot be empty");
    expect(create({ metadata: {} })).toEqual(refused);
    expect(create({ metadata: {}, get_or_create: true })).toEqual(refused);
  });

  test("holds strings, numbers, booleans and, unlike on the server, arrays", () => {
    const metadata = { s: "x", i: 1, f: 1.5, b: true, a: ["x", "y"], "chroma:x": 1 };
    expect(parseCreateCollection({ name: "abc", metadata }).metadata).toEqual(metadata);
  });

  test("holds no null, no object, no mixed array", () => {
    for (const value of [null, {}, { b: 1 }, ["a", 1], [[1]], [null], Number.NaN, new Date(0)]) {
      expect(create({ metadata: { a: value } })).toEqual(unfit(`metadata.a: ${noVariant("MetadataValue")}`));
    }
    expect(create({ metadata: [] })).toEqual(unfit("metadata: invalid type: sequence, expected a map"));
  });

  test("has keys that are not empty and begin with no sigil", () => {
    for (const key of ["#a", "$a"]) {
      expect(create({ metadata: { [key]: 1 } })).toEqual(
        invalid(`Validation error: metadata: Metadata key cannot start with '#' or '$': ${key}`),
      );
    }
    expect(create({ metadata: { "": 1 } })).toEqual(
      invalid("Validation error: metadata: Metadata key cannot be empty"),
    );
  });

  test("may have keys that mean something to JavaScript", () => {
    const metadata = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": [1, 2.5]}') as object;
    const parsed = parseCreateCollection({ name: "abc", metadata }).metadata!;
    expect(Object.keys(parsed)).toEqual(["__proto__", "constructor", "toString"]);
    expect(Object.entries(parsed)[0]).toEqual(["__proto__", 1]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("configuration of a new collection", () => {
  const path = (rest: string) => unfit(`configuration.${rest}`);

  test("may be missing, null, empty, or have unknown keys", () => {
    for (const configuration of [undefined, null, {}, { foo: 1 }, { hnsw: null }]) {
      expect(create({ configuration })).toBe("accepted");
    }
  });

  test("has a space of three", () => {
    expect(create({ configuration: { hnsw: { space: "manhattan" } } })).toEqual(
      path("hnsw.space: unknown variant `manhattan`, expected one of `l2`, `cosine`, `ip`"),
    );
  });

  test("has whole numbers from nought up, however extreme", () => {
    const hnsw = {
      ef_search: 0,
      ef_construction: 0,
      max_neighbors: 0,
      sync_threshold: 1,
      resize_factor: 0.5,
    };
    expect(create({ configuration: { hnsw } })).toBe("accepted");
    expect(create({ configuration: { hnsw: { ef_search: 2 ** 63 } } })).toBe("accepted");
    expect(create({ configuration: { hnsw: { ef_search: -5 } } })).toEqual(
      path("hnsw.ef_search: invalid value: integer `-5`, expected usize"),
    );
    expect(create({ configuration: { hnsw: { ef_search: 5.5 } } })).toEqual(
      path("hnsw.ef_search: invalid type: floating point `5.5`, expected usize"),
    );
    expect(create({ configuration: { hnsw: { resize_factor: "a" } } })).toEqual(
      path('hnsw.resize_factor: invalid type: string "a", expected f64'),
    );
  });

  test("has no unknown key inside hnsw or spann", () => {
    expect(create({ configuration: { hnsw: { foo: 5 } } })).toEqual(
      path(
        "hnsw.foo: unknown field `foo`, expected one of `space`, `ef_construction`, `ef_search`, " +
          "`max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`, `batch_size`",
      ),
    );
    expect(create({ configuration: { spann: { search_nprobe: -1 } } })).toEqual(
      path("spann.search_nprobe: invalid value: integer `-1`, expected u32"),
    );
  });

  test("has hnsw or spann, not both", () => {
    const refused = invalid("Multiple vector index configurations provided");
    expect(create({ configuration: { hnsw: {}, spann: {} } })).toEqual(refused);
    expect(update({ new_configuration: { hnsw: { ef_search: 6 }, spann: { ef_search: 3 } } })).toEqual(
      refused,
    );
  });

  test("names an embedding function of a known kind", () => {
    const at = "embedding_function";
    expect(create({ configuration: { [at]: { type: "bogus" } } })).toEqual(
      path(`${at}.type: unknown variant \`bogus\`, expected one of \`legacy\`, \`known\`, \`unknown\``),
    );
    expect(create({ configuration: { [at]: { type: "known", name: "x" } } })).toEqual(
      path(`${at}: missing field \`config\``),
    );
    expect(create({ configuration: { [at]: "x" } })).toEqual(
      path(`${at}: invalid type: string "x", expected internally tagged enum EmbeddingFunctionConfiguration`),
    );
  });

  test("is refused when an embedding function's configuration is nested without end", () => {
    let config: unknown = 1;
    for (let i = 0; i < 10_000; i++) config = [config];
    const result = create({ configuration: { embedding_function: { type: "known", name: "x", config } } });
    expect(result).toMatchObject({ status: 400, message: expect.stringContaining("recursion limit") });
  });
});

describe("the schema of a new collection", () => {
  const at = "Validation error: schema: ";
  const on = { enabled: true, config: {} };
  const schema = (keys: object, defaults: object = {}) => create({ schema: { defaults, keys } });

  test("has defaults and keys", () => {
    expect(create({ schema: {} })).toEqual(unfit("schema: missing field `defaults`"));
    expect(create({ schema: { defaults: {} } })).toEqual(unfit("schema: missing field `keys`"));
    expect(create({ schema: { defaults: {}, keys: [] } })).toEqual(
      unfit("schema.keys: invalid type: sequence, expected a map"),
    );
    expect(schema({ x: { string: { string_inverted_index: { enabled: "yes", config: {} } } } })).toEqual(
      unfit(
        "schema.keys.x.string.string_inverted_index.enabled: " +
          'invalid type: string "yes", expected a boolean',
      ),
    );
  });

  test.each([
    [
      { "#foo": { string: { string_inverted_index: on } } },
      "key cannot begin with '#'. Keys starting with '#' are reserved for system use: #foo",
    ],
    [
      { category: { string: { fts_index: on } } },
      "Full text search / regular expression index can only be enabled on #document field: category",
    ],
    [
      { category: { float_list: { vector_index: on } } },
      "Vector index can only be enabled on #embedding field: category",
    ],
    [
      { "#embedding": { float_list: { vector_index: { enabled: true, config: { source_key: "body" } } } } },
      "Vector index can only source from #document",
    ],
    [
      { "#document": { string: { string_inverted_index: on } } },
      "String inverted index can not be enabled on #document key: #document",
    ],
    [
      { "#document": { int: { int_inverted_index: on } } },
      "Document field cannot have any value types other than string: #document",
    ],
    [
      { "#embedding": { string: { string_inverted_index: on } } },
      "Embedding field cannot have any value types other than float_list: #embedding",
    ],
  ])("puts indexes where they can be: %j", (keys, problem) => {
    expect(schema(keys)).toEqual(invalid(at + problem));
  });

  test("enables by default neither vectors, nor sparse vectors, nor full text", () => {
    expect(schema({}, { float_list: { vector_index: on } })).toMatchObject({ status: 400 });
    expect(schema({}, { sparse_vector: { sparse_vector_index: on } })).toMatchObject({ status: 400 });
    expect(schema({}, { string: { fts_index: on } })).toMatchObject({ status: 400 });
  });
});

describe("a change of a collection", () => {
  test("may be empty", () => {
    expect(parseUpdateCollection({})).toEqual({});
    expect(parseUpdateCollection({ new_metadata: null, new_configuration: null })).toEqual({});
  });

  test("drops nulls of metadata; with nothing else it means none", () => {
    expect(parseUpdateCollection({ new_metadata: { a: 1, b: null } })).toEqual({ newMetadata: { a: 1 } });
    expect(parseUpdateCollection({ new_metadata: { a: null } })).toEqual({ newMetadata: null });
    expect(update({ new_metadata: {} })).toEqual(
      invalid("Validation error: new_metadata: Metadata cannot be empty"),
    );
    expect(update({ new_metadata: { a: {} } })).toEqual(
      unfit(`new_metadata.a: ${noVariant("UpdateMetadataValue")}`),
    );
  });

  test("cannot be of space or ef_construction", () => {
    for (const field of ["space", "ef_construction"]) {
      expect(update({ new_configuration: { hnsw: { [field]: 3 } } })).toEqual(
        unfit(
          `new_configuration.hnsw.${field}: unknown field \`${field}\`, expected one of \`ef_search\`, ` +
            "`max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`, `batch_size`",
        ),
      );
    }
    expect(update({ new_configuration: { spann: { space: "ip" } } })).toEqual(
      unfit("new_configuration.spann.space: unknown field `space`, expected `search_nprobe` or `ef_search`"),
    );
  });

  test("takes spann settings without an effect", () => {
    expect(parseUpdateCollection({ new_configuration: { spann: { ef_search: 3 } } })).toEqual({});
  });
});
