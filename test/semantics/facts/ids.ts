// Ids and the order of records: what add does with an id it knows, and where a record is put.

import { expect } from "vitest";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

export function idFacts({ fact, differs }: Facts): void {
  fact("records are told in the order in which they were added, whatever their ids", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["z", "a"],
      embeddings: [
        [1, 0],
        [2, 0],
      ],
    });
    await notes.add({ ids: ["m"], embeddings: [[0, 1]] });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["z", "a", "m"]));
  });

  fact("update and upsert keep a record's place, delete and add renew it", async (place) => {
    const notes = await place.createNotes();
    const embeddings = [
      [1, 0],
      [2, 0],
      [3, 0],
    ];
    await notes.add({ ids: ["a", "b", "c"], embeddings });
    await notes.update({ ids: ["a"], embeddings: [[9, 9]] });
    await notes.upsert({
      ids: ["d", "b"],
      embeddings: [
        [4, 0],
        [8, 8],
      ],
    });
    await notes.delete({ ids: ["a"] });
    await notes.add({ ids: ["a"], embeddings: [[1, 0]] });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["b", "c", "d", "a"]));
  });

  fact("an add of an id that is there is ignored, also beside one that is new", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], documents: ["old"], metadatas: [{ n: 1 }] });
    await notes.add({
      ids: ["b", "a"],
      embeddings: [
        [3, 4],
        [5, 6],
      ],
      documents: ["new b", "new a"],
      metadatas: [{ n: 2 }, { n: 3, more: true }],
      uris: ["file:b", "file:a"],
    });
    await place.keeps(async (kept) => {
      const { ids, documents, metadatas, embeddings, uris } = await kept.get({
        include: ["documents", "metadatas", "embeddings", "uris"],
      });
      expect(ids).toEqual(["a", "b"]);
      expect(documents).toEqual(["old", "new b"]);
      expect(metadatas).toEqual([{ n: 1 }, { n: 2 }]);
      expect(embeddings).toEqual([
        [1, 2],
        [3, 4],
      ]);
      expect(uris).toEqual([null, "file:b"]);
    });
  });

  fact("an add of an id that is there still needs a vector of the right dimension", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, 2, 3]] }))).toContain(
      "Collection expecting embedding with dimension of 2, got 3",
    );
  });

  fact("ids of one call differ, or the client says which do not", async (place) => {
    const notes = await place.createNotes();
    const write = (ids: string[]): Promise<string> =>
      refusal(notes.upsert({ ids, embeddings: ids.map(() => [1, 2]) }));
    const problem = "ChromaValueError: Expected IDs to be unique, but found duplicates of";
    expect(await write(["a", "b", "a"])).toBe(`${problem} a`);
    const ids = Array.from({ length: 12 }, (_, i) => `id-${i}`);
    expect(await write([...ids, ...ids])).toBe(
      `${problem} id-0, id-1, id-2, id-3, id-4, ..., id-7, id-8, id-9, id-10, id-11`,
    );
    expect(await notes.count()).toBe(0);
  });

  fact("any text but the empty one is an id", async (place) => {
    const notes = await place.createNotes();
    const ids = [
      " ",
      "\t",
      "/",
      "..",
      "a\0b",
      "😀",
      "e\u0301",
      "\u00e9",
      "'\"`;--",
      "__proto__",
      "x".repeat(3000),
    ];
    await notes.add({ ids, embeddings: ids.map((_, i) => [i, 0]) });
    expect(
      await refusal(
        notes.add({
          ids: ["ok", ""],
          embeddings: [
            [1, 1],
            [2, 2],
          ],
        }),
      ),
    ).toBe("ChromaClientError: 400: Empty ID, ID must have at least one character");
    await place.keeps(async (kept) => {
      expect((await kept.get()).ids).toEqual(ids);
      for (const id of ids) expect((await kept.get({ ids: [id] })).ids).toEqual([id]);
    });
  });

  fact("an id is text, and the client says which are not", async (place) => {
    const notes = await place.createNotes();
    const ids = ["a", 1, null] as string[];
    expect(await refusal(notes.add({ ids, embeddings: [[1], [2], [3]] }))).toBe(
      "ChromaValueError: Found non-string IDs at 1, 2",
    );
  });

  fact("columns of one call are of one length and not empty", async (place) => {
    const notes = await place.createNotes();
    expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1], [2]] }))).toBe(
      "ChromaValueError: Unequal lengths for fields ids, embeddings",
    );
    expect(await refusal(notes.add({ ids: [], embeddings: [] }))).toBe(
      "ChromaValueError: Non-empty lists are required for ids, embeddings",
    );
    expect(await refusal(notes.add({ ids: ["a"] }))).toBe(
      "ChromaValueError: At least one of 'embeddings' and 'documents' must be provided",
    );
    expect(await refusal(notes.add({ ids: ["a"], documents: ["text"] }))).toContain(
      "ChromaValueError: No embedding function found for collection 'notes'.",
    );
  });

  fact("twenty adds of one id at once keep one record, the first that came", async (place) => {
    const notes = await place.createNotes();
    const adds = Array.from({ length: 20 }, (_, i) =>
      notes.add({ ids: ["a"], embeddings: [[i, 0]], documents: [`number ${i}`] }),
    );
    await Promise.all(adds);
    await place.keeps(async (kept) => {
      const { ids, documents, embeddings } = await kept.get({ include: ["documents", "embeddings"] });
      expect(ids).toEqual(["a"]);
      expect(documents).toEqual([`number ${embeddings[0]?.[0]}`]);
    });
  });

  differs("batch-limit", "one call takes more records than Chroma's 5,461", async (place) => {
    const notes = await place.createNotes();
    const ids = Array.from({ length: 6000 }, (_, i) => `id-${i}`);
    await notes.add({ ids, embeddings: ids.map((_, i) => [i, 0]) });
    await place.keeps(async (kept) => {
      expect(await kept.count()).toBe(6000);
      expect((await kept.get({ limit: 2, offset: 5998 })).ids).toEqual(["id-5998", "id-5999"]);
    });
  });
}
