// get, peek and count: order, pages, columns.

import { expect } from "vitest";
import type { Collection } from "../../../src/index.ts";
import type { Place } from "../place.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

async function createTwelve(place: Place): Promise<Collection> {
  const notes = await place.createNotes();
  const ids = Array.from({ length: 12 }, (_, i) => `id-${11 - i}`);
  await notes.add({
    ids,
    embeddings: ids.map((_, i) => [i, 0]),
    documents: ids.map((id) => `document of ${id}`),
    metadatas: ids.map((_, i) => ({ i, even: i % 2 === 0 })),
    uris: ids.map((id) => `file:${id}`),
  });
  return notes;
}

export function getFacts({ fact }: Facts): void {
  fact("without arguments it gives every record with its document and its metadata", async (place) => {
    await createTwelve(place);
    await place.keeps(async (kept) => {
      const all = await kept.get();
      expect(all.ids).toEqual(Array.from({ length: 12 }, (_, i) => `id-${11 - i}`));
      expect(all.documents[3]).toBe("document of id-8");
      expect(all.metadatas[3]).toEqual({ i: 3, even: false });
      expect(all.include).toEqual(["documents", "metadatas"]);
      expect([all.embeddings, all.uris]).toEqual([[], []]);
    });
  });

  fact("records come in insertion order, whatever the order of the ids asked for", async (place) => {
    await createTwelve(place);
    await place.keeps(async (kept) => {
      expect((await kept.get({ ids: ["id-3", "none", "id-9"] })).ids).toEqual(["id-9", "id-3"]);
    });
  });

  fact("ids are not empty and differ, or the client refuses", async (place) => {
    const notes = await createTwelve(place);
    expect(await refusal(notes.get({ ids: [] }))).toBe(
      "ChromaValueError: Expected 'ids' to be a non-empty list",
    );
    expect(await refusal(notes.get({ ids: ["a", "a"] }))).toContain("found duplicates of a");
    expect((await notes.get({ ids: ["none"] })).ids).toEqual([]);
  });

  fact("limit and offset take a part of what the filter left", async (place) => {
    await createTwelve(place);
    await place.keeps(async (kept) => {
      const where = { even: true };
      expect((await kept.get({ where, limit: 2, offset: 1 })).ids).toEqual(["id-9", "id-7"]);
      expect((await kept.get({ limit: 3 })).ids).toEqual(["id-11", "id-10", "id-9"]);
      expect((await kept.get({ offset: 10 })).ids).toEqual(["id-1", "id-0"]);
      expect((await kept.get({ limit: 0 })).ids).toEqual([]);
      expect((await kept.get({ offset: 12 })).ids).toEqual([]);
      expect((await kept.get({ limit: 100, offset: 11 })).ids).toEqual(["id-0"]);
    });
  });

  fact("a limit or offset that cannot be is a body of the wrong shape", async (place) => {
    const notes = await createTwelve(place);
    for (const number of [-1, 1.5, 2 ** 32, "3" as unknown as number]) {
      expect(await refusal(notes.get({ limit: number }))).toMatch(
        /^ChromaClientError: Failed to deserialize/,
      );
      expect(await refusal(notes.get({ offset: number }))).toMatch(
        /^ChromaClientError: Failed to deserialize/,
      );
    }
  });

  fact("include says which columns come; the others are empty", async (place) => {
    await createTwelve(place);
    await place.keeps(async (kept) => {
      const { ids, ...columns } = await kept.get({ include: ["embeddings", "uris"], limit: 1 });
      expect(ids).toEqual(["id-11"]);
      expect(columns).toMatchObject({
        embeddings: [[0, 0]],
        uris: ["file:id-11"],
        documents: [],
        metadatas: [],
        include: ["embeddings", "uris"],
      });
      expect(await kept.get({ include: [], limit: 1 })).toMatchObject({ ids: ["id-11"], include: [] });
      const twice = await kept.get({ include: ["uris", "uris"], limit: 1 });
      expect(twice).toMatchObject({ uris: ["file:id-11"], include: ["uris", "uris"] });
    });
    const notes = await place.client.getCollection({ name: "notes" });
    expect(await refusal(notes.get({ include: ["distances"] }))).toBe(
      "ChromaValueError: distances is not allowed for this operation",
    );
    expect(await refusal(notes.get({ include: ["texts" as "documents"] }))).toContain("but got texts");
  });

  fact("rows() puts the columns of each record together", async (place) => {
    const notes = await createTwelve(place);
    const [row] = (await notes.get({ ids: ["id-3"] })).rows();
    expect(row).toMatchObject({ id: "id-3", document: "document of id-3", metadata: { i: 8, even: true } });
  });

  fact("peek gives the first ten, or as many as are asked for", async (place) => {
    const notes = await createTwelve(place);
    expect((await notes.peek({})).ids).toHaveLength(10);
    expect(await notes.peek({ limit: 2 })).toMatchObject({
      ids: ["id-11", "id-10"],
      documents: ["document of id-11", "document of id-10"],
      embeddings: [],
    });
  });

  fact("an empty collection gives empty columns and a count of 0", async (place) => {
    await place.createNotes();
    await place.keeps(async (kept) => {
      const include: ("documents" | "embeddings" | "metadatas" | "uris")[] = [
        "documents",
        "embeddings",
        "metadatas",
        "uris",
      ];
      expect(await kept.get({ include })).toMatchObject({
        ids: [],
        documents: [],
        embeddings: [],
        metadatas: [],
        uris: [],
      });
      expect(await kept.count()).toBe(0);
      expect((await kept.peek({})).ids).toEqual([]);
    });
  });

  fact("a read level is taken and changes nothing; what is none is refused", async (place) => {
    const notes = await createTwelve(place);
    expect(await notes.count({ readLevel: "index_only" })).toBe(12);
    expect(await refusal(notes.count({ readLevel: "latest" as "index_only" }))).toMatch(
      /^ChromaClientError: 400: Failed to deserialize query string/,
    );
  });

  fact("what a call that has resolved wrote, the next call reads", async (place) => {
    const notes = await place.createNotes();
    for (let i = 0; i < 10; i++) {
      await notes.add({ ids: [`id-${i}`], embeddings: [[i, 0]] });
      expect(await notes.count()).toBe(i + 1);
      expect((await notes.query({ queryEmbeddings: [[i, 0]], nResults: 1 })).ids).toEqual([[`id-${i}`]]);
    }
  });
}
