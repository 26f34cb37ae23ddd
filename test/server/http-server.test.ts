// The server over real sockets: the official client, connections that are kept, and the end of it all.

import { once } from "node:events";
import { Agent, get, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { ChromaClient, ChromaNotFoundError } from "chromadb";
import { afterEach, expect, test } from "vitest";
import { createApi } from "../../http/api.ts";
import { listen, type HttpServer } from "../../server/http-server.ts";
import type { Operation, Reply } from "../../src/protocol/operation.ts";
import { EngineClient } from "../engine/engine-client.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(call?: (operation: Operation) => Promise<Reply>): Promise<HttpServer> {
  const engine = call ? { call, close: async () => undefined } : (await EngineClient.open()).engine;
  const server = await listen(createApi(engine), { host: "127.0.0.1", port: 0 });
  closers.push(
    () => engine.close(),
    () => server.close(0),
  );
  return server;
}

/** A call that is answered when the test says so. */
class SlowCall {
  answer!: () => void;
  readonly asked: Promise<void>;
  readonly call: () => Promise<Reply>;

  constructor() {
    const reply = new Promise<Reply>((resolve) => {
      this.answer = () => resolve({ ok: true, status: 200, data: "slow" });
    });
    let ask!: () => void;
    this.asked = new Promise<void>((resolve) => (ask = resolve));
    this.call = () => {
      ask();
      return reply;
    };
  }
}

test("the official client stores, finds and is told errors", async () => {
  const { port } = await start();
  const client = new ChromaClient({ host: "127.0.0.1", port });
  const notes = await client.createCollection({
    name: "notes",
    embeddingFunction: null,
    metadata: { kind: "test" },
  });
  const ids = Array.from({ length: 300 }, (_, index) => `id-${index}`);
  await notes.add({
    ids,
    embeddings: ids.map((_, index) => [index, 1]),
    documents: ids.map((id) => `text of ${id}`),
    metadatas: ids.map((_, index) => ({ index, half: index / 2 })),
  });
  const found = await notes.query({
    queryEmbeddings: [[7.1, 1]],
    nResults: 2,
    where: { index: { $lt: 100 } },
  });
  expect(found.ids).toEqual([["id-7", "id-8"]]);
  expect(found.metadatas[0]?.[0]).toEqual({ index: 7, half: 3.5 });
  expect(await notes.count()).toBe(300);
  expect(await client.supportsBase64Encoding()).toBe(true);
  await expect(client.getCollection({ name: "none" })).rejects.toThrow(ChromaNotFoundError);
  const other = notes.add({ ids: ["x"], embeddings: [[1]] });
  await expect(other).rejects.toThrow("Collection expecting embedding with dimension of 2, got 1");
});

test("requests at once are answered each with its own", async () => {
  const { port } = await start();
  const client = new ChromaClient({ host: "127.0.0.1", port });
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const writes = Array.from({ length: 20 }, (_, index) =>
    notes.add({ ids: [`id-${index}`], embeddings: [[index]] }),
  );
  const reads = Array.from({ length: 20 }, (_, index) => notes.get({ ids: [`id-${index}`] }));
  await Promise.all([...writes, ...reads]);
  expect(await notes.count()).toBe(20);
});

test("closing lets open requests be answered, then ends connections that clients would keep", async () => {
  const slow = new SlowCall();
  const server = await start(slow.call);
  const agent = new Agent({ keepAlive: true });
  closers.push(() => agent.destroy());
  const url = `http://127.0.0.1:${server.port}/api/v2/version`;
  const answered = new Promise<IncomingMessage>((resolve) => get(url, { agent }, resolve));
  await slow.asked;
  let isClosed = false;
  const closed = server.close().then(() => (isClosed = true));
  await expect(fetch(url)).rejects.toThrow();
  expect(isClosed).toBe(false);
  slow.answer();
  const response = await answered;
  expect(response.headers.connection).toBe("close");
  expect(await response.toArray()).toEqual([Buffer.from('"slow"')]);
  await closed;
});

test("closing ends idle connections at once", async () => {
  const server = await start();
  const agent = new Agent({ keepAlive: true });
  closers.push(() => agent.destroy());
  const response = await new Promise<IncomingMessage>((resolve) => {
    get(`http://127.0.0.1:${server.port}/api/v2/version`, { agent }, resolve);
  });
  await response.toArray();
  const start_ = performance.now();
  await server.close();
  expect(performance.now() - start_).toBeLessThan(1000);
});

test("closing does not wait for ever for a request that never ends", async () => {
  const server = await start();
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("POST /api/v2/tenants HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
  await once(socket, "ready");
  const ended = once(socket, "close");
  await server.close(50);
  await ended;
});

test("a client that goes away in the middle of its body disturbs nobody", async () => {
  const { port } = await start();
  const cut = request({ port, host: "127.0.0.1", method: "POST", path: "/api/v2/tenants" });
  cut.on("error", () => undefined);
  cut.setHeader("content-length", 1000);
  cut.write("{");
  await once(cut, "socket");
  cut.destroy();
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2/version`);
  expect(await answer.json()).toBe("1.0.0");
});

test("a port that is taken is an error with its code", async () => {
  const { port } = await start();
  const second = listen(
    createApi({ call: () => Promise.reject(new Error("no call")), close: async () => undefined }),
    {
      host: "127.0.0.1",
      port,
    },
  );
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test.each(["1.0", "1.1"])("a request of HTTP %s that names no host is answered", async (version) => {
  const { port } = await start();
  const socket = connect(port, "127.0.0.1");
  socket.end(`GET /api/v2/version HTTP/${version}\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 200 /);
});
