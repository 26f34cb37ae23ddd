// add, update, upsert and delete: ids, vectors, and what merges with what.

import { expect } from "vitest";
import type { RestFacts } from "../rest-facts.ts";

/** Little-endian single floats in base64. */
function base64(...numbers: number[]): string {
  return Buffer.from(new Float32Array(numbers).buffer).toString("base64");
}

export function writeFacts({ fact, differs }: RestFacts): void {
  fact("of equal ids in one add the first is kept; update and upsert go in order", async (rest) => {
    const notes = await rest.createCollection();
    const twice = { ids: ["a", "a"], embeddings: [[1], [2]], documents: ["first", "second"] };
    expect(await notes.post("add", { ...twice, metadatas: [{ x: 1 }, { y: 2 }] })).toBe("201 {}");
    expect(await notes.records()).toMatchObject({ ids: ["a"], documents: ["first"], metadatas: [{ x: 1 }] });
    for (const operation of ["update", "upsert"]) {
      expect(await notes.post(operation, { ...twice, metadatas: [{ x: 3 }, { y: 4 }] })).toBe("200 {}");
      expect(await notes.records()).toMatchObject({
        documents: ["second"],
        embeddings: [[2]],
        metadatas: [{ x: 3, y: 4 }],
      });
    }
  });

  fact("an add of an id that is there is accepted and ignored", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a"], embeddings: [[1]], documents: ["old"], metadatas: [{ n: 1 }] });
    const again = { ids: ["a"], embeddings: [[2]], documents: ["new"], metadatas: [{ n: 2 }] };
    expect(await notes.post("add", again)).toBe("201 {}");
    expect(await notes.records()).toMatchObject({
      documents: ["old"],
      embeddings: [[1]],
      metadatas: [{ n: 1 }],
    });
  });

  fact("any text but the empty one is an id", async (rest) => {
    const notes = await rest.createCollection();
    const ids = [" ", "\t", "/", "..", "a\0b", "🦉", "x".repeat(3000)];
    expect(await notes.post("add", { ids, embeddings: ids.map((_, i) => [i]) })).toBe("201 {}");
    expect(await notes.found({})).toEqual(ids);
    expect(await notes.found({ ids: ["a\0b"] })).toEqual(["a\0b"]);
    expect(await notes.post("add", { ids: [""], embeddings: [[1]] })).toBe(
      "400 InvalidArgumentError: Empty ID, ID must have at least one character",
    );
  });

  fact("columns are of one length, or nothing is written", async (rest) => {
    const notes = await rest.createCollection();
    const lengths =
      "400 InvalidArgumentError: Inconsistent number of IDs, embeddings, documents, URIs and metadatas";
    for (const operation of ["add", "upsert"]) {
      expect(await notes.post(operation, { ids: ["a", "b"], embeddings: [[1]] })).toBe(lengths);
      for (const column of ["documents", "metadatas", "uris"]) {
        const body = { ids: ["a", "b"], embeddings: [[1], [2]], [column]: [null] };
        expect(await notes.post(operation, body)).toBe(lengths);
      }
    }
    expect(await notes.found({})).toEqual([]);
  });

  fact("a batch with one bad record is refused as a whole, an empty one is fine", async (rest) => {
    const notes = await rest.createCollection();
    const body = { ids: ["a", "b"], embeddings: [[1], [2]], metadatas: [{ n: 1 }, { "#n": 1 }] };
    expect(await notes.post("add", body)).toMatch(/^400 /);
    expect(await notes.found({})).toEqual([]);
    expect(await notes.post("add", { ids: [], embeddings: [] })).toBe("201 {}");
    expect(await notes.post("upsert", { ids: [], embeddings: [] })).toBe("200 {}");
    expect(await notes.post("update", { ids: [] })).toBe("200 {}");
  });

  fact("a document may be empty, and null is none", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a", "b"], embeddings: [[1], [2]], documents: ["", null] });
    expect((await notes.records()).documents).toEqual(["", null]);
  });

  fact("twenty adds of one id at once are all accepted, and one is kept", async (rest) => {
    const notes = await rest.createCollection();
    const adds = Array.from({ length: 20 }, (_, i) => notes.post("add", { ids: ["a"], embeddings: [[i]] }));
    expect(new Set(await Promise.all(adds))).toEqual(new Set(["201 {}"]));
    expect(await notes.found({})).toEqual(["a"]);
  });

  fact("the first write fixes the dimension, for good", async (rest) => {
    const notes = await rest.createCollection();
    expect((await notes.told())["dimension"]).toBeNull();
    expect(await notes.post("add", { ids: ["a", "b"], embeddings: [[1], [1, 2]] })).toBe(
      "400 InvalidArgumentError: Inconsistent dimensions in provided embeddings",
    );
    expect((await notes.told())["dimension"]).toBeNull();
    await notes.post("add", { ids: ["a"], embeddings: [[1, 2]] });
    await notes.post("delete", { ids: ["a"] });
    expect((await notes.told())["dimension"]).toBe(2);
    const other = "400 InvalidArgumentError: Collection expecting embedding with dimension of 2, got 3";
    for (const operation of ["add", "update", "upsert"]) {
      expect(await notes.post(operation, { ids: ["a"], embeddings: [[1, 2, 3]] })).toBe(other);
    }
    expect(await notes.post("query", { query_embeddings: [[1, 2, 3]] })).toBe(other);
  });

  fact("a vector has at least one number", async (rest) => {
    const notes = await rest.createCollection();
    expect(await notes.post("add", { ids: ["a"], embeddings: [[]] })).toBe(
      "400 InvalidArgumentError: Validation error: embeddings: Each embedding must have at least 1 dimension",
    );
  });

  fact("vectors are numbers or base64, not both", async (rest) => {
    const notes = await rest.createCollection();
    const ids = ["a", "b"];
    expect(await notes.post("add", { ids, embeddings: [base64(1, 2), base64(0.5, -3)] })).toBe("201 {}");
    expect((await notes.records()).embeddings).toEqual([
      [1, 2],
      [0.5, -3],
    ]);
    expect(await notes.post("upsert", { ids, embeddings: [[1, 2], base64(1, 2)] })).toMatch(
      /^422 ChromaError: .*embeddings: /,
    );
    expect(await notes.post("update", { ids, embeddings: [base64(7, 8), null] })).toBe("200 {}");
    expect((await notes.records()).embeddings).toEqual([
      [7, 8],
      [0.5, -3],
    ]);
  });

  fact("base64 that is none is refused", async (rest) => {
    const notes = await rest.createCollection();
    expect(await notes.post("add", { ids: ["a"], embeddings: ["!!!!"] })).toBe(
      "400 InvalidArgumentError: Invalid base64 string: Invalid symbol 33, offset 0.",
    );
    expect(await notes.post("add", { ids: ["a"], embeddings: ["AAAA"] })).toBe(
      "400 InvalidArgumentError: Invalid byte length: 3 bytes cannot be converted to f32 values (must be divisible by 4)",
    );
  });

  fact("what is not finite in base64 is refused, and its place is told", async (rest) => {
    const notes = await rest.createCollection();
    for (const [value, text] of [
      [NaN, "NaN"],
      [Infinity, "inf"],
      [-Infinity, "-inf"],
    ] as const) {
      const body = { ids: ["a", "b"], embeddings: [base64(1, 2), base64(1, value)] };
      expect(await notes.post("add", body)).toBe(
        `400 InvalidArgumentError: Non-finite float value at embedding index 1: ${text}`,
      );
    }
  });

  fact("a number above single precision is refused in a write, null is no number", async (rest) => {
    const notes = await rest.createCollection();
    expect(await notes.post("add", '{"ids":["a"],"embeddings":[[1e39]]}')).toBe(
      "400 InvalidArgumentError: Validation error: embeddings: Embeddings must not contain NaN or Infinity values",
    );
    expect(await notes.post("add", { ids: ["a"], embeddings: [[null]] })).toMatch(/^422 ChromaError: /);
    expect(await notes.post("add", { ids: ["a"], embeddings: [null] })).toMatch(/^422 ChromaError: /);
  });

  fact("vectors are kept as single floats, of one number or of twenty thousand", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a"], embeddings: [[1 / 3, 16_777_217, 1e-40]] });
    expect((await notes.records()).embeddings).toEqual([[0.33333334, 16_777_216, 1e-40]]);
    for (const dimension of [1, 20_000]) {
      const other = await rest.createCollection({ name: `of-${dimension}` });
      expect(await other.post("add", { ids: ["a"], embeddings: [new Array(dimension).fill(1)] })).toBe(
        "201 {}",
      );
    }
  });

  fact("eight thousand records in one call are taken", async (rest) => {
    const notes = await rest.createCollection();
    const ids = Array.from({ length: 8000 }, (_, i) => `id-${i}`);
    expect(await notes.post("add", { ids, embeddings: ids.map((_, i) => [i]) })).toBe("201 {}");
    expect(await notes.found({})).toEqual(ids);
  });

  fact("an update of what is not there makes nothing", async (rest) => {
    const notes = await rest.createCollection();
    expect(await notes.post("update", { ids: ["a"], embeddings: [[1]], documents: ["x"] })).toBe("200 {}");
    expect(await notes.found({})).toEqual([]);
  });

  fact("metadata merges key by key, and null deletes a key", async (rest) => {
    const notes = await rest.createCollection();
    const metadatas = [{ a: 1, b: "two", c: [1, 2] }];
    await notes.post("add", { ids: ["a"], embeddings: [[1]], metadatas });
    const after = async (operation: string, metadata: unknown): Promise<unknown> => {
      const body = {
        ids: ["a"],
        metadatas: [metadata],
        ...(operation === "upsert" && { embeddings: [[1]] }),
      };
      expect(await notes.post(operation, body)).toBe("200 {}");
      return (await notes.records()).metadatas?.[0];
    };
    expect(await after("update", { a: null, d: true })).toEqual({ b: "two", c: [1, 2], d: true });
    expect(await after("upsert", { b: 2 })).toEqual({ b: 2, c: [1, 2], d: true });
    expect(await after("update", {})).toEqual({ b: 2, c: [1, 2], d: true });
    expect(await after("update", null)).toEqual({ b: 2, c: [1, 2], d: true });
    expect(await after("update", { c: [3] })).toEqual({ b: 2, c: [3], d: true });
    expect(await after("update", { c: "scalar", d: [true] })).toEqual({ b: 2, c: "scalar", d: [true] });
    expect(await after("update", { d: [] })).toEqual({ b: 2, c: "scalar" });
    expect(await after("update", { b: null, c: null })).toBeNull();
  });

  fact("documents and uris that are not given, or null, stay", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a"], embeddings: [[1]], documents: ["text"], uris: ["uri"] });
    for (const columns of [{}, { documents: [null], uris: [null] }]) {
      for (const operation of ["update", "upsert"]) {
        await notes.post(operation, { ids: ["a"], embeddings: [[2]], ...columns });
        expect(await notes.records()).toMatchObject({
          documents: ["text"],
          uris: ["uri"],
          embeddings: [[2]],
        });
      }
    }
    await notes.post("update", { ids: ["a"], documents: [""] });
    expect(await notes.records()).toMatchObject({ documents: [""], embeddings: [[2]] });
  });

  fact("an upsert of a new id with nulls alone has no metadata", async (rest) => {
    const notes = await rest.createCollection();
    expect(await notes.post("upsert", { ids: ["a"], embeddings: [[1]], metadatas: [{ k: null }] })).toBe(
      "200 {}",
    );
    expect((await notes.records()).metadatas).toEqual([null]);
  });

  fact("records keep their place when they change; what comes again comes last", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["b", "a", "c"], embeddings: [[1], [2], [3]] });
    await notes.post("update", { ids: ["b"], embeddings: [[9]] });
    await notes.post("upsert", { ids: ["a", "d"], embeddings: [[9], [9]] });
    expect(await notes.found({})).toEqual(["b", "a", "c", "d"]);
    await notes.post("delete", { ids: ["b"] });
    await notes.post("add", { ids: ["b"], embeddings: [[1]] });
    expect(await notes.found({})).toEqual(["a", "c", "d", "b"]);
  });

  fact("deleted counts the ids that were sent, or what a filter found", async (rest) => {
    const notes = await rest.createCollection();
    const ids = ["a", "b", "c", "d"];
    const metadatas = ids.map((_, n) => ({ n }));
    const fill = (): Promise<string> =>
      notes.post("upsert", { ids, embeddings: [[1], [2], [3], [4]], metadatas });
    await fill();
    const cases: readonly (readonly [Record<string, unknown>, number, readonly string[]])[] = [
      [{}, 0, ids],
      [{ ids: ["a", "a", "nothing"] }, 3, ["b", "c", "d"]],
      [{ ids: ["b", "c", "nothing"], where: { n: { $gte: 2 } } }, 1, ["b", "d"]],
      [{ where: { n: { $gte: 0 } }, limit: 1 }, 1, ["d"]],
      [{ where: { n: { $gte: 0 } }, limit: 0 }, 0, ["d"]],
      [{ where: { n: 77 } }, 0, ["d"]],
    ];
    for (const [body, deleted, left] of cases) {
      expect(await notes.post("delete", body)).toBe(`200 {"deleted":${deleted}}`);
      expect(await notes.found({})).toEqual(left);
    }
  });

  fact("a delete that says nothing of what to delete is refused", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a"], embeddings: [[1]] });
    expect(await notes.post("delete", { ids: [] })).toBe(
      "400 InvalidArgumentError: Validation error: ids, where: Either ids or where must be specified",
    );
    expect(await notes.post("delete", { limit: 1 })).toBe(
      "400 InvalidArgumentError: Validation error: limit, where: limit can only be specified when a where clause is provided",
    );
    expect(await notes.post("delete", { where: {} })).toMatch(
      /^400 InvalidArgumentError: .*Invalid where clause/,
    );
    expect(await notes.found({})).toEqual(["a"]);
  });

  differs(
    "dimension-limit",
    "a vector of 65,537 numbers",
    async (rest) =>
      (await rest.createCollection()).post("add", { ids: ["a"], embeddings: [new Array(65_537).fill(1)] }),
    { server: "201 {}", chromalite: /^400 InvalidArgumentError: / },
  );

  differs(
    "refused-write-dimension",
    "the dimension after a write that was refused for its id",
    async (rest) => {
      const notes = await rest.createCollection();
      await notes.post("add", { ids: [""], embeddings: [[1, 2]] });
      return { dimension: (await notes.told())["dimension"] };
    },
    { server: { dimension: 2 }, chromalite: { dimension: null } },
  );

  differs(
    "large-metadata-arrays",
    "an array of ten thousand values",
    async (rest) => {
      const tags = Array.from({ length: 10_000 }, (_, i) => `tag-${i}`);
      const body = { ids: ["a"], embeddings: [[1]], metadatas: [{ tags }] };
      const notes = await rest.createCollection();
      return `${await notes.post("add", body)}, ${await notes.post("get", { include: [] })}`;
    },
    { server: /, 500 InternalError: /, chromalite: /^201 \{\}, 200 \{"ids":\["a"\]/ },
  );
}
