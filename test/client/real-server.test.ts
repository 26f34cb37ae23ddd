// Our HTTP clients and Chroma's real server: what the official client cannot do there, ours do.

import { ChromaClient, ChromaClientError } from "chromadb";
import { expect, test } from "vitest";
import { AdminClient, AsyncHttpClient, HttpClient } from "../../src/index.ts";
import { chromaServerObstacle, startChromaServer } from "../chroma-server/chroma-server.ts";

const obstacle = await chromaServerObstacle();

if (obstacle === undefined) {
  test(
    "Float32Array queries and flat ones, null metadata and a database of one's own",
    { timeout: 60_000 },
    async () => {
      await using server = await startChromaServer();
      const { port } = server;
      const admin = new AdminClient(new HttpClient({ port }));
      await admin.createDatabase({ name: "words", tenant: "default_tenant" });
      await using client = await AsyncHttpClient({ host: `http://localhost:${port}`, database: "words" });
      const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
      const rows = [Float32Array.of(0.1, 0.2), Float32Array.of(3, 4)];
      await notes.add({ ids: ["a", "b"], embeddings: rows, metadatas: [{ n: 1, m: 2 }, { n: 2 }] });
      for (const queryEmbeddings of [
        rows,
        [
          [0.1, 0.2],
          [3, 4],
        ],
      ]) {
        expect((await notes.query({ queryEmbeddings, nResults: 1 })).ids).toEqual([["a"], ["b"]]);
      }
      expect((await notes.query({ queryEmbeddings: Float32Array.of(3, 4), nResults: 1 })).distances).toEqual([
        [0],
      ]);
      await notes.update({ ids: ["a"], metadatas: [{ n: null }] });
      expect((await notes.get({ ids: ["a"] })).metadatas).toEqual([{ m: 2 }]);

      const official = await new ChromaClient({ port, database: "words" }).getCollection({ name: "notes" });
      const floats = { queryEmbeddings: rows as unknown as number[][] };
      await expect(official.query(floats)).rejects.toThrow(ChromaClientError);
    },
  );
} else {
  test.skip(`Our HTTP clients and a real server: ${obstacle}`, () => undefined);
}
