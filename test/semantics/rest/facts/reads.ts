// get and query: what is asked for, what comes, and in which order.

import { expect } from "vitest";
import type { Rest, RestCollection } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

const ids = ["b", "a", "c", "d", "e"];

async function createRow(rest: Rest): Promise<RestCollection> {
  const row = await rest.createCollection();
  await row.post("add", {
    ids,
    embeddings: ids.map((_, i) => [i, 0]),
    metadatas: ids.map((_, n) => ({ n })),
    documents: ids.map((id) => `text ${id}`),
  });
  return row;
}

/** A collection of a space, named after it. */
function createIn(rest: Rest, space: string): Promise<RestCollection> {
  return rest.createCollection({ name: `in-${space}`, configuration: { hnsw: { space } } });
}

interface QueryReply {
  readonly ids: string[][];
  readonly distances: (number | null)[][] | null;
  readonly [column: string]: unknown;
}

async function query(notes: RestCollection, body: string | Record<string, unknown>): Promise<QueryReply> {
  const reply = await notes.post(
    "query",
    typeof body === "string" ? body : { query_embeddings: [[0, 0]], ...body },
  );
  expect(reply).toMatch(/^200 /);
  return JSON.parse(reply.slice(4)) as QueryReply;
}

export function readFacts({ fact, differs }: RestFacts): void {
  fact("get tells every record, with documents and metadata", async (rest) => {
    const reply = await (await createRow(rest)).post("get");
    expect(JSON.parse(reply.slice(4))).toEqual({
      ids,
      documents: ids.map((id) => `text ${id}`),
      metadatas: ids.map((_, n) => ({ n })),
      embeddings: null,
      uris: null,
      include: ["documents", "metadatas"],
    });
  });

  fact("records come in insertion order, each once, whatever ids ask for", async (rest) => {
    const row = await createRow(rest);
    expect(await row.found({ ids: ["d", "a", "d", "nothing", "b"] })).toEqual(["b", "a", "d"]);
    expect(await row.found({ where: { n: { $gte: 0 } } })).toEqual(ids);
    expect(await row.found({ where_document: { $contains: "text" } })).toEqual(ids);
    expect(await row.found({ ids: [] })).toEqual([]);
  });

  fact("limit and offset come after the filter, and are whole numbers from 0", async (rest) => {
    const row = await createRow(rest);
    expect(await row.found({ where: { n: { $gte: 1 } }, limit: 2, offset: 1 })).toEqual(["c", "d"]);
    expect(await row.found({ limit: 0 })).toEqual([]);
    expect(await row.found({ offset: 9 })).toEqual([]);
    for (const limit of [-1, 1.5, "1", 4_294_967_296]) {
      expect(await row.post("get", { limit }), String(limit)).toMatch(/^422 ChromaError: /);
      expect(await row.post("get", { offset: limit }), String(limit)).toMatch(/^422 ChromaError: /);
    }
  });

  fact("include is told back as it was asked; what is unknown is refused", async (rest) => {
    const row = await createRow(rest);
    const include = ["metadatas", "metadatas", "distances"];
    expect((await row.records({ include })).include).toEqual(include);
    expect(await row.records({ include: ["uris", "embeddings"], ids: ["a"] })).toMatchObject({
      documents: null,
      metadatas: null,
      uris: [null],
      embeddings: [[1, 0]],
    });
    expect(await row.post("get", { include: ["colours"] })).toMatch(/^422 ChromaError: /);
  });

  fact("a query tells the ten nearest, with documents, metadata and distances", async (rest) => {
    const notes = await rest.createCollection();
    const many = Array.from({ length: 20 }, (_, i) => `id-${i}`);
    await notes.post("add", { ids: many, embeddings: many.map((_, i) => [i, 0]) });
    expect(await query(notes, {})).toEqual({
      ids: [many.slice(0, 10)],
      distances: [many.slice(0, 10).map((_, i) => i * i)],
      documents: [new Array(10).fill(null)],
      metadatas: [new Array(10).fill(null)],
      embeddings: null,
      uris: null,
      include: ["documents", "metadatas", "distances"],
    });
  });

  fact("a collection without records, or without a dimension, gives an empty list a query", async (rest) => {
    const notes = await rest.createCollection();
    const empty = { ids: [[], []], distances: [[], []], documents: [[], []], metadatas: [[], []] };
    const query_embeddings = [
      [1, 2],
      [3, 4],
    ];
    expect(await query(notes, { query_embeddings: [[1], [2]] })).toMatchObject(empty);
    expect(await query(notes, { query_embeddings })).toMatchObject(empty);
    await notes.post("add", { ids: ["a"], embeddings: [[1, 2]] });
    await notes.post("delete", { ids: ["a"] });
    expect(await query(notes, { query_embeddings })).toMatchObject(empty);
  });

  fact("as many results as there are, or none, but no negative or broken number", async (rest) => {
    const row = await createRow(rest);
    expect((await query(row, { n_results: 99 })).ids).toEqual([ids]);
    expect((await query(row, { n_results: 0 })).ids).toEqual([[]]);
    for (const n_results of [-1, 1.5, "2"]) {
      expect(await row.post("query", { query_embeddings: [[0, 0]], n_results })).toMatch(
        /^422 ChromaError: /,
      );
    }
  });

  fact("a query of nothing, or with nothing included, tells ids alone", async (rest) => {
    const row = await createRow(rest);
    expect(await query(row, { query_embeddings: [] })).toMatchObject({ ids: [], distances: [] });
    expect(await query(row, { include: [] })).toMatchObject({
      ids: [ids],
      distances: null,
      documents: null,
      metadatas: null,
    });
  });

  fact("ids and filters restrict a query; what they leave is told whole", async (rest) => {
    const row = await createRow(rest);
    expect((await query(row, { ids: ["e", "c", "c"] })).ids).toEqual([["c", "e"]]);
    expect((await query(row, { ids: [] })).ids).toEqual([[]]);
    expect((await query(row, { where: { n: { $gte: 3 } } })).ids).toEqual([["d", "e"]]);
    expect((await query(row, { where: { n: 77 } })).ids).toEqual([[]]);
    expect((await query(row, { where_document: { $contains: "text e" } })).ids).toEqual([["e"]]);
    expect((await query(row, { ids: ["a", "e", "nothing"], where: { n: { $gte: 1 } } })).ids).toEqual([
      ["a", "e"],
    ]);
  });

  fact(
    "a filtered query gives as many as are asked for, and the nearest where few are left",
    async (rest) => {
      const notes = await rest.createCollection();
      const many = Array.from({ length: 3000 }, (_, i) => `id-${i}`);
      await notes.post("add", {
        ids: many,
        embeddings: many.map((_, i) => [Math.sin(i), Math.cos(7 * i), Math.sin(3 * i)]),
        metadatas: many.map((_, i) => ({ percent: i % 100 })),
      });
      for (const percent of [1, 2, 50]) {
        const left = many.flatMap((id, i) => (i % 100 < percent ? [{ id, i }] : []));
        const nearest = left
          .map(({ id, i }) => ({
            id,
            distance: Math.sin(i) ** 2 + Math.cos(7 * i) ** 2 + Math.sin(3 * i) ** 2,
          }))
          .toSorted((a, b) => a.distance - b.distance)
          .slice(0, 20);
        const body = { query_embeddings: [[0, 0, 0]], n_results: 20, where: { percent: { $lt: percent } } };
        const found = (await query(notes, body)).ids[0] ?? [];
        expect(found).toHaveLength(20);
        // Half of the records are searched through the graph, a few of them one by one.
        const missed = nearest.filter(({ id }) => !found.includes(id));
        expect(missed.length).toBeLessThanOrEqual(percent === 50 ? 5 : 0);
      }
    },
  );

  fact("query vectors are arrays of numbers, base64 is not taken", async (rest) => {
    const row = await createRow(rest);
    const shape =
      "422 ChromaError: Failed to deserialize the JSON body into the target type: query_embeddings";
    for (const [query_embeddings, misfit] of [
      [["AAAAAAAAAAA="], '[0]: invalid type: string "AAAAAAAAAAA=", expected a sequence'],
      [[{ 0: 1, 1: 2 }], "[0]: invalid type: map, expected a sequence"],
      [[[1, 2], null], "[1]: invalid type: null, expected a sequence"],
      [[true], "[0]: invalid type: boolean `true`, expected a sequence"],
      [[[1, null]], "[0][1]: invalid type: null, expected f32"],
      [[[1, "2"]], '[0][1]: invalid type: string "2", expected f32'],
      [[[[1]]], "[0][0]: invalid type: sequence, expected f32"],
      [{ a: 1 }, ": invalid type: map, expected a sequence"],
      ["x", ': invalid type: string "x", expected a sequence'],
    ] as const) {
      expect(await row.post("query", { query_embeddings })).toBe(`${shape}${misfit}`);
    }
    expect(await row.post("query", '{"query_embeddings":[[1.0,9007199254740993,null]]}')).toBe(
      `${shape}[0][2]: invalid type: null, expected f32`,
    );
  });

  fact("l2 is squared, ip is 1 - dot, cosine is 1 - cos, and 1 for a vector of zero", async (rest) => {
    const ids = ["along", "across", "zero"];
    for (const [space, distances] of [
      ["l2", [1, 17, 16]],
      ["ip", [-11, 1, 1]],
      ["cosine", [0, 1, 1]],
    ] as const) {
      const notes = await createIn(rest, space);
      await notes.post("add", {
        ids,
        embeddings: [
          [3, 0],
          [0, 1],
          [0, 0],
        ],
      });
      const told = await query(notes, { query_embeddings: [[4, 0]] });
      for (const [place, id] of ids.entries()) {
        const distance = told.distances?.[0]?.[told.ids[0]?.indexOf(id) ?? -1];
        expect(distance, `${space} ${id}`).toBeCloseTo(distances[place] ?? NaN, 5);
      }
    }
  });

  fact("a distance that overflows is null: last for l2, first for ip", async (rest) => {
    for (const [space, at, order] of [
      ["l2", 1, ["near", "far"]],
      ["ip", 1e38, ["far", "near"]],
    ] as const) {
      const notes = await createIn(rest, space);
      await notes.post("add", {
        ids: ["near", "far"],
        embeddings: [
          [1, 0],
          [1e38, 0],
        ],
      });
      const told = await query(notes, { query_embeddings: [[at, 0]] });
      expect(told.ids).toEqual([order]);
      expect(told.distances?.[0]?.[order.findIndex((id) => id === "far")]).toBeNull();
    }
  });

  fact("a query number above single precision has distances of null", async (rest) => {
    const row = await createRow(rest);
    const told = await query(row, '{"query_embeddings":[[1e39,0]]}');
    expect(told.distances).toEqual([new Array(5).fill(null)]);
  });

  fact("equal distances come in insertion order", async (rest) => {
    const notes = await rest.createCollection();
    const same = ["d", "a", "c", "b", "e"];
    await notes.post("add", { ids: same, embeddings: same.map(() => [1, 1]) });
    expect((await query(notes, {})).ids).toEqual([same]);
  });

  fact("the least breadth of a search still finds all that are asked for", async (rest) => {
    const many = Array.from({ length: 200 }, (_, i) => `id-${i}`);
    for (const ef_search of [0, 1]) {
      const configuration = { hnsw: { ef_search, ef_construction: ef_search } };
      const notes = await rest.createCollection({ name: `breadth-${ef_search}`, configuration });
      await notes.post("add", { ids: many, embeddings: many.map((_, i) => [i, i % 7]) });
      expect((await query(notes, { n_results: 200 })).ids[0]?.toSorted()).toEqual(many.toSorted());
    }
  });

  fact("after most records were deleted the others are all found", async (rest) => {
    const notes = await rest.createCollection();
    const many = Array.from({ length: 300 }, (_, i) => `id-${i}`);
    await notes.post("add", { ids: many, embeddings: many.map((_, i) => [i, 0]) });
    await notes.post("delete", { ids: many.slice(0, 280) });
    expect((await query(notes, { n_results: 50 })).ids).toEqual([many.slice(280)]);
  });

  fact("a query for most of a large collection misses nothing", async (rest) => {
    const notes = await rest.createCollection();
    const many = Array.from({ length: 1500 }, (_, i) => `id-${i}`);
    await notes.post("add", {
      ids: many,
      embeddings: many.map((_, i) => [Math.sin(i), Math.cos(i * i), i / 1500]),
    });
    for (const n_results of [101, 1499]) {
      const { ids: found } = await query(notes, { query_embeddings: [[0, 0, 0]], n_results });
      expect(new Set(found[0]).size).toBe(n_results);
    }
  });

  differs(
    "query-unknown-ids",
    "a query among ids of which one is not there",
    async (rest) =>
      (await createRow(rest)).post("query", { query_embeddings: [[0, 0]], ids: ["a", "nothing"] }),
    { server: /^500 InternalError: .*Error finding id/, chromalite: /^200 \{"ids":\[\["a"\]\]/ },
  );

  differs(
    "cosine-vectors",
    "vectors of a cosine collection",
    async (rest) => {
      const notes = await createIn(rest, "cosine");
      const embeddings = [
        [0.1, 0.2],
        [1e30, 1e30],
      ];
      await notes.post("add", { ids: ["a", "b"], embeddings });
      return (await notes.post("get", { include: ["embeddings"] })).match(/\[\[.*?\]\]/)?.[0];
    },
    {
      server: "[[0.099999994,0.19999999],[null,null]]",
      chromalite: /^\[\[0\.1,0\.2\],\[1e\+?30,1e\+?30\]\]$/,
    },
  );
}
