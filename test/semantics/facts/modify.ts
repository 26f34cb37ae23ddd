// modify(): a new name, metadata as a whole, and what of a configuration can change.

import type { CollectionMetadata } from "chromadb";
import { expect } from "vitest";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

export function modifyFacts({ fact, differs, beyond }: Facts): void {
  fact("a renamed collection keeps its id and its records, and the old name is free", async (place) => {
    const notes = await place.client.createCollection({ name: "drafts", embeddingFunction: null });
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    await notes.modify({ name: "notes" });
    expect(notes.name).toBe("notes");
    await place.keeps(async (renamed, client) => {
      expect(renamed.id).toBe(notes.id);
      expect((await renamed.get()).ids).toEqual(["a"]);
      expect(await refusal(client.getCollection({ name: "drafts" }))).toContain("ChromaNotFoundError");
      expect(await client.countCollections()).toBe(1);
    });
  });

  fact("a new name has to be a name, and may be the old one", async (place) => {
    const notes = await place.createNotes();
    expect(await refusal(notes.modify({ name: "a b" }))).toContain(
      "400: Validation error: new_name: Expected a name containing 3-512 characters",
    );
    await (await place.client.getCollection({ name: "notes" })).modify({ name: "notes" });
    expect(await place.client.countCollections()).toBe(1);
  });

  differs("rename-to-taken-name", "a name that is taken is refused as at creation", async (place) => {
    const notes = await place.createNotes();
    await place.client.createCollection({ name: "taken", embeddingFunction: null });
    expect(await refusal(notes.modify({ name: "taken" }))).toBe(
      "ChromaUniqueError: The resource already exists",
    );
  });

  fact("a handle shows what it asked for, also when that was refused", async (place) => {
    const notes = await place.createNotes();
    await place.client.createCollection({ name: "taken", embeddingFunction: null });
    expect(await refusal(notes.modify({ name: "taken" }))).not.toBe("accepted");
    expect(notes.name).toBe("taken");
    expect((await place.client.getCollectionById(notes.id)).name).toBe("notes");
  });

  fact("new metadata replaces the old as a whole, without its nulls", async (place) => {
    const metadata = { a: 1, b: 2 };
    const notes = await place.client.createCollection({ name: "notes", metadata, embeddingFunction: null });
    await notes.modify({ metadata: { b: 3, c: null } });
    await place.keeps(async (kept) => expect(kept.metadata).toEqual({ b: 3 }));
  });

  fact("empty metadata is refused, and the old stays", async (place) => {
    const metadata: CollectionMetadata = { a: 1 };
    const notes = await place.client.createCollection({ name: "notes", metadata, embeddingFunction: null });
    expect(await refusal(notes.modify({ metadata: {} }))).toBe(
      "ChromaValueError: Expected metadata to be non-empty",
    );
    // The client leaves a null out, and the server then sees nothing.
    expect(await refusal(notes.modify({ metadata: { a: null } }))).toBe(
      "ChromaClientError: 400: Validation error: new_metadata: Metadata cannot be empty",
    );
    await place.keeps(async (kept) => expect(kept.metadata).toEqual({ a: 1 }));
  });

  fact("metadata changed later does not change the space", async (place) => {
    const notes = await place.createNotes();
    await notes.modify({ metadata: { "hnsw:space": "ip" } });
    await place.keeps(async (kept) => {
      expect(kept.configuration.hnsw?.space).toBe("l2");
      expect(kept.metadata).toEqual({ "hnsw:space": "ip" });
    });
  });

  fact("the breadth of a search can change, and the rest stays", async (place) => {
    const notes = await place.createNotes({ hnsw: { space: "cosine", max_neighbors: 20 } });
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [1, 0],
        [0, 1],
      ],
    });
    await notes.modify({ configuration: { hnsw: { ef_search: 33, num_threads: 2 } } });
    await place.keeps(async (kept) => {
      expect(kept.configuration.hnsw).toMatchObject({
        space: "cosine",
        max_neighbors: 20,
        ef_search: 33,
        ef_construction: 100,
      });
      expect((await kept.query({ queryEmbeddings: [[1, 0.1]] })).ids).toEqual([["a", "b"]]);
    });
  });

  fact("space and build breadth cannot change", async (place) => {
    const notes = await place.createNotes();
    for (const hnsw of [{ space: "ip" }, { ef_construction: 7 }] as object[]) {
      const name = Object.keys(hnsw)[0];
      expect(await refusal(notes.modify({ configuration: { hnsw } }))).toMatch(
        new RegExp(`^ChromaClientError: .*unknown field \`${name}\`, expected one of \`ef_search\``),
      );
    }
  });

  fact("an empty change changes nothing", async (place) => {
    const notes = await place.createNotes();
    await notes.modify({});
    await place.keeps(async ({ id, name }) => expect({ id, name }).toEqual({ id: notes.id, name: "notes" }));
  });

  beyond("order-of-calls", "two changes at once are two changes, one after the other", async (place) => {
    const notes = await place.createNotes();
    await Promise.all([
      notes.modify({ metadata: { a: 1 } }),
      notes.modify({ configuration: { hnsw: { ef_search: 44 } } }),
    ]);
    await place.keeps(async (kept) => {
      expect(kept.metadata).toEqual({ a: 1 });
      expect(kept.configuration.hnsw?.ef_search).toBe(44);
    });
  });
}
