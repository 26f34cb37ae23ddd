// What is asked of the engine itself, and what of Chroma's API it does not have yet.

import {
  ChromaClientError,
  ChromaForbiddenError,
  ChromaNotFoundError,
  ChromaServerError,
  ChromaUniqueError,
  ChromaValueError,
  K,
  Knn,
  Search,
} from "chromadb";
import { expect } from "vitest";
import { ChromaNotImplementedError } from "../../../src/index.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

export function engineFacts({ fact, differs }: Facts): void {
  fact("the heartbeat is the time in nanoseconds", async ({ client }) => {
    const before = Date.now();
    const milliseconds = (await client.heartbeat()) / 1e6;
    expect(milliseconds).toBeGreaterThan(before - 1000);
    expect(milliseconds).toBeLessThan(Date.now() + 1000);
  });

  fact("the version is that of the API, and the identity that of the defaults", async ({ client }) => {
    expect(await client.version()).toBe("1.0.0");
    expect(await client.getUserIdentity()).toEqual({
      user_id: "",
      tenant: "default_tenant",
      databases: ["default_database"],
    });
  });

  differs(
    "batch-limit",
    "one call may have 100,000 records, in vectors that need no base64",
    async ({ client }) => {
      expect(await client.getPreflightChecks()).toEqual({
        max_batch_size: 100_000,
        supports_base64_encoding: false,
      });
      expect(await client.getMaxBatchSize()).toBe(100_000);
      expect(await client.supportsBase64Encoding()).toBe(false);
    },
  );

  fact("errors are of the official classes", async (place) => {
    const notes = await place.createNotes();
    const thrown = (call: Promise<unknown>): Promise<unknown> =>
      call.then(
        () => "accepted",
        (error: unknown) => error,
      );
    const { client } = place;
    expect(await thrown(notes.add({ ids: ["a", "a"], embeddings: [[1], [2]] }))).toBeInstanceOf(
      ChromaValueError,
    );
    expect(await thrown(notes.add({ ids: [""], embeddings: [[1]] }))).toBeInstanceOf(ChromaClientError);
    expect(await thrown(notes.get({ limit: -1 }))).toBeInstanceOf(ChromaClientError);
    expect(await thrown(client.getCollection({ name: "none" }))).toBeInstanceOf(ChromaNotFoundError);
    expect(await thrown(client.createCollection({ name: "notes", embeddingFunction: null }))).toBeInstanceOf(
      ChromaUniqueError,
    );
    expect(await thrown(notes.fork({ name: "copy" }))).toBeInstanceOf(ChromaServerError);
  });

  differs("reset-forbidden", "a reset is refused unless the settings allow it", async ({ client }) => {
    // The server that these facts run on was started with resets allowed.
    await expect(client.reset()).rejects.toThrow(ChromaForbiddenError);
  });

  differs("not-implemented", "what is not built yet says so by a class of its own", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    const search = new Search()
      .where(K("n").eq(1))
      .rank(Knn({ query: [1, 2] }))
      .limit(1);
    for (const [name, call] of [
      ["search()", () => notes.search(search)],
      ["fork()", () => notes.fork({ name: "copy" })],
      ["forkCount()", () => notes.forkCount()],
      ["looking a collection up by its CRN", () => place.client.getCollectionByCrn("default:default:notes")],
    ] as const) {
      const call_ = call();
      await expect(call_).rejects.toThrow(ChromaNotImplementedError);
      expect(await refusal(call_)).toBe(
        `ChromaNotImplementedError: ${name} is not implemented by Chromalite yet`,
      );
    }
  });

  differs("indexing-status", "the indexing status is told", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: ["a", "b"],
      embeddings: [
        [1, 2],
        [3, 4],
      ],
    });
    const status = await notes.getIndexingStatus();
    expect(status.total_ops).toBe(2);
    expect(status.num_indexed_ops + status.num_unindexed_ops).toBe(2);
    expect(status.op_indexing_progress).toBeGreaterThanOrEqual(0);
    expect(status.op_indexing_progress).toBeLessThanOrEqual(1);
  });

  differs("graph-settings", "a graph of one neighbour is searched as well as any", async (place) => {
    const notes = await place.createNotes({
      hnsw: { space: "l2", max_neighbors: 1, ef_construction: 1, ef_search: 1 },
    });
    expect(notes.configuration.hnsw).toMatchObject({ max_neighbors: 1, ef_construction: 1, ef_search: 1 });
    const ids = Array.from({ length: 500 }, (_, i) => `id-${i}`);
    await notes.add({ ids, embeddings: ids.map((_, i) => [i % 25, Math.floor(i / 25)]) });
    await place.keeps(async (kept) => {
      const { ids } = await kept.query({ queryEmbeddings: [[12, 10]], nResults: 50 });
      expect(ids[0]).toHaveLength(50);
      expect(ids[0]?.[0]).toBe("id-262");
    });
  });
}
