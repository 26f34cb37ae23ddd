// Values and keys of a record's metadata.

import type { Metadata } from "chromadb";
import { expect } from "vitest";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

export function metadataFacts({ fact, differs }: Facts): void {
  fact("strings, numbers, booleans and arrays of them come back as they were given", async (place) => {
    const notes = await place.createNotes();
    const metadatas: Metadata[] = [
      { text: "a", empty: "", int: 1, negative: -7, float: 1.5, yes: true, no: false },
      { big: 2 ** 53 - 1, huge: 1e21, tiny: 5e-324, max: Number.MAX_VALUE, zero: 0 },
      { texts: ["b", "a", "b", ""], ints: [3, 1, 1], floats: [0.5, 0.25], flags: [true, false, true] },
      { mixed: [1, 2.5] },
    ];
    await notes.add({ ids: ["a", "b", "c", "d"], embeddings: metadatas.map((_, i) => [i, 0]), metadatas });
    await place.keeps(async (kept) => expect((await kept.get()).metadatas).toEqual(metadatas));
  });

  fact("negative zero is zero", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [{ zero: -0 }] });
    await place.keeps(async (kept) => {
      expect((await kept.get()).metadatas).toEqual([{ zero: 0 }]);
      expect((await kept.get({ where: { zero: -0 } })).ids).toEqual(["a"]);
    });
  });

  fact("a record without metadata, or with nulls alone, has none", async (place) => {
    const notes = await place.createNotes();
    const metadatas = [null as unknown as Metadata, { a: null }, { b: 1, c: null }];
    await notes.add({
      ids: ["a", "b", "c"],
      embeddings: [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
      metadatas,
    });
    await notes.upsert({ ids: ["d"], embeddings: [[4, 0]] });
    await place.keeps(async (kept) => {
      expect((await kept.get()).metadatas).toEqual([null, null, { b: 1 }, null]);
    });
  });

  differs("uri-metadata", "a record with a uri and no metadata has none either", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], uris: ["file:a"] });
    await place.keeps(async (kept) => expect((await kept.get()).metadatas).toEqual([null]));
  });

  fact("what is no value is refused by the client", async (place) => {
    const notes = await place.createNotes();
    const add = (metadata: object): Promise<string> =>
      refusal(notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [metadata as Metadata] }));
    const expected =
      "to be a string, number, boolean, SparseVector, typed array (string[], number[], boolean[]), or null";
    for (const value of [{ nested: 1 }, new Date(0), 1n, () => 1]) {
      expect(await add({ a: value })).toBe(
        `ChromaValueError: Expected metadata value for key 'a' ${expected}`,
      );
    }
    expect(await add({})).toBe("ChromaValueError: Expected metadata to be non-empty");
    expect(await add({ a: [] })).toBe(
      "ChromaValueError: Expected metadata list value for key 'a' to be non-empty",
    );
    expect(await add({ a: [1, "1"] })).toBe(
      "ChromaValueError: Expected metadata list value for key 'a' to contain only the same type, got mixed types",
    );
  });

  fact("a number that is none is a body of the wrong shape", async (place) => {
    const notes = await place.createNotes();
    for (const a of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [{ a }] }))).toMatch(
        /^ChromaClientError: Failed to deserialize the JSON body.*untagged enum/,
      );
    }
    expect(await notes.count()).toBe(0);
  });

  fact("keys are any text but the empty one and those that begin with # or $", async (place) => {
    const notes = await place.createNotes();
    const metadata = {
      "a.b": 1,
      "with space": 2,
      schlüssel: 3,
      "😀": 4,
      $: 0,
      ["k".repeat(5000)]: 5,
      constructor: 6,
    };
    const { $: _, ...good } = metadata;
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [good] });
    for (const key of ["", "#a", "$", "$a"]) {
      const call = notes.add({ ids: ["b"], embeddings: [[1, 2]], metadatas: [{ [key]: 1 }] });
      expect(await refusal(call)).toBe(
        "ChromaClientError: 400: Validation error: metadatas: Invalid metadata at index 0",
      );
    }
    await place.keeps(async (kept) => {
      expect((await kept.get()).metadatas).toEqual([good]);
      for (const [key, value] of Object.entries(good)) {
        expect((await kept.get({ where: { [key]: value } })).ids).toEqual(["a"]);
      }
    });
  });

  fact("a sparse vector is not taken yet, as on the single-node server", async (place) => {
    const notes = await place.createNotes();
    const metadatas = [{ sparse: { indices: [1, 5], values: [0.5, 1] } }];
    expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas }))).toMatch(
      /^Chroma(Server|NotImplemented)Error: Unimplemented: Sparse vector is not supported for local chroma: sparse$/,
    );
  });

  differs("reserved-keys", "keys of Chroma's own prefix are refused, not hidden", async (place) => {
    const notes = await place.createNotes();
    for (const key of ["chroma:document", "chroma:mine"]) {
      const call = notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [{ [key]: "text" }] });
      expect(await refusal(call)).toContain("keys that start with 'chroma:' are reserved");
    }
  });

  fact("a hundred keys of each record are kept and found", async (place) => {
    const notes = await place.createNotes();
    const metadataOf = (i: number): Record<string, number> =>
      Object.fromEntries(Array.from({ length: 100 }, (_, key) => [`key-${key}`, i * key]));
    const ids = Array.from({ length: 30 }, (_, i) => `id-${i}`);
    const metadatas = ids.map((_, i) => metadataOf(i));
    await notes.add({ ids, embeddings: ids.map((_, i) => [i, 1]), metadatas });
    await place.keeps(async (kept) => {
      expect((await kept.get()).metadatas).toEqual(metadatas);
      expect((await kept.get({ where: { "key-99": 99 * 7 } })).ids).toEqual(["id-7"]);
    });
  });
}
