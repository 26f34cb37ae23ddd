// The starter itself: the tests that compare with a real server rest on it.

import { existsSync } from "node:fs";
import { ChromaClient, ChromaConnectionError } from "chromadb";
import { expect, test } from "vitest";
import { chromaServerObstacle, startChromaServer } from "./chroma-server.ts";

const obstacle = await chromaServerObstacle();

test.skipIf(obstacle !== undefined)(
  `a server keeps its data over a restart and is gone when it is stopped${obstacle ? `: ${obstacle}` : ""}`,
  { timeout: 60_000 },
  async () => {
    await using server = await startChromaServer();
    const client = new ChromaClient({ port: server.port });
    const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    await server.restart();
    expect(await notes.count()).toBe(1);

    await server.stop();
    await expect(notes.count()).rejects.toThrow(ChromaConnectionError);
    expect(existsSync(server.folder)).toBe(false);
  },
);

test.skipIf(obstacle !== undefined)(
  "two servers are two: each has a port and data of its own",
  { timeout: 60_000 },
  async () => {
    const servers = await Promise.all([startChromaServer(), startChromaServer()]);
    try {
      const clients = servers.map(({ port }) => new ChromaClient({ port }));
      await clients[0]!.createCollection({ name: "notes", embeddingFunction: null });
      expect(await Promise.all(clients.map((client) => client.countCollections()))).toEqual([1, 0]);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  },
);

test.skipIf(obstacle !== undefined)(
  "a server that does not start tells what it said last",
  { timeout: 60_000 },
  async () => {
    await using first = await startChromaServer();
    const second = startChromaServer({ configuration: { port: first.port } });
    await expect(second).rejects.toThrow(/Chroma's server ended with .*:[^]*Address already in use/);
  },
);
