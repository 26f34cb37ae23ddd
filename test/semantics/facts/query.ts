// query: how many, of which, with what; the distances themselves are in distances.ts.

import type { WhereDocument } from "chromadb";
import { expect } from "vitest";
import type { Collection } from "../../../src/index.ts";
import type { Place } from "../place.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

async function createRow(place: Place, count = 12): Promise<Collection> {
  const notes = await place.createNotes();
  const ids = Array.from({ length: count }, (_, i) => `id-${i}`);
  await notes.add({
    ids,
    embeddings: ids.map((_, i) => [i, 0]),
    documents: ids.map((id) => `document of ${id}`),
    metadatas: ids.map((_, i) => ({ third: i % 3 })),
    uris: ids.map((id) => `file:${id}`),
  });
  return notes;
}

export function queryFacts({ fact, differs }: Facts): void {
  fact("it gives the ten nearest, nearest first, with documents, metadata and distances", async (place) => {
    await createRow(place);
    await place.keeps(async (kept) => {
      const found = await kept.query({ queryEmbeddings: [[2.25, 0]] });
      expect(found.ids).toEqual([
        ["id-2", "id-3", "id-1", "id-4", "id-0", "id-5", "id-6", "id-7", "id-8", "id-9"],
      ]);
      expect(found.distances[0]?.slice(0, 3)).toEqual([0.0625, 0.5625, 1.5625]);
      expect(found.documents[0]?.[0]).toBe("document of id-2");
      expect(found.metadatas[0]?.[0]).toEqual({ third: 2 });
      expect([found.embeddings, found.uris]).toEqual([[], []]);
      expect(found.include).toEqual(["metadatas", "documents", "distances"]);
    });
  });

  fact("each query vector has a list of its own", async (place) => {
    await createRow(place);
    await place.keeps(async (kept) => {
      const found = await kept.query({
        queryEmbeddings: [
          [0, 0],
          [11, 0],
          [0, 0],
        ],
        nResults: 2,
      });
      expect(found.ids).toEqual([
        ["id-0", "id-1"],
        ["id-11", "id-10"],
        ["id-0", "id-1"],
      ]);
      expect(found.distances).toEqual([
        [0, 1],
        [0, 1],
        [0, 1],
      ]);
    });
  });

  fact("more results than records give every record", async (place) => {
    const notes = await createRow(place);
    const { ids } = await notes.query({ queryEmbeddings: [[0, 0]], nResults: 1000 });
    expect(ids[0]).toHaveLength(12);
  });

  fact("0 results are empty lists; a negative, broken or textual number is refused", async (place) => {
    const notes = await createRow(place);
    const query = (nResults: number): ReturnType<Collection["query"]> =>
      notes.query({
        queryEmbeddings: [
          [0, 0],
          [1, 0],
        ],
        nResults,
      });
    expect(await query(0)).toMatchObject({ ids: [[], []], distances: [[], []], documents: [[], []] });
    expect(await refusal(query(-1))).toBe("ChromaValueError: Number of requested results has to positive");
    expect(await refusal(query(1.5))).toMatch(/^ChromaClientError: Failed to deserialize/);
    expect(await refusal(query("5" as unknown as number))).toContain("to be a number, but got string");
  });

  fact(
    "in an empty collection every query has an empty list, of any dimension while there is none",
    async (place) => {
      await place.createNotes();
      await place.keeps(async (kept) => {
        const found = await kept.query({
          queryEmbeddings: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        });
        expect(found).toMatchObject({
          ids: [[], []],
          distances: [[], []],
          documents: [[], []],
          metadatas: [[], []],
        });
      });
    },
  );

  fact("when every record was deleted the lists are empty", async (place) => {
    const notes = await createRow(place, 3);
    await notes.delete({ ids: ["id-0", "id-1", "id-2"] });
    await place.keeps(async (kept) => {
      expect(await kept.query({ queryEmbeddings: [[1, 0]] })).toMatchObject({ ids: [[]], distances: [[]] });
    });
  });

  fact("a filter that matches nothing gives empty lists, one that matches few all of them", async (place) => {
    await createRow(place);
    await place.keeps(async (kept) => {
      const queryEmbeddings = [[0, 0]];
      expect((await kept.query({ queryEmbeddings, where: { third: 7 } })).ids).toEqual([[]]);
      const { ids } = await kept.query({ queryEmbeddings, where: { third: 1 } });
      expect(ids).toEqual([["id-1", "id-4", "id-7", "id-10"]]);
    });
  });

  fact("ids restrict the search", async (place) => {
    const notes = await createRow(place);
    const { ids } = await notes.query({ queryEmbeddings: [[0, 0]], ids: ["id-7", "id-3"] });
    expect(ids).toEqual([["id-3", "id-7"]]);
    expect(await refusal(notes.query({ queryEmbeddings: [[0, 0]], ids: [] }))).toContain("non-empty list");
  });

  differs("query-unknown-ids", "ids that are not there are skipped", async (place) => {
    const notes = await createRow(place);
    const { ids } = await notes.query({ queryEmbeddings: [[0, 0]], ids: ["id-7", "none"] });
    expect(ids).toEqual([["id-7"]]);
    expect((await notes.query({ queryEmbeddings: [[0, 0]], ids: ["none"] })).ids).toEqual([[]]);
  });

  fact("include says which columns come, and vectors come with their records", async (place) => {
    await createRow(place);
    await place.keeps(async (kept) => {
      const queryEmbeddings = [
        [0, 0],
        [11, 0],
      ];
      const found = await kept.query({ queryEmbeddings, nResults: 2, include: ["embeddings", "uris"] });
      expect(found).toMatchObject({
        ids: [
          ["id-0", "id-1"],
          ["id-11", "id-10"],
        ],
        embeddings: [
          [
            [0, 0],
            [1, 0],
          ],
          [
            [11, 0],
            [10, 0],
          ],
        ],
        uris: [
          ["file:id-0", "file:id-1"],
          ["file:id-11", "file:id-10"],
        ],
        documents: [],
        metadatas: [],
        distances: [],
      });
      const bare = await kept.query({ queryEmbeddings, nResults: 1, include: [] });
      expect(bare).toMatchObject({ ids: [["id-0"], ["id-11"]], include: [], distances: [] });
    });
  });

  fact("rows() puts the columns of each hit together", async (place) => {
    const notes = await createRow(place);
    const rows = (
      await notes.query({
        queryEmbeddings: [
          [0, 0],
          [5, 0],
        ],
        nResults: 1,
      })
    ).rows();
    expect(rows).toMatchObject([
      [{ id: "id-0", distance: 0, document: "document of id-0", metadata: { third: 0 } }],
      [{ id: "id-5", distance: 0 }],
    ]);
  });

  fact("no query at all is refused by the client", async (place) => {
    const notes = await createRow(place);
    expect(await refusal(notes.query({}))).toBe(
      "ChromaValueError: At least one of 'queryEmbeddings' and 'queryTexts' must be provided",
    );
    expect(await refusal(notes.query({ queryEmbeddings: [] }))).toBe(
      "ChromaValueError: Expected embeddings to be an array with at least one item",
    );
    expect(await refusal(notes.query({ queryEmbeddings: [[]] }))).toContain("an empty array at index 0");
  });

  fact("of a bad clause and a vector of the wrong dimension the clause is told", async (place) => {
    const notes = await createRow(place);
    const asked = (whereDocument: WhereDocument): Promise<string> =>
      refusal(notes.query({ queryEmbeddings: [[1, 2, 3]], whereDocument }));
    expect(await asked({ $regex: "[a" })).toContain("Regex syntax errror: ");
    expect(await asked({ $contains: "a" })).toContain("expecting embedding with dimension of 2, got 3");
  });

  fact("a number that is none is refused in a query", async (place) => {
    const notes = await createRow(place);
    expect(await refusal(notes.query({ queryEmbeddings: [[Number.NaN, 0]] }))).toMatch(
      /^ChromaClientError: Failed to deserialize the JSON body/,
    );
  });
}
