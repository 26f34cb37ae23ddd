import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChromaClient,
  ChromaClientError,
  ChromaForbiddenError,
  ChromaNotFoundError,
  ChromaQuotaExceededError,
  ChromaValueError,
} from "chromadb";
import { expect, test } from "vitest";
import {
  ChromaliteError,
  ChromaNotImplementedError,
  type Collection,
  EphemeralClient,
  PersistentClient,
} from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { misbehaviours } from "./fake-engine.ts";
import { FakeWire } from "./fake-wire.ts";

let paths = 0;
const freshPath = (): string => `/somewhere/test-${(paths += 1)}`;

const create = (client: EphemeralClient | PersistentClient, name = "notes") =>
  client.createCollection({ name, embeddingFunction: null });

test("a client is an official client, and constructing one starts nothing", () => {
  const { engines, worker } = new FakeWire();
  const client = new PersistentClient({ path: freshPath(), worker });
  expect(client).toBeInstanceOf(ChromaClient);
  expect(client).toMatchObject({ tenant: "default_tenant", database: "default_database" });
  expect(engines).toHaveLength(0);
});

test("what is added is found, through the official collection", async () => {
  const { engines, worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const notes = await create(client);
  await notes.add({
    ids: ["a", "b"],
    embeddings: [
      [1, 2],
      [0.1, 0.2],
    ],
    documents: ["one", "two"],
  });
  expect(await notes.count()).toBe(2);
  const found = await notes.query({ queryEmbeddings: [[0.1, 0.3]], nResults: 1 });
  expect(found.rows()).toEqual([
    [
      {
        id: "b",
        document: "two",
        metadata: null,
        distance: expect.closeTo(0.01, 6) as number,
        embedding: undefined,
        uri: undefined,
      },
    ],
  ]);
  const stored = await notes.get({ include: ["embeddings"] });
  expect(stored.embeddings).toEqual([
    [1, 2],
    [0.1, 0.2],
  ]);
  expect(engines[0]?.opened).toEqual([{ path: null, options: { allowReset: false } }]);
});

test("rows of Float32Array are taken and stay the caller's", async () => {
  const { worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const notes = await create(client);
  const row = Float32Array.of(1, 2);
  await notes.add({ ids: ["a"], embeddings: [row] });
  expect(row).toEqual(Float32Array.of(1, 2));
  expect((await notes.get({ include: ["embeddings"] })).embeddings).toEqual([[1, 2]]);
});

test("a flat query vector is one query, in every collection a client returns", async () => {
  const { worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const created = await create(client);
  await created.add({ ids: ["a"], embeddings: [[1, 2]] });
  const collections = [
    created,
    await client.getCollection({ name: "notes" }),
    ...(await client.getCollections(["notes"])),
    ...(await client.listCollections()),
    client.collection(created.id),
  ];
  expect(collections).toHaveLength(5);
  for (const collection of collections) {
    for (const queryEmbeddings of [[1, 2], Float32Array.of(1, 2), [Float32Array.of(1, 2)], [[1, 2]]]) {
      expect((await collection.query({ queryEmbeddings })).ids).toEqual([["a"]]);
    }
  }
});

test("validators and texts are the official ones", async () => {
  const { engines, worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const notes = await create(client);
  const before = engines[0]?.operations.filter(({ route }) => route.endsWith("add")).length;
  await expect(notes.add({ ids: ["a", "a"], embeddings: [[1], [2]] })).rejects.toThrow(
    new ChromaValueError("Expected IDs to be unique, but found duplicates of a"),
  );
  await expect(notes.add({ ids: ["a"] })).rejects.toThrow(ChromaValueError);
  expect(engines[0]?.operations.filter(({ route }) => route.endsWith("add"))).toHaveLength(before ?? 0);
});

test("the engine's errors are the official classes", async () => {
  const { worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const notes = await create(client);
  await expect(client.getCollection({ name: "none" })).rejects.toThrow(ChromaNotFoundError);
  await expect(client.reset()).rejects.toThrow(ChromaForbiddenError);
  await expect(notes.fork({ name: "copy" })).rejects.toThrow(ChromaNotImplementedError);
  await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
  await expect(notes.add({ ids: ["b"], embeddings: [[1, 2, 3]] })).rejects.toThrow(
    new ChromaClientError(
      "Bad request to Chroma with status: Collection expecting embedding with dimension of 2, got 3",
    ),
  );
  await expect(notes.add({ ids: ["b", "c"], embeddings: [[1, 2], [3]] })).rejects.toThrow(
    new ChromaClientError(
      "Bad request to Chroma with status: Inconsistent dimensions in provided embeddings",
    ),
  );
});

test("a full disk is Chroma's quota error, other failures are ours; code, details and cause survive", async () => {
  const { worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const full: unknown = await create(client, misbehaviours.full).catch((error: unknown) => error);
  expect(full).toBeInstanceOf(ChromaQuotaExceededError);
  expect(full).toMatchObject({ message: "The disk is full", code: "storage-full", details: { wanted: 10 } });
  const corrupt: unknown = await create(client, misbehaviours.corrupt).catch((error: unknown) => error);
  expect(corrupt).toBeInstanceOf(ChromaliteError);
  expect(corrupt).toMatchObject({
    code: "corrupt",
    message: "Frame 7 is damaged",
    details: { file: "log-0", offset: 512 },
    cause: { message: "checksum differs" },
  });
});

test("an embedding function in a configuration does not break the call", async () => {
  const { engines, worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const embeddingFunction = { generate: (texts: string[]) => Promise.resolve(texts.map(() => [1, 2])) };
  const notes = await client.createCollection({ name: "a", configuration: { embeddingFunction } });
  expect(engines[0]?.operations.at(-1)?.body).toMatchObject({
    configuration: { embedding_function: { type: "legacy" } },
  });
  expect(notes.name).toBe("a");
});

test("clients on one path share one engine, however it is spelt; the last close releases it", async () => {
  const { engines, worker } = new FakeWire();
  const folder = await mkdtemp(join(tmpdir(), "chromalite-path-"));
  const link = join(folder, "link");
  await symlink(folder, link);
  const spellings = [join(folder, "db"), join(folder, "db/"), join(folder, "x/../db"), join(link, "db")];
  const clients = spellings.map((path) => new PersistentClient({ path, worker }));
  await Promise.all(clients.map((client) => client.heartbeat()));
  expect(engines).toHaveLength(1);
  const last = clients.pop();
  for (const client of clients) await client.close();
  expect(engines[0]?.closed).toBe(0);
  await last?.close();
  expect(engines[0]?.closed).toBe(1);
});

test("two paths share nothing, and two ephemeral clients neither", async () => {
  const { engines, worker } = new FakeWire();
  const clients = [
    new PersistentClient({ path: freshPath(), worker }),
    new PersistentClient({ path: freshPath(), worker }),
    new EphemeralClient({ worker }),
    new EphemeralClient({ worker }),
  ];
  for (const client of clients) await create(client);
  for (const client of clients) expect(await client.listCollections()).toHaveLength(1);
  expect(engines).toHaveLength(4);
  await Promise.all(clients.map((client) => client.close()));
});

test("Python's positional arguments work", async () => {
  const positional = new PersistentClient("notes", { allowReset: true }, "acme", "words");
  expect(positional).toMatchObject({ tenant: "acme", database: "words" });
  expect(new EphemeralClient({ allowReset: true }, "acme", "words")).toMatchObject({
    tenant: "acme",
    database: "words",
  });
  const { engines, worker } = new FakeWire();
  await using client = new PersistentClient({ path: freshPath(), settings: { allowReset: true }, worker });
  await client.heartbeat();
  expect(engines[0]?.opened[0]?.options).toEqual({ allowReset: true });
});

test("an engine is told the memory that it may keep, by either name", async () => {
  const { engines, worker } = new FakeWire();
  const told = [{ chromaMemoryLimitBytes: 5e8 }, { chromaMemoryLimitBytes: 5e8, memoryLimitBytes: 2e8 }, {}];
  for (const settings of told) {
    await using client = new PersistentClient({ path: freshPath(), settings, worker });
    await client.heartbeat();
  }
  expect(engines.map(({ opened }) => opened[0]?.options.memoryLimitBytes)).toEqual([5e8, 2e8, undefined]);
});

test("the same path with other settings is Chroma's error", async () => {
  const { worker } = new FakeWire();
  const path = freshPath();
  await using first = new PersistentClient({ path, worker });
  await first.heartbeat();
  await using second = new PersistentClient({ path, worker, settings: { allowReset: true } });
  await expect(second.heartbeat()).rejects.toThrow(
    new ChromaValueError(`An instance of Chroma already exists for ${path} with different settings`),
  );
});

test("a setting that is none and a path that names nothing are refused by the constructor", () => {
  expect(() => new EphemeralClient({ settings: { allow_reset: true } as object })).toThrow(ChromaValueError);
  expect(() => new PersistentClient({ path: "" })).toThrow(ChromaValueError);
  expect(() => new PersistentClient({ path: 7 as unknown as string })).toThrow(ChromaValueError);
});

test("close waits for open calls, is idempotent, and every call after it throws one error", async () => {
  const { engines, worker } = new FakeWire();
  const client = new EphemeralClient({ worker });
  const notes = await create(client);
  const open = client.heartbeat();
  await Promise.all([client.close(), client.close()]);
  await expect(open).resolves.toBe(1);
  expect(engines[0]?.closed).toBe(1);
  for (const call of [() => client.heartbeat(), () => notes.count(), () => create(client)]) {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChromaliteError);
    expect(error).toMatchObject({ code: "closed", message: "The client is closed" });
  }
});

test("calls made just before close, without waiting for them, are answered", async () => {
  const records = { ids: ["a"], embeddings: [[1, 2]] };
  const calls: ((client: EphemeralClient, notes: Collection) => Promise<unknown>)[] = [
    (_, notes) => notes.add(records),
    (_, notes) => notes.upsert(records),
    (_, notes) => notes.update(records),
    (_, notes) => notes.count(),
    (_, notes) => notes.get(),
    (_, notes) => notes.query({ queryEmbeddings: [[1, 2]], nResults: 1 }),
    (_, notes) => notes.delete({ ids: ["a"] }),
    (client) => client.listCollections(),
    (client) => client.getOrCreateCollection({ name: "notes", embeddingFunction: null }),
    (client) => client.deleteCollection({ name: "notes" }),
  ];
  for (const call of calls) {
    const client = new EphemeralClient({ worker: inThreadWorker });
    const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
    const open = call(client, notes);
    await client.close();
    await open;
    await expect(client.heartbeat()).rejects.toMatchObject({ code: "closed" });
  }
  const unused = new EphemeralClient({ worker: inThreadWorker });
  const open = unused.listCollections();
  await unused.close();
  expect(await open).toEqual([]);
});

test("closing a client that never called starts nothing", async () => {
  const { engines, worker } = new FakeWire();
  await new PersistentClient({ path: freshPath(), worker }).close();
  expect(engines).toHaveLength(0);
});

test("a failure to open is told with its code, and the next call tries again", async () => {
  const { engines, worker } = new FakeWire();
  await using client = new PersistentClient({ path: `${freshPath()}-locked`, worker });
  for (const attempt of [1, 2]) {
    await expect(client.heartbeat()).rejects.toMatchObject({ code: "path-locked", name: "ChromaliteError" });
    expect(engines).toHaveLength(attempt);
  }
});

test("after its worker died a persistent client opens its path anew, an ephemeral one stays dead", async () => {
  const { engines, worker } = new FakeWire();
  await using persistent = new PersistentClient({ path: freshPath(), worker });
  await expect(create(persistent, misbehaviours.crash)).rejects.toMatchObject({ code: "worker-died" });
  await expect(persistent.heartbeat()).resolves.toBe(1);
  expect(engines).toHaveLength(2);
  await using ephemeral = new EphemeralClient({ worker });
  await expect(create(ephemeral, misbehaviours.crash)).rejects.toMatchObject({ code: "worker-died" });
  await expect(ephemeral.heartbeat()).rejects.toMatchObject({ code: "worker-died" });
  expect(engines).toHaveLength(3);
});
