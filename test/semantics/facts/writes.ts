// What update, upsert and delete do to a record that is there, and to one that is not.

import { expect } from "vitest";
import type { Collection } from "../../../src/index.ts";
import type { Place } from "../place.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

/** One record with everything a record can have. */
async function createOne(place: Place): Promise<Collection> {
  const notes = await place.createNotes();
  await notes.add({
    ids: ["a"],
    embeddings: [[1, 2]],
    documents: ["text"],
    metadatas: [{ n: 1, tags: ["x", "y"], kept: true }],
    uris: ["file:a"],
  });
  return notes;
}

const everything = { include: ["documents", "metadatas", "embeddings", "uris"] as const };
const get = (notes: Collection): ReturnType<Collection["get"]> =>
  notes.get({ include: [...everything.include] });

export function mergeFacts({ fact, differs, beyond }: Facts): void {
  fact("an update changes what it names and leaves the rest", async (place) => {
    const notes = await createOne(place);
    await notes.update({ ids: ["a"], metadatas: [{ n: 2, more: "m" }] });
    await place.keeps(async (kept) => {
      expect(await get(kept)).toMatchObject({
        documents: ["text"],
        metadatas: [{ n: 2, tags: ["x", "y"], kept: true, more: "m" }],
        embeddings: [[1, 2]],
        uris: ["file:a"],
      });
    });
  });

  fact("an update of a vector, a document or a uri alone leaves the metadata", async (place) => {
    const notes = await createOne(place);
    await notes.update({ ids: ["a"], embeddings: [[3, 4]] });
    await notes.update({ ids: ["a"], documents: ["new"], embeddings: [[5, 6]] });
    await notes.update({ ids: ["a"], uris: ["file:b"] });
    await place.keeps(async (kept) => {
      expect(await get(kept)).toMatchObject({
        documents: ["new"],
        metadatas: [{ n: 1, tags: ["x", "y"], kept: true }],
        embeddings: [[5, 6]],
        uris: ["file:b"],
      });
    });
  });

  fact("an update of an id that is not there does nothing, and the others are updated", async (place) => {
    const notes = await createOne(place);
    await notes.update({ ids: ["none", "a"], metadatas: [{ n: 8 }, { n: 9 }] });
    await place.keeps(async (kept) => {
      expect((await get(kept)).ids).toEqual(["a"]);
      expect((await get(kept)).metadatas[0]).toMatchObject({ n: 9 });
    });
  });

  fact("an upsert merges into what is there and makes what is not", async (place) => {
    const notes = await createOne(place);
    await notes.upsert({
      ids: ["a", "b"],
      embeddings: [
        [3, 4],
        [5, 6],
      ],
      metadatas: [{ n: 5 }, { n: 6 }],
    });
    await place.keeps(async (kept) => {
      expect(await get(kept)).toMatchObject({
        ids: ["a", "b"],
        documents: ["text", null],
        metadatas: [{ n: 5, tags: ["x", "y"], kept: true }, { n: 6 }],
        embeddings: [
          [3, 4],
          [5, 6],
        ],
        uris: ["file:a", null],
      });
    });
  });

  fact("the type of a key may change, and an array replaces and is replaced whole", async (place) => {
    const notes = await createOne(place);
    const change = (metadata: Record<string, string | number | boolean | number[]>): Promise<void> =>
      notes.update({ ids: ["a"], metadatas: [metadata] });
    await change({ n: "one", tags: [1, 2, 2] });
    await change({ kept: 0 });
    expect((await get(notes)).metadatas).toEqual([{ n: "one", tags: [1, 2, 2], kept: 0 }]);
    await change({ tags: false });
    await place.keeps(async (kept) => {
      expect((await get(kept)).metadatas).toEqual([{ n: "one", tags: false, kept: 0 }]);
      expect((await kept.get({ where: { n: 1 } })).ids).toEqual([]);
      expect((await kept.get({ where: { n: "one" } })).ids).toEqual(["a"]);
      expect((await kept.get({ where: { tags: { $contains: 2 } } })).ids).toEqual([]);
      expect((await kept.get({ where: { tags: false } })).ids).toEqual(["a"]);
    });
  });

  fact("a document can be emptied but not removed", async (place) => {
    const notes = await createOne(place);
    await notes.update({ ids: ["a"], documents: [""], embeddings: [[1, 2]] });
    await place.keeps(async (kept) => expect((await get(kept)).documents).toEqual([""]));
  });

  differs("null-deletes-key", "an update's null deletes a key, with vectors and without", async (place) => {
    const notes = await createOne(place);
    await notes.update({ ids: ["a"], metadatas: [{ n: null, none: null, more: "m" }] });
    await notes.upsert({
      ids: ["a", "b"],
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      metadatas: [{ tags: null }, { n: null, b: 1 }],
    });
    await place.keeps(async (kept) => {
      expect((await get(kept)).metadatas).toEqual([{ kept: true, more: "m" }, { b: 1 }]);
      expect((await kept.get({ where: { n: 1 } })).ids).toEqual([]);
    });
    const again = await place.client.getCollection({ name: "notes" });
    await again.update({ ids: ["b"], metadatas: [{ b: null }] });
    await place.keeps(async (kept) => expect((await get(kept)).metadatas[1]).toBeNull());
  });

  differs("non-finite-metadata", "a number that JSON has no word for deletes no key", async (place) => {
    const notes = await createOne(place);
    for (const n of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const refused = /data did not match any variant of untagged enum \w*MetadataValue$/;
      expect(await refusal(notes.update({ ids: ["a"], metadatas: [{ n }] }))).toMatch(refused);
      expect(await refusal(notes.update({ ids: ["a"], metadatas: [{ n: [n] }] }))).toMatch(refused);
      expect(await refusal(notes.modify({ metadata: { n } }))).toMatch(refused);
    }
    await place.keeps(async (kept) => expect((await get(kept)).metadatas[0]).toMatchObject({ n: 1 }));
  });

  fact("an add leaves nulls of a metadata out", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [{ n: null, m: 1 }] });
    await place.keeps(async (kept) => expect((await get(kept)).metadatas).toEqual([{ m: 1 }]));
  });

  beyond(
    "order-of-calls",
    "updates sent at once are applied in the order in which they were sent",
    async (place) => {
      const notes = await createOne(place);
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          notes.update({ ids: ["a"], metadatas: [{ n: i, [`key-${i % 5}`]: i }], embeddings: [[i, i]] }),
        ),
      );
      await place.keeps(async (kept) => {
        const { metadatas, embeddings } = await get(kept);
        const keys = { "key-0": 45, "key-1": 46, "key-2": 47, "key-3": 48, "key-4": 49 };
        expect(metadatas[0]).toEqual({ n: 49, tags: ["x", "y"], kept: true, ...keys });
        expect(embeddings).toEqual([[49, 49]]);
      });
    },
  );

  fact("a vector that was replaced is found no more", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [0, 0],
        [5, 5],
      ],
    });
    await notes.update({ ids: ["a"], embeddings: [[9, 9]] });
    await place.keeps(async (kept) => {
      const { ids, distances } = await kept.query({ queryEmbeddings: [[0, 0]] });
      expect(ids).toEqual([["b", "a"]]);
      expect(distances).toEqual([[50, 162]]);
    });
  });
}

export function deleteFacts({ fact }: Facts): void {
  const createFive = async (place: Place): Promise<Collection> => {
    const notes = await place.createNotes();
    const ids = ["e", "d", "c", "b", "a"];
    await notes.add({
      ids,
      embeddings: ids.map((_, i) => [i, 0]),
      documents: ids.map((id) => `document ${id}`),
      metadatas: ids.map((_, i) => ({ even: i % 2 === 0, i })),
    });
    return notes;
  };

  fact("by ids: every id that was sent is counted, there or not", async (place) => {
    const notes = await createFive(place);
    expect(await notes.delete({ ids: ["d", "none"] })).toEqual({ deleted: 2 });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["e", "c", "b", "a"]));
  });

  fact("by where: real matches are counted", async (place) => {
    const notes = await createFive(place);
    expect(await notes.delete({ where: { even: true } })).toEqual({ deleted: 3 });
    expect(await notes.delete({ where: { even: true } })).toEqual({ deleted: 0 });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["d", "b"]));
  });

  fact("by ids and filters: what all of them match", async (place) => {
    const notes = await createFive(place);
    const ids = ["e", "d", "c", "none"];
    const whereDocument = { $not_contains: "t e" };
    expect(await notes.delete({ ids, where: { even: true }, whereDocument })).toEqual({ deleted: 1 });
    expect(await notes.delete({ ids: ["e", "d", "none"], where: { even: true } })).toEqual({ deleted: 1 });
    expect(await notes.delete({ whereDocument: { $regex: "[ab]$" } })).toEqual({ deleted: 2 });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["d"]));
  });

  fact("a limit takes the first in insertion order", async (place) => {
    const notes = await createFive(place);
    expect(await notes.delete({ where: { i: { $gte: 0 } }, limit: 0 })).toEqual({ deleted: 0 });
    expect(await notes.delete({ where: { i: { $gte: 1 } }, limit: 2 })).toEqual({ deleted: 2 });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["e", "b", "a"]));
    expect(await refusal(notes.delete({ ids: ["e"], limit: 1 }))).toBe(
      "Error: limit can only be specified when a where or whereDocument clause is provided",
    );
  });

  fact("with nothing to select by, nothing is deleted", async (place) => {
    const notes = await createFive(place);
    expect(await notes.delete({})).toEqual({ deleted: 0 });
    expect(await refusal(notes.delete({ ids: [] }))).toBe(
      "ChromaValueError: Expected 'ids' to be a non-empty list",
    );
    expect(await refusal(notes.delete({ where: {} }))).toBe(
      "ChromaValueError: Expected 'where' to have exactly one operator, but got 0",
    );
    await place.keeps(async (kept) => expect(await kept.count()).toBe(5));
  });

  fact("deleted records are found by no query, and an id can be added anew", async (place) => {
    const notes = await createFive(place);
    await notes.delete({ ids: ["e", "d"] });
    await notes.add({ ids: ["e"], embeddings: [[100, 0]] });
    await place.keeps(async (kept) => {
      const { ids, documents } = await kept.query({ queryEmbeddings: [[0, 0]], nResults: 9 });
      expect(ids).toEqual([["c", "b", "a", "e"]]);
      expect(documents[0]?.at(-1)).toBeNull();
    });
  });

  fact("adds, updates and deletes of different records at once are all done", async (place) => {
    const notes = await place.createNotes();
    const add = (ids: readonly number[]): Promise<void> =>
      notes.add({
        ids: ids.map((i) => `id-${i}`),
        embeddings: ids.map((i) => [i, 0]),
        metadatas: ids.map((i) => ({ i })),
      });
    await add(Array.from({ length: 30 }, (_, i) => i));
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < 30; i++) {
      calls.push(add([30 + i]));
      if (i % 3 === 2) calls.push(notes.delete({ ids: [`id-${i}`] }));
      else calls.push(notes.update({ ids: [`id-${i}`], metadatas: [{ updated: true }] }));
      if (i % 10 === 9) calls.push(notes.delete({ where: { i: { $lt: i / 2 } } }));
    }
    await Promise.all(calls);
    const left = Array.from({ length: 30 }, (_, i) => i).filter((i) => i % 3 !== 2 && i >= 14.5);
    await place.keeps(async (kept) => {
      expect((await kept.get({ limit: left.length })).ids).toEqual(left.map((i) => `id-${i}`));
      expect((await kept.get({ where: { updated: true } })).ids).toHaveLength(left.length);
      expect(await kept.count()).toBe(left.length + 30);
    });
  });
}
