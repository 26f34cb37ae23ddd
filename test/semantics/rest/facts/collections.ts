// Names, metadata, configuration and schema of collections, at creation and when they change.

import { availableParallelism } from "node:os";
import { expect } from "vitest";
import { said } from "../rest.ts";
import type { Rest } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

const alphabet = (got: string): string =>
  `Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending with a character in [a-zA-Z0-9]. Got: ${got}`;

const refusedNames: readonly (readonly [string, string])[] = [
  ["ab", alphabet("ab")],
  ["_abc", alphabet("_abc")],
  ["abc-", alphabet("abc-")],
  ["a b c", alphabet("a b c")],
  ["x".repeat(513), alphabet("x".repeat(513))],
  ["a..b", "Expected a name that does not contains two consecutive periods (..). Got a..b"],
  ["192.168.1.1", "Expected a name that is not a valid ip address. Got 192.168.1.1"],
];

interface Told {
  readonly metadata: unknown;
  readonly configuration_json: { readonly hnsw: Record<string, unknown>; readonly spann: unknown };
  readonly [field: string]: unknown;
}

async function create(rest: Rest, body: Record<string, unknown>): Promise<string> {
  return said(await rest.post("collections", { name: "notes", ...body }));
}

async function told(rest: Rest, body: Record<string, unknown>): Promise<Told> {
  return (await (await rest.createCollection(body)).told()) as Told;
}

export function collectionFacts({ fact, differs }: RestFacts): void {
  fact("names have 3 to 512 characters of a small alphabet, or are refused by rule", async (rest) => {
    for (const name of ["abc", "1.2.3", "A-b_c.d", "abc+def", "x".repeat(512)]) {
      expect(await create(rest, { name })).toMatch(/^200 /);
    }
    for (const [name, reason] of refusedNames) {
      expect(await create(rest, { name })).toBe(
        `400 InvalidArgumentError: Validation error: name: ${reason}`,
      );
    }
    expect(await create(rest, { name: "a+b" })).toContain(alphabet("a"));
    expect(await create(rest, { name: "abc+def+ghi" })).toContain(
      "Expected a name to contain at most one topology:  Got two `+` characters.",
    );
  });

  fact("a new name follows the same rule", async (rest) => {
    const notes = await rest.createCollection();
    for (const [name, reason] of refusedNames) {
      expect(await notes.put({ new_name: name })).toBe(
        `400 InvalidArgumentError: Validation error: new_name: ${reason}`,
      );
    }
  });

  fact("a database's name follows it too, a tenant's has three characters", async (rest) => {
    const databases = "/api/v2/tenants/default_tenant/databases";
    for (const [name, reason] of refusedNames) {
      expect(said(await rest.post(databases, { name }))).toMatch(/^400 InvalidArgumentError: /);
      expect(said(await rest.post(databases, { name }))).toContain(reason);
    }
    expect(said(await rest.post("/api/v2/tenants", { name: "a /!" }))).toBe("200 {}");
    expect(said(await rest.post("/api/v2/tenants", { name: "ab" }))).toMatch(
      /^400 InvalidArgumentError: Validation error: name: Validation error: length/,
    );
  });

  fact("a name that is taken is a 409", async (rest) => {
    await rest.createCollection();
    expect(await create(rest, {})).toBe("409 ChromaError: Collection [notes] already exists");
    expect(await create(rest, { name: "Notes" })).toMatch(/^200 /);
  });

  fact("a collection is told with all its fields", async (rest) => {
    const { id, schema, configuration_json, ...rest_ } = await told(rest, {});
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(schema).toHaveProperty("keys");
    expect(rest_).toEqual({
      name: "notes",
      metadata: null,
      dimension: null,
      tenant: "default_tenant",
      database: "default_database",
      log_position: 0,
      version: 0,
    });
    expect(configuration_json).toEqual({
      hnsw: {
        space: "l2",
        ef_construction: 100,
        ef_search: 100,
        max_neighbors: 16,
        resize_factor: 1.2,
        sync_threshold: 1000,
      },
      spann: null,
      embedding_function: null,
    });
  });

  fact("metadata is null or has keys; values are scalars", async (rest) => {
    const empty = "400 InvalidArgumentError: Validation error: metadata: Metadata cannot be empty";
    expect(await create(rest, { metadata: {} })).toBe(empty);
    expect(await create(rest, { metadata: {}, get_or_create: true })).toBe(empty);
    expect(await create(rest, { name: "null", metadata: null })).toMatch(/^200 /);
    expect(await create(rest, { metadata: { a: null } })).toMatch(/^422 ChromaError: /);
    expect(await create(rest, { metadata: { a: { b: 1 } } })).toMatch(/^422 ChromaError: /);
    for (const key of ["#a", "$a"]) {
      expect(await create(rest, { metadata: { [key]: 1 } })).toContain(
        `Metadata key cannot start with '#' or '$': ${key}`,
      );
    }
    expect(await create(rest, { metadata: { "": 1 } })).toContain("Metadata key cannot be empty");
    expect(await create(rest, { metadata: { "chroma:x": 1 } })).toMatch(/^200 /);
  });

  fact("numbers of a metadata stay what they were written as", async (rest) => {
    const { status, text } = await rest.post(
      "collections",
      '{"name":"notes","metadata":{"float":1.0,"int":1,"half":0.5,"large":9007199254740993}}',
    );
    expect(status).toBe(200);
    for (const number of ['"float":1.0', '"int":1', '"half":0.5', '"large":9007199254740993']) {
      expect(text).toMatch(new RegExp(`${number.replace(".", "\\.")}[,}]`));
    }
  });

  fact("the old hnsw: keys of a metadata configure, unless there is a configuration", async (rest) => {
    const old = await told(rest, { name: "old", metadata: { "hnsw:space": "ip", "hnsw:M": 8 } });
    expect(old.configuration_json.hnsw).toMatchObject({ space: "ip", max_neighbors: 8 });
    expect(old.metadata).toEqual({ "hnsw:space": "ip", "hnsw:M": 8 });
    const both = await told(rest, {
      name: "both",
      metadata: { "hnsw:space": "ip" },
      configuration: { hnsw: { space: "cosine" } },
    });
    expect(both.configuration_json.hnsw).toMatchObject({ space: "cosine" });
    expect(await create(rest, { metadata: { "hnsw:space": "sphere" } })).toMatch(
      /^400 InvalidArgumentError: .*Failed to parse hnsw parameters from segment metadata/,
    );
  });

  fact("a space is one of three", async (rest) => {
    for (const space of ["l2", "cosine", "ip"]) {
      const { configuration_json } = await told(rest, {
        name: space.repeat(3),
        configuration: { hnsw: { space } },
      });
      expect(configuration_json.hnsw["space"]).toBe(space);
    }
    expect(await create(rest, { configuration: { hnsw: { space: "sphere" } } })).toMatch(
      /^422 ChromaError: .*unknown variant `sphere`, expected one of `l2`, `cosine`, `ip`/,
    );
  });

  fact("settings of the graph are told as given, whatever they are", async (rest) => {
    for (const hnsw of [
      { ef_search: 0 },
      { ef_construction: 0 },
      { max_neighbors: 1 },
      { sync_threshold: 0 },
      { sync_threshold: 1 },
      { resize_factor: 0.5 },
    ]) {
      const name = JSON.stringify(hnsw).replaceAll(/[^a-z0-9.]/g, "");
      const { configuration_json } = await told(rest, { name, configuration: { hnsw } });
      expect(configuration_json.hnsw).toMatchObject(hnsw);
    }
  });

  fact("spann becomes hnsw; both at once, or in vain, are refused or ignored", async (rest) => {
    const spann = await told(rest, { name: "spann", configuration: { spann: { space: "cosine" } } });
    expect(spann.configuration_json).toMatchObject({ hnsw: { space: "cosine" }, spann: null });
    expect(await create(rest, { configuration: { spann: {}, hnsw: {} } })).toMatch(
      /^400 InvalidArgumentError: .*Multiple vector index configurations provided/,
    );
    expect(await create(rest, { configuration: { colour: "red" } })).toMatch(/^200 /);
  });

  fact("a schema's vector index sets the space, and leaves none to a configuration", async (rest) => {
    const vectorIndex = (space: string): Record<string, unknown> => ({
      defaults: {},
      keys: { "#embedding": { float_list: { vector_index: { enabled: true, config: { space } } } } },
    });
    const alone = await told(rest, { name: "alone", schema: vectorIndex("cosine") });
    expect(alone.configuration_json.hnsw["space"]).toBe("cosine");
    const other = await told(rest, {
      name: "other",
      schema: { defaults: {}, keys: {} },
      configuration: { hnsw: { space: "ip" } },
    });
    expect(other.configuration_json.hnsw["space"]).toBe("ip");
    expect(
      await create(rest, { schema: vectorIndex("cosine"), configuration: { hnsw: { space: "ip" } } }),
    ).toBe(
      "400 InvalidArgumentError: Failed to reconcile schema: Cannot set both collection config and schema simultaneously",
    );
  });

  fact(
    "sparse indexes, vectors of other keys and keys that begin with # are refused in a schema",
    async (rest) => {
      const on = { enabled: true, config: {} };
      expect(
        await create(rest, {
          schema: { defaults: {}, keys: { tags: { sparse_vector: { sparse_vector_index: on } } } },
        }),
      ).toBe(
        "400 InvalidArgumentError: Failed to reconcile schema: Invalid schema input: Sparse vector indexing is not enabled in local",
      );
      expect(
        await create(rest, { schema: { defaults: { float_list: { vector_index: on } }, keys: {} } }),
      ).toMatch(/^400 InvalidArgumentError: /);
      expect(
        await create(rest, {
          schema: { defaults: {}, keys: { "#foo": { string: { string_inverted_index: on } } } },
        }),
      ).toMatch(/^400 InvalidArgumentError: /);
    },
  );

  fact("an index that a schema switches off cannot be used by a filter", async (rest) => {
    const off = { enabled: false, config: {} };
    const notes = await rest.createCollection({
      schema: {
        defaults: {},
        keys: {
          category: { string: { string_inverted_index: off } },
          "#document": { string: { fts_index: off } },
        },
      },
    });
    await notes.post("add", {
      ids: ["a"],
      embeddings: [[1]],
      metadatas: [{ category: "x" }],
      documents: ["x"],
    });
    const key =
      "400 InvalidArgumentError: Cannot filter using metadata key 'category' with type 'Str' because indexing is disabled";
    const text =
      "400 InvalidArgumentError: Cannot filter using full-text search because FTS indexing is disabled";
    for (const operation of ["get", "delete"]) {
      expect(await notes.post(operation, { where: { category: "x" } })).toBe(key);
      expect(await notes.post(operation, { where_document: { $contains: "x" } })).toBe(text);
    }
    expect(await notes.found({})).toEqual(["a"]);
  });

  fact("metadata that is written adds its keys to the schema", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a"], embeddings: [[1]], metadatas: [{ n: 1 }] });
    expect(await notes.told()).toMatchObject({
      schema: { keys: { n: { int: { int_inverted_index: { enabled: true } } } } },
      dimension: 1,
    });
  });

  fact("getting or creating what is there ignores what the call says of it", async (rest) => {
    const first = await rest.createCollection({ metadata: { a: 1 } });
    const again = await rest.createCollection({
      get_or_create: true,
      metadata: { b: 2 },
      configuration: { hnsw: { space: "ip" } },
    });
    expect(again.id).toBe(first.id);
    expect(await again.told()).toMatchObject({
      metadata: { a: 1 },
      configuration_json: { hnsw: { space: "l2" } },
    });
  });

  fact("new metadata replaces the old; nulls are left out, and alone make none", async (rest) => {
    const notes = await rest.createCollection({ metadata: { a: 1, b: 2 } });
    expect(await notes.put({ new_metadata: { c: 3, d: null } })).toBe("200 {}");
    expect((await notes.told())["metadata"]).toEqual({ c: 3 });
    expect(await notes.put({ new_metadata: {} })).toMatch(/^400 InvalidArgumentError: /);
    expect(await notes.put({ new_metadata: { "hnsw:space": "ip" } })).toBe("200 {}");
    expect(await notes.told()).toMatchObject({ configuration_json: { hnsw: { space: "l2" } } });
    expect(await notes.put({ new_metadata: { c: null } })).toBe("200 {}");
    expect((await notes.told())["metadata"]).toBeNull();
  });

  fact("a configuration may change but for space and build breadth", async (rest) => {
    const notes = await rest.createCollection();
    const hnsw = { ef_search: 0, max_neighbors: 32, resize_factor: 2, sync_threshold: 5 };
    expect(
      await notes.put({ new_configuration: { hnsw: { ...hnsw, num_threads: 2, batch_size: 50 } } }),
    ).toBe("200 {}");
    expect(await notes.told()).toMatchObject({ configuration_json: { hnsw } });
    for (const [field, value] of Object.entries({ space: "ip", ef_construction: 7, colour: 1 })) {
      expect(await notes.put({ new_configuration: { hnsw: { [field]: value } } })).toMatch(
        new RegExp(`^422 ChromaError: .*unknown field \`${field}\`, expected one of `),
      );
    }
    expect(await notes.put({ new_configuration: { spann: { ef_search: 5 } } })).toBe("200 {}");
    expect(await notes.told()).toMatchObject({ configuration_json: { hnsw } });
    const embedding_function = { type: "known", name: "other", config: {} };
    expect(await notes.put({ new_configuration: { embedding_function } })).toBe("200 {}");
    expect(await notes.told()).toMatchObject({ configuration_json: { embedding_function } });
  });

  fact("a change of nothing, or to the name it has, is fine", async (rest) => {
    const notes = await rest.createCollection();
    expect(await notes.put({})).toBe("200 {}");
    expect(await notes.put({ new_name: "notes" })).toBe("200 {}");
  });

  differs(
    "rename-to-taken-name",
    "a change to a name that is taken",
    async (rest) => {
      await rest.createCollection({ name: "other" });
      return (await rest.createCollection()).put({ new_name: "other" });
    },
    {
      server: /^500 InternalError: .*UNIQUE constraint failed/,
      chromalite: "409 ChromaError: Collection [other] already exists",
    },
  );

  differs(
    "cmek",
    "a schema with a key of a cloud",
    (rest) => create(rest, { schema: { defaults: {}, keys: {}, cmek: { gcp: "projects/p" } } }),
    {
      server: /^400 InvalidArgumentError: .*pattern/,
      chromalite: /^400 InvalidArgumentError: .*not supported/,
    },
  );

  differs(
    "field-order",
    "the order in which twenty replies tell of two mistakes",
    async (rest) => {
      const orders = new Set<string>();
      for (let call = 0; call < 20; call++) {
        const reply = await create(rest, { name: "ab", metadata: {} });
        orders.add(
          reply
            .replace(/^.*Validation error: /, "")
            .replaceAll(/: .*/g, "")
            .replace("\n", ", "),
        );
      }
      return [...orders].toSorted();
    },
    { server: ["metadata, name", "name, metadata"], chromalite: ["name, metadata"] },
  );

  differs(
    "num-threads",
    "how many threads build a graph",
    async (rest) => {
      const { schema } = (await told(rest, {})) as unknown as {
        schema: { keys: Record<string, { float_list: { vector_index: { config: { hnsw: unknown } } } }> };
      };
      return schema.keys["#embedding"]?.float_list.vector_index.config.hnsw;
    },
    {
      server: expect.objectContaining({ num_threads: availableParallelism() }) as Record<string, unknown>,
      chromalite: expect.objectContaining({ num_threads: 1 }) as Record<string, unknown>,
    },
  );
}
