// Embeddings: their dimension, what is no embedding, and how numbers are kept.

import { expect } from "vitest";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

export function vectorFacts({ fact, differs }: Facts): void {
  fact("the first write fixes the dimension, and it stays when every record is gone", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    await notes.delete({ ids: ["a"] });
    await place.keeps(async (kept) => {
      const problem = "ChromaClientError: 400: Collection expecting embedding with dimension of 2, got 3";
      const embeddings = [[1, 2, 3]];
      expect(await refusal(kept.add({ ids: ["b"], embeddings }))).toBe(problem);
      expect(await refusal(kept.upsert({ ids: ["b"], embeddings }))).toBe(problem);
      expect(await refusal(kept.update({ ids: ["a"], embeddings }))).toBe(problem);
      expect(await refusal(kept.query({ queryEmbeddings: embeddings }))).toBe(problem);
      expect(await kept.count()).toBe(0);
    });
  });

  fact("a call with one bad record writes none of them, nor a dimension", async (place) => {
    const notes = await place.createNotes();
    expect(
      await refusal(
        notes.add({
          ids: ["a", "b"],
          embeddings: [
            [1, 2],
            [1, 2, 3],
          ],
        }),
      ),
    ).toBe("ChromaClientError: 400: Inconsistent dimensions in provided embeddings");
    await notes.add({ ids: ["c"], embeddings: [[1, 2, 3, 4]] });
    const metadatas = [{ ok: 1 }, { "#bad": 1 }];
    const bad = notes.upsert({
      ids: ["d", "c"],
      embeddings: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      metadatas,
    });
    expect(await refusal(bad)).toBe(
      "ChromaClientError: 400: Validation error: metadatas: Invalid metadata at index 1",
    );
    await place.keeps(async (kept) => {
      const { ids, embeddings } = await kept.get({ include: ["embeddings"] });
      expect(ids).toEqual(["c"]);
      expect(embeddings).toEqual([[1, 2, 3, 4]]);
    });
  });

  differs(
    "refused-write-dimension",
    "a refused write fixes no dimension, whatever was wrong",
    async (place) => {
      const notes = await place.createNotes();
      expect(
        await refusal(
          notes.add({
            ids: ["a", ""],
            embeddings: [
              [1, 2],
              [3, 4],
            ],
          }),
        ),
      ).toContain("Empty ID");
      await notes.add({ ids: ["c"], embeddings: [[1, 2, 3, 4]] });
      await place.keeps(async (kept) => expect(await kept.count()).toBe(1));
    },
  );

  fact("an update of ids that are not there fixes the dimension of nothing", async (place) => {
    const notes = await place.createNotes();
    await notes.update({ ids: ["a"], documents: ["text"], embeddings: [[1, 2, 3]] });
    expect(await notes.count()).toBe(0);
  });

  fact("an embedding has numbers, all of them finite", async (place) => {
    const notes = await place.createNotes();
    expect(await refusal(notes.add({ ids: ["a"], embeddings: [[]] }))).toBe(
      "ChromaValueError: Expected each embedding to be a non-empty array of numbers, but got an empty array at index 0",
    );
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, 1e39, undefined as unknown as number]) {
      expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, number]] }))).toMatch(
        /^ChromaClientError: 400: /,
      );
    }
    expect(await notes.count()).toBe(0);
  });

  differs("vector-elements", "what is no number is not made one", async (place) => {
    const notes = await place.createNotes();
    for (const element of [null, true, "", []] as unknown as number[]) {
      expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, element]] }))).toMatch(
        /invalid type: \w+, expected f32$/,
      );
    }
    expect(await notes.count()).toBe(0);
  });

  differs(
    "vector-elements",
    "a row that is no list of numbers is refused in the words meant for it",
    async (place) => {
      const notes = await place.createNotes();
      const spent = Float32Array.of(1, 2);
      structuredClone(spent.buffer, { transfer: [spent.buffer] });
      const problem = "ChromaValueError: Expected each embedding to be";
      for (const row of [null, "12", { length: 1, 0: 1 }, new Set([1]), new DataView(new ArrayBuffer(8))]) {
        const rows = [row] as unknown as number[][];
        expect(await refusal(notes.add({ ids: ["a"], embeddings: rows }))).toBe(
          `${problem} an array of numbers`,
        );
        expect(await refusal(notes.query({ queryEmbeddings: rows }))).toBe(`${problem} an array of numbers`);
      }
      expect(await refusal(notes.upsert({ ids: ["a"], embeddings: [spent] }))).toBe(
        `${problem} a non-empty array of numbers, but got an empty array at index 0`,
      );
      expect(await notes.count()).toBe(0);
    },
  );

  differs(
    "non-finite-embeddings",
    "what is not finite is refused in the words of JSON requests",
    async (place) => {
      const notes = await place.createNotes();
      expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, Number.NaN]] }))).toBe(
        "ChromaClientError: 400: Validation error: embeddings: Embeddings must not contain NaN or Infinity values",
      );
    },
  );

  fact("numbers are kept as single floats and told as the shortest decimals of them", async (place) => {
    const notes = await place.createNotes();
    const given = [1 / 3, 16777217, 1e-40, -0.1, 3.4028234663852886e38, 1e-46];
    await notes.add({ ids: ["a"], embeddings: [given] });
    await place.keeps(async (kept) => {
      const { embeddings } = await kept.get({ include: ["embeddings"] });
      expect(embeddings).toEqual([[0.33333334, 16777216, 1e-40, -0.1, 3.4028235e38, 0]]);
    });
  });

  fact("text that reads as a number is that number", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [["5", 1] as number[]] });
    expect((await notes.get({ include: ["embeddings"] })).embeddings).toEqual([[5, 1]]);
  });

  fact("one dimension is enough, and thousands are fine", async (place) => {
    for (const dimension of [1, 4096]) {
      const name = `of-${dimension}`;
      const wide = await place.client.createCollection({ name, embeddingFunction: null });
      const embedding = Array.from({ length: dimension }, (_, i) => i / 2);
      await wide.add({ ids: ["a", "b"], embeddings: [embedding, embedding.map((x) => x + 1)] });
      const found = await wide.query({ queryEmbeddings: [embedding], include: ["embeddings", "distances"] });
      expect(found.ids).toEqual([["a", "b"]]);
      expect(found.embeddings[0]?.[0]).toEqual(embedding);
      expect(found.distances).toEqual([[0, dimension]]);
    }
  });

  fact("rows of Float32Array are written like rows of numbers, and stay the caller's", async (place) => {
    const notes = await place.createNotes();
    const row = Float32Array.of(0.5, 0.25);
    await notes.add({ ids: ["a"], embeddings: [row] });
    await notes.upsert({ ids: ["b"], embeddings: [row] });
    await notes.update({ ids: ["b"], embeddings: [Float32Array.of(1, 2)] });
    expect([...row]).toEqual([0.5, 0.25]);
    await place.keeps(async (kept) => {
      const { embeddings } = await kept.get({ include: ["embeddings"] });
      expect(embeddings).toEqual([
        [0.5, 0.25],
        [1, 2],
      ]);
    });
  });

  fact("a view into a larger buffer writes its own numbers alone", async (place) => {
    const notes = await place.createNotes();
    const buffer = Float32Array.of(1, 2, 3, 4, 5, 6);
    await notes.add({ ids: ["a", "b"], embeddings: [buffer.subarray(1, 3), buffer.subarray(4, 6)] });
    expect((await notes.get({ include: ["embeddings"] })).embeddings).toEqual([
      [2, 3],
      [5, 6],
    ]);
  });

  differs("float32-queries", "rows of Float32Array and one flat vector are queries too", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [1, 2],
        [3, 4],
      ],
    });
    for (const queryEmbeddings of [[Float32Array.of(3, 4)], Float32Array.of(3, 4), [3, 4]]) {
      expect((await notes.query({ queryEmbeddings, nResults: 1 })).ids).toEqual([["b"]]);
    }
  });

  differs("cosine-vectors", "vectors of a cosine collection come back as they were given", async (place) => {
    const notes = await place.createNotes({ space: "cosine" });
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [0.1, 0.2],
        [1e30, 1e30],
      ],
    });
    await place.keeps(async (kept) => {
      const { embeddings } = await kept.get({ include: ["embeddings"] });
      expect(embeddings).toEqual([
        [0.1, 0.2],
        [1e30, 1e30],
      ]);
    });
  });
}
