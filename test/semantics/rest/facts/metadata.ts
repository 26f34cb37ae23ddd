// Values of a record's metadata as they are on the wire: integers and floats are two types there.

import { expect } from "vitest";
import type { RestCollection } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

async function keep(notes: RestCollection, metadata: string): Promise<string> {
  return notes.post("upsert", `{"ids":["a"],"embeddings":[[1]],"metadatas":[${metadata}]}`);
}

async function told(notes: RestCollection): Promise<string> {
  return notes.post("get", { include: ["metadatas"] });
}

export function metadataFacts({ fact, differs }: RestFacts): void {
  fact("numbers come back as they were written, integer or float", async (rest) => {
    const notes = await rest.createCollection();
    for (const [written, back] of [
      ["1", "1"],
      ["1.0", "1.0"],
      ["1e3", "1000.0"],
      ["-0.0", "0.0"],
      ["1.5", "1.5"],
      ["9007199254740993", "9007199254740993"],
      ["9223372036854775807", "9223372036854775807"],
      ["-9223372036854775808", "-9223372036854775808"],
      ["9223372036854775808", "9.223372036854776e+18"],
      ["1e308", "1e+308"],
      ["[1,2.5]", "[1.0,2.5]"],
      ["[3,1,3]", "[3,1,3]"],
      ["[1.0]", "[1.0]"],
      ["true", "true"],
      ['"1"', '"1"'],
      ["[true,false]", "[true,false]"],
      ['["b","a","b"]', '["b","a","b"]'],
    ] as const) {
      expect(await keep(notes, `{"k":${written}}`)).toBe("200 {}");
      expect(await told(notes)).toContain(`"metadatas":[{"k":${back}}]`);
    }
  });

  fact("a key may hold an integer in one record and a float in another", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", '{"ids":["a","b"],"embeddings":[[1],[2]],"metadatas":[{"k":1},{"k":1.0}]}');
    expect(await told(notes)).toContain('"metadatas":[{"k":1},{"k":1.0}]');
    expect(await notes.found({ where: { k: 1 } })).toEqual(["a", "b"]);
    expect(await notes.post("get", '{"where":{"k":1.0},"include":[]}')).toContain('"ids":["a","b"]');
  });

  fact("an empty array vanishes, and so does empty metadata", async (rest) => {
    const notes = await rest.createCollection();
    expect(
      await notes.post("add", { ids: ["a", "b"], embeddings: [[1], [2]], metadatas: [{ k: [] }, {}] }),
    ).toBe("201 {}");
    expect((await notes.records()).metadatas).toEqual([null, null]);
  });

  fact("mixed and nested values are of the wrong shape; null is for updates alone", async (rest) => {
    const notes = await rest.createCollection();
    for (const value of ['[1,"a"]', "[1,null]", "[[1]]", '{"b":1}']) {
      expect(await keep(notes, `{"k":${value}}`)).toMatch(/^422 ChromaError: /);
    }
    expect(await notes.post("add", { ids: ["a"], embeddings: [[1]], metadatas: [{ k: null }] })).toMatch(
      /^422 ChromaError: /,
    );
  });

  fact("sparse vectors are a 501", async (rest) => {
    const notes = await rest.createCollection();
    const sv = { "#type": "sparse_vector", indices: [1], values: [0.5] };
    expect(await notes.post("add", { ids: ["a"], embeddings: [[1]], metadatas: [{ sv }] })).toMatch(
      /^501 \S+: Unimplemented: Sparse vector is not supported for local chroma: sv$/,
    );
  });

  fact("keys are not empty and do not begin with # or $", async (rest) => {
    const notes = await rest.createCollection();
    for (const key of ["#a", "$a", ""]) {
      expect(await keep(notes, JSON.stringify({ [key]: 1 }))).toBe(
        "400 InvalidArgumentError: Validation error: metadatas: Invalid metadata at index 0",
      );
    }
    for (const key of ["a.b", "a b", "ключ", "x".repeat(5000), "a\0b"]) {
      expect(await keep(notes, JSON.stringify({ [key]: "v".repeat(100_000) }))).toBe("200 {}");
      expect((await notes.found({ where: { [key]: "v".repeat(100_000) } })).length).toBe(1);
    }
  });

  differs(
    "reserved-keys",
    "keys that begin with chroma:",
    async (rest) => {
      const notes = await rest.createCollection();
      return [
        (await keep(notes, '{"chroma:document":"x"}')).slice(0, 3),
        (await keep(notes, '{"chroma:x":"x"}')).slice(0, 3),
        (await notes.records()).documents,
      ];
    },
    { server: ["200", "200", ["x"]], chromalite: ["400", "400", []] },
  );

  differs(
    "uri-metadata",
    "the metadata of a record with a uri alone",
    async (rest) => {
      const notes = await rest.createCollection();
      await notes.post("add", { ids: ["a"], embeddings: [[1]], uris: ["u"] });
      return (await notes.records()).metadatas;
    },
    { server: [{}], chromalite: [null] },
  );
}
