// Embedding functions: who calls them with what, and how a stored one comes back.

import type { EmbeddingFunction } from "chromadb";
import { expect, vi } from "vitest";
import { LetterEmbedder } from "../letter-embedder.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

/** The fact that has the page's console: facts run at once, and a spy on it is one for all. */
let listening = Promise.resolve();

/** What `act` warns of. */
function warningsDuring(act: () => Promise<void>): Promise<unknown[]> {
  const warnings = listening.then(async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    try {
      await act();
      return warn.mock.calls.flat();
    } finally {
      warn.mockRestore();
    }
  });
  listening = warnings.then(
    () => undefined,
    () => undefined,
  );
  return warnings;
}

export function embeddingFunctionFacts({ fact }: Facts): void {
  fact(
    "documents and query texts are embedded, and a stored function comes back on reopening",
    async (place) => {
      const embeddingFunction = new LetterEmbedder("abc", "cosine");
      const notes = await place.client.createCollection({ name: "notes", embeddingFunction });
      await notes.add({ ids: ["x", "y", "z"], documents: ["aaa", "bbb", "ccab"] });
      await notes.upsert({ ids: ["y"], documents: ["bcb"] });
      await place.keeps(async (kept) => {
        expect(kept.embeddingFunction?.name).toBe("letter-counts-for-tests");
        expect(kept.configuration.hnsw?.space).toBe("cosine");
        const found = await kept.query({ queryTexts: ["BBC", "A"], nResults: 1, include: ["documents"] });
        expect(found.ids).toEqual([["y"], ["x"]]);
        expect(found.documents).toEqual([["bcb"], ["aaa"]]);
        expect((await kept.get({ ids: ["z"], include: ["embeddings"] })).embeddings[0]).toHaveLength(3);
      });
    },
  );

  fact("a function that names a space sets the collection's", async (place) => {
    const embeddingFunction = new LetterEmbedder("ab", "cosine");
    const notes = await place.client.createCollection({ name: "notes", embeddingFunction });
    expect(notes.configuration.hnsw?.space).toBe("cosine");
  });

  fact("an update of a document embeds it anew", async (place) => {
    const embeddingFunction = new LetterEmbedder("ab", "cosine");
    const configuration = { hnsw: { space: "l2" as const } };
    const notes = await place.client.createCollection({ name: "notes", configuration, embeddingFunction });
    await notes.add({ ids: ["x"], documents: ["aaa"] });
    await notes.update({ ids: ["x"], documents: ["bb"] });
    await notes.update({ ids: ["x"], metadatas: [{ n: 1 }] });
    await place.keeps(async (kept) => {
      const { embeddings, documents } = await kept.get({ include: ["embeddings", "documents"] });
      expect(embeddings).toEqual([[0, 2]]);
      expect(documents).toEqual(["bb"]);
    });
  });

  fact("embeddings that are given are not computed", async (place) => {
    const generate = vi.fn(async () => [[1, 1]]);
    const embeddingFunction: EmbeddingFunction = { generate };
    const notes = await place.client.createCollection({ name: "notes", embeddingFunction });
    await notes.add({ ids: ["x"], documents: ["text"], embeddings: [[1, 2]] });
    await notes.query({ queryEmbeddings: [[1, 2]] });
    expect(generate).not.toHaveBeenCalled();
    await notes.upsert({ ids: ["x"], documents: ["text"] });
    expect(generate).toHaveBeenCalledExactlyOnceWith(["text"]);
  });

  fact(
    "a function without name and configuration is not stored, and has to be given again",
    async (place) => {
      const embeddingFunction: EmbeddingFunction = { generate: async (texts) => texts.map(() => [1, 2]) };
      await place.client.createCollection({ name: "notes", embeddingFunction });
      await place.keeps(async (kept, client) => {
        expect(await refusal(kept.query({ queryTexts: ["text"] }))).toContain(
          "ChromaValueError: No embedding function found for collection 'notes'.",
        );
        const again = await client.getCollection({ name: "notes", embeddingFunction });
        await again.upsert({ ids: ["x"], documents: ["text"] });
        expect((await again.query({ queryTexts: ["text"] })).ids).toEqual([["x"]]);
      });
    },
  );

  fact("without a function texts are refused, and a handle by id says what to do", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["x"], embeddings: [[1, 2]], documents: ["text"] });
    expect(await refusal(notes.query({ queryTexts: ["text"] }))).toContain("No embedding function found");
    const handle = place.client.collection(notes.id);
    expect((await handle.query({ queryEmbeddings: [[1, 2]] })).ids).toEqual([["x"]]);
    for (const call of [() => handle.query({ queryTexts: ["text"] }), () => handle.modify({ name: "new" })]) {
      expect(await refusal(call())).toContain("obtained via client.collection(id)");
    }
  });

  fact(
    "the function that Chroma takes by default is only named while its package is not there",
    async (place) => {
      const warnings = await warningsDuring(async () => {
        const notes = await place.client.createCollection({ name: "notes" });
        expect(notes.configuration).toMatchObject({ embedding_function: { type: "known", name: "default" } });
        await notes.add({ ids: ["x"], embeddings: [[1, 2]], documents: ["text"] });
        await place.keeps(async (kept) => {
          expect(kept.configuration.hnsw?.space).toBe("l2");
          expect(await refusal(kept.add({ ids: ["y"], documents: ["text"] }))).toContain(
            "ensure the appropriate embedding function package (e.g. @chroma-core/default-embed) is installed",
          );
        });
      });
      expect(warnings).toContainEqual(expect.stringContaining("DefaultEmbeddingFunction"));
    },
  );

  fact("a function of the wrong dimension is refused like any other vector", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["x"], embeddings: [[1, 2]] });
    const embeddingFunction = new LetterEmbedder("abc", "cosine");
    const again = await place.client.getCollection({ name: "notes", embeddingFunction });
    expect(await refusal(again.query({ queryTexts: ["a"] }))).toContain("dimension of 2, got 3");
  });
}
