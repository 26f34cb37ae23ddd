// Creating, getting, listing and deleting collections.

import { Schema, VectorIndexConfig, type CollectionMetadata } from "chromadb";
import { expect } from "vitest";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

const plain = { embeddingFunction: null };
const missing = "ChromaNotFoundError: The requested resource could not be found";
const nameRule =
  "ChromaClientError: 400: Validation error: name: Expected a name containing 3-512 characters from " +
  "[a-zA-Z0-9._-], starting and ending with a character in [a-zA-Z0-9]. Got: ";

export function collectionFacts({ fact, differs }: Facts): void {
  fact("a name has 3 to 512 characters of a small alphabet, and case counts", async ({ client }) => {
    const names = ["abc", "ABC", "a.b_c-1", "1.2.3", "999.1.1.1", "abc+def", "a".repeat(512)];
    for (const name of names) await client.createCollection({ name, ...plain });
    const listed = (await client.listCollections()).map(({ name }) => name);
    expect(listed.sort()).toEqual(names.sort());
  });

  fact("any other name is refused in the server's words", async ({ client }) => {
    const refused = async (name: string): Promise<string> =>
      refusal(client.createCollection({ name, ...plain }));
    for (const name of ["", "ab", "a b", ".abc", "abc-", "a/b", "käse", "a".repeat(513)]) {
      expect(await refused(name)).toBe(nameRule + name);
    }
    expect(await refused("a..b")).toContain("does not contains two consecutive periods (..). Got a..b");
    expect(await refused("192.168.1.1")).toContain("is not a valid ip address. Got 192.168.1.1");
    expect(await refused("aaa+bbb+ccc")).toContain("at most one topology:  Got two `+` characters.");
    expect(await client.countCollections()).toBe(0);
  });

  fact("a name that is no string is a body of the wrong shape", async ({ client }) => {
    const call = client.createCollection({ name: 7 as unknown as string, ...plain });
    expect(await refusal(call)).toMatch(
      /^ChromaClientError: Failed to deserialize the JSON body.*expected a string/,
    );
  });

  fact("a name that is taken is refused, and the collection stays as it is", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    const again = place.client.createCollection({ name: "notes", metadata: { b: 2 }, ...plain });
    expect(await refusal(again)).toBe("ChromaUniqueError: The resource already exists");
    await place.keeps(async (kept) => {
      expect(kept.id).toBe(notes.id);
      expect(await kept.count()).toBe(1);
    });
  });

  fact("a collection is found by name and by id, and is told as it was made", async (place) => {
    const metadata = { title: "Notes", count: 3, ratio: 1.5, open: true };
    const made = await place.client.createCollection({ name: "notes", metadata, ...plain });
    await place.keeps(async (notes, client) => {
      const byId = await client.getCollectionById(made.id);
      for (const found of [notes, byId, ...(await client.getCollections(["notes"]))]) {
        expect(found).toMatchObject({
          id: made.id,
          name: "notes",
          tenant: "default_tenant",
          database: "default_database",
          metadata,
        });
      }
      expect(notes.configuration).toMatchObject({
        hnsw: { space: "l2", ef_construction: 100, ef_search: 100, max_neighbors: 16, resize_factor: 1.2 },
        spann: null,
      });
    });
  });

  fact("a collection without metadata has none", async (place) => {
    await place.createNotes();
    await place.keeps(async ({ metadata }) => expect(metadata).toBeUndefined());
  });

  fact("empty metadata, empty keys and keys that begin with # or $ are refused", async ({ client }) => {
    const refused = (metadata: CollectionMetadata): Promise<string> =>
      refusal(client.createCollection({ name: "notes", metadata, ...plain }));
    const problem = "ChromaClientError: 400: Validation error: metadata: Metadata ";
    expect(await refused({})).toBe(`${problem}cannot be empty`);
    expect(await refused({ "": 1 })).toBe(`${problem}key cannot be empty`);
    expect(await refused({ "#a": 1 })).toBe(`${problem}key cannot start with '#' or '$': #a`);
    expect(await refused({ $a: 1 })).toBe(`${problem}key cannot start with '#' or '$': $a`);
    expect(await refusal(client.getOrCreateCollection({ name: "notes", metadata: {}, ...plain }))).toBe(
      `${problem}cannot be empty`,
    );
  });

  fact("nulls in the metadata of a new collection are left out", async (place) => {
    const metadata = { a: 1, b: null };
    await place.client.createCollection({ name: "notes", metadata, ...plain });
    await place.keeps(async (notes) => expect(notes.metadata).toEqual({ a: 1 }));
  });

  differs("collection-metadata-arrays", "arrays in a collection's metadata are kept", async (place) => {
    const metadata = { tags: ["a", "b"] } as unknown as CollectionMetadata;
    const creation = place.client.createCollection({ name: "notes", metadata, ...plain });
    // What ends the connection is the server's answer to this call, not a failure of the test's.
    expect(await refusal(creation)).toBe("accepted");
    await place.keeps(async (notes) => expect(notes.metadata).toEqual(metadata));
  });

  fact(
    "legacy keys of metadata set the configuration, and a configuration beats them",
    async ({ client }) => {
      const metadata = { "hnsw:space": "cosine", "hnsw:M": 24, "hnsw:search_ef": 50 };
      const legacy = await client.createCollection({ name: "legacy", metadata, ...plain });
      expect(legacy.configuration.hnsw).toMatchObject({ space: "cosine", max_neighbors: 24, ef_search: 50 });
      expect(legacy.metadata).toEqual(metadata);
      const configuration = { hnsw: { space: "ip" as const } };
      const both = await client.createCollection({ name: "both", metadata, configuration, ...plain });
      expect(both.configuration.hnsw?.space).toBe("ip");
      expect(
        await refusal(client.createCollection({ name: "bad", metadata: { "hnsw:M": "x" }, ...plain })),
      ).toContain("Failed to parse hnsw parameters from segment metadata");
    },
  );

  fact(
    "a space is l2, cosine or ip; spann becomes hnsw with its space; both are refused",
    async ({ client }) => {
      for (const space of ["l2", "cosine", "ip"] as const) {
        const made = await client.createCollection({
          name: `in-${space}`,
          configuration: { hnsw: { space } },
          ...plain,
        });
        expect(made.configuration.hnsw?.space).toBe(space);
      }
      const hnsw = { space: "euclid" as "l2" };
      expect(
        await refusal(client.createCollection({ name: "bad", configuration: { hnsw }, ...plain })),
      ).toMatch(/^ChromaClientError: .*unknown variant `euclid`, expected one of `l2`, `cosine`, `ip`/);
      const spann = { space: "cosine" as const };
      const made = await client.createCollection({ name: "spann", configuration: { spann }, ...plain });
      expect(made.configuration).toMatchObject({ hnsw: { space: "cosine" }, spann: null });
      const both = { hnsw: { space: "l2" as const }, spann };
      expect(await refusal(client.createCollection({ name: "two", configuration: both, ...plain }))).toBe(
        "ChromaValueError: Cannot specify both HNSW and SPANN configurations",
      );
    },
  );

  fact("a schema's vector index sets the space", async ({ client }) => {
    const schema = new Schema().createIndex(new VectorIndexConfig({ space: "ip", embeddingFunction: null }));
    const made = await client.createCollection({ name: "notes", schema, ...plain });
    await made.add({ ids: ["a"], embeddings: [[2, 3]] });
    const { distances } = await made.query({ queryEmbeddings: [[1, 1]] });
    expect(distances).toEqual([[-4]]);
  });

  fact("getting or creating gives what is there and ignores the rest of the call", async (place) => {
    const made = await place.client.getOrCreateCollection({ name: "notes", metadata: { a: 1 }, ...plain });
    const got = await place.client.getOrCreateCollection({
      name: "notes",
      metadata: { b: 2 },
      configuration: { hnsw: { space: "ip" } },
      ...plain,
    });
    expect(got.id).toBe(made.id);
    expect(got.metadata).toEqual({ a: 1 });
    expect(got.configuration.hnsw?.space).toBe("l2");
    await place.keeps(async ({ metadata }) => expect(metadata).toEqual({ a: 1 }));
  });

  fact("twenty calls at once create one collection", async ({ client }) => {
    const calls = Array.from({ length: 20 }, () => client.getOrCreateCollection({ name: "notes", ...plain }));
    expect(new Set((await Promise.all(calls)).map(({ id }) => id)).size).toBe(1);
    expect(await client.countCollections()).toBe(1);
  });

  fact("collections are listed by id, in pages", async (place) => {
    for (let i = 0; i < 7; i++) await place.client.createCollection({ name: `notes-${i}`, ...plain });
    await place.client.createCollection({ name: "notes", ...plain });
    await place.keeps(async (_, client) => {
      const ids = (await client.listCollections()).map(({ id }) => id);
      expect(ids).toHaveLength(8);
      expect(ids).toEqual(ids.toSorted());
      const page = async (limit: number, offset: number): Promise<string[]> =>
        (await client.listCollections({ limit, offset })).map(({ id }) => id);
      expect(await page(3, 2)).toEqual(ids.slice(2, 5));
      expect(await page(3, 7)).toEqual(ids.slice(7));
      expect(await page(3, 8)).toEqual([]);
      expect(await page(0, 0)).toEqual([]);
      expect(await client.countCollections()).toBe(8);
    });
  });

  fact("a part of a list that cannot be is refused", async ({ client }) => {
    for (const limit of [-1, 1.5, Number.NaN]) {
      expect(await refusal(client.listCollections({ limit }))).toMatch(
        /^ChromaClientError: 400: Failed to deserialize query string: /,
      );
    }
  });

  fact("what is not there is not found, by name, by id or to delete", async ({ client }) => {
    const id = "3f0b9c1e-5a6d-4d1b-9a53-0d6a3f1c2b4e";
    expect(await refusal(client.getCollection({ name: "none" }))).toBe(missing);
    expect(await refusal(client.getCollection({ name: id }))).toBe(missing);
    expect(await refusal(client.getCollectionById(id))).toBe(missing);
    expect(await refusal(client.deleteCollection({ name: "none" }))).toBe(missing);
    expect(await refusal(client.getCollectionById("no uuid"))).toBe(
      "ChromaClientError: 400: Validation error: collection_id: Invalid collection ID format, expected UUID",
    );
    expect(await refusal(client.collection("no uuid").count())).toBe(
      "ChromaClientError: 400: Collection ID is not a valid UUIDv4",
    );
  });

  fact("a deleted collection is gone for every handle, and its name is free for a new id", async (place) => {
    const old = await place.createNotes();
    await old.add({ ids: ["a"], embeddings: [[1, 2]] });
    await place.client.deleteCollection({ name: "notes" });
    for (const call of [
      () => old.count(),
      () => old.get(),
      () => old.add({ ids: ["b"], embeddings: [[1, 2]] }),
      () => old.query({ queryEmbeddings: [[1, 2]] }),
      () => old.delete({ ids: ["a"] }),
      () => old.modify({ name: "other" }),
    ]) {
      expect(await refusal(call())).toBe(missing);
    }
    const made = await place.createNotes();
    expect(made.id).not.toBe(old.id);
    await made.add({ ids: ["a"], embeddings: [[1, 2, 3]] });
    await place.keeps(async (notes) => expect(await notes.count()).toBe(1));
  });

  fact("in a database that is not there lists are empty, and nothing is found or made", async (place) => {
    for (const scope of [{ database: "nowhere" }, { tenant: "nobody" }]) {
      const client = place.start(scope);
      expect(await client.listCollections()).toEqual([]);
      expect(await client.countCollections()).toBe(0);
      expect(await refusal(client.getCollection({ name: "notes" }))).toBe(missing);
      expect(await refusal(client.createCollection({ name: "notes", ...plain }))).toBe(
        `ChromaClientError: 400: Database [${scope.database ?? "default_database"}] does not exist`,
      );
    }
  });
}
