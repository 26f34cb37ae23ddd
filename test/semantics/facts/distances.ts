// Distances of each space against the obvious computation, and the cases where it has no obvious answer.

import { expect } from "vitest";
import type { Collection } from "../../../src/index.ts";
import type { Facts } from "../semantics.ts";

type Space = "l2" | "cosine" | "ip";

/** In doubles, on the single floats that are stored. */
function distance(space: Space, a: readonly number[], b: readonly number[]): number {
  const dot = sum(a, (x, i) => x * b[i]!);
  if (space === "ip") return 1 - dot;
  if (space === "l2") return sum(a, (x, i) => (x - b[i]!) ** 2);
  const norms = Math.sqrt(sum(a, (x) => x * x) * sum(b, (x) => x * x));
  return norms === 0 ? 1 : 1 - dot / norms;
}

function sum(values: readonly number[], term: (x: number, i: number) => number): number {
  return values.reduce((total, x, i) => total + term(x, i), 0);
}

/** Numbers between -1 and 1 that are the same in every run. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(state / 2 ** 31 - 1);
  });
}

const query = async (
  notes: Collection,
  embedding: number[],
  nResults = 10,
): Promise<[string[], unknown[]]> => {
  const { ids, distances } = await notes.query({ queryEmbeddings: [embedding], nResults });
  return [ids[0] ?? [], distances[0] ?? []];
};

export function distanceFacts({ fact, beyond }: Facts): void {
  for (const space of ["l2", "cosine", "ip"] as const) {
    fact(`${space}: every distance and their order are those of an exact computation`, async (place) => {
      const notes = await place.createNotes({ space });
      const dimension = 24;
      const vectors = Array.from({ length: 200 }, (_, i) => numbers(dimension, i + 1));
      const ids = vectors.map((_, i) => `id-${i}`);
      await notes.add({ ids, embeddings: vectors });
      const asked = numbers(dimension, 999);
      const exact = vectors
        .map((vector, i) => ({ id: ids[i], exact: distance(space, vector, asked) }))
        .sort((a, b) => a.exact - b.exact);
      await place.keeps(async (kept) => {
        const [found, distances] = await query(kept, asked, 50);
        expect(found).toEqual(exact.slice(0, 50).map(({ id }) => id));
        distances.forEach((value, i) => expect(value).toBeCloseTo(exact[i]!.exact, 5));
      });
    });
  }

  fact("the default space is l2, squared", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[3, 4]] });
    expect(await query(notes, [0, 0])).toEqual([["a"], [25]]);
  });

  fact("an inner product above 1 is a negative distance", async (place) => {
    const notes = await place.createNotes({ space: "ip" });
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [1, 1],
        [10, 10],
      ],
    });
    expect(await query(notes, [2, 3])).toEqual([
      ["b", "a"],
      [-49, -4],
    ]);
  });

  fact("the length of a vector does not count for cosine", async (place) => {
    const notes = await place.createNotes({ space: "cosine" });
    await notes.add({
      ids: ["along", "across", "against"],
      embeddings: [
        [0, 1000],
        [1e-6, 0],
        [0, -1],
      ],
    });
    await place.keeps(async (kept) => {
      const [ids, distances] = await query(kept, [0, 0.001]);
      expect(ids).toEqual(["along", "across", "against"]);
      [0, 1, 2].forEach((exact, i) => expect(distances[i]).toBeCloseTo(exact, 6));
    });
  });

  fact("a zero vector is at cosine distance 1 of everything, stored or asked for", async (place) => {
    const notes = await place.createNotes({ space: "cosine" });
    await notes.add({
      ids: ["zero", "one"],
      embeddings: [
        [0, 0],
        [1, 0],
      ],
    });
    await place.keeps(async (kept) => {
      expect(await query(kept, [1, 0])).toEqual([
        ["one", "zero"],
        [0, 1],
      ]);
      expect(await query(kept, [0, 0])).toEqual([
        ["zero", "one"],
        [1, 1],
      ]);
    });
  });

  const ids = ["d", "b", "e", "a", "c"];
  for (const space of ["l2", "cosine", "ip"] as const) {
    fact(`${space}: equal distances come in insertion order`, async (place) => {
      const notes = await place.createNotes({ space });
      await notes.add({ ids, embeddings: ids.map(() => [1, 2]) });
      await place.keeps(async (kept) => {
        const [found, distances] = await query(kept, [1, 2], 5);
        expect(found).toEqual(ids);
        expect(new Set(distances).size).toBe(1);
      });
    });

    beyond("ties", `${space}: of more equal distances than results the first are taken`, async (place) => {
      const notes = await place.createNotes({ space });
      await notes.add({ ids, embeddings: ids.map(() => [1, 2]) });
      await place.keeps(async (kept) => expect((await query(kept, [5, 5], 3))[0]).toEqual(["d", "b", "e"]));
    });
  }

  fact("a distance that overflows is null and comes last", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["far", "near"],
      embeddings: [
        [3e38, 3e38],
        [0, 0],
      ],
    });
    await place.keeps(async (kept) => {
      expect(await query(kept, [-3e38, -3e38])).toEqual([
        expect.arrayContaining(["far", "near"]),
        [null, null],
      ]);
      expect(await query(kept, [1, 0])).toEqual([
        ["near", "far"],
        [1, null],
      ]);
    });
  });

  fact("the smallest and the largest numbers are searched without losing their order", async (place) => {
    const notes = await place.createNotes();
    const embeddings = [
      [1e-20, 0],
      [3e-20, 0],
      [1e18, 0],
      [1.5e18, 0],
    ];
    await notes.add({ ids: ["a", "b", "c", "d"], embeddings });
    await place.keeps(async (kept) => {
      expect((await query(kept, [1e18, 0]))[0].slice(0, 2)).toEqual(["c", "d"]);
      expect((await query(kept, [1e-20, 0]))[0].slice(2)).toEqual(["c", "d"]);
    });
  });

  fact("one vector far larger than the rest does not blur the rest", async (place) => {
    const notes = await place.createNotes();
    const vectors = Array.from({ length: 300 }, (_, i) => numbers(8, i + 1));
    const ids = vectors.map((_, i) => `id-${i}`);
    await notes.add({ ids: [...ids, "large"], embeddings: [...vectors, vectors[0]!.map(() => 1e4)] });
    const asked = numbers(8, 5000);
    const exact = vectors
      .map((vector, i) => ({ id: ids[i], exact: distance("l2", vector, asked) }))
      .sort((a, b) => a.exact - b.exact)
      .map(({ id }) => id);
    await place.keeps(async (kept) => expect((await query(kept, asked))[0]).toEqual(exact.slice(0, 10)));
  });
}
