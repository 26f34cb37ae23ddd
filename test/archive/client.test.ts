// Archives by the clients' own methods: streams and Blobs, progress, cancelling, what is refused.

import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ChromaUniqueError, EphemeralClient, PersistentClient } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";

// Adding and moving a few megabytes takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chromalite-archive-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = (name: string) => ({ path: join(folder, name), worker: inThreadWorker });

/** A client with a collection of more than one section. */
async function filled(): Promise<PersistentClient> {
  const client = new PersistentClient(options("source"));
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const ids = Array.from({ length: 1500 }, (_, i) => `id ${i}`);
  const embeddings = ids.map((_, i) => Array.from({ length: 256 }, (__, j) => Math.sin(i * 256 + j)));
  await notes.add({ ids, embeddings, documents: ids.map((id) => `document of ${id}`) });
  return client;
}

test("a stream of one client is the data of another, with progress in bytes on both ends", async () => {
  await using source = await filled();
  const seen: number[] = [];
  const stream = source.export({ onProgress: ({ done, total }) => seen.push(done / total) });
  await using target = await PersistentClient.import(stream, options("target"));
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
  const include = ["documents", "embeddings", "metadatas"] as const;
  const [theirs, ours] = await Promise.all(
    [source, target].map(async (client) =>
      (await client.getCollection({ name: "notes" })).get({ include: [...include] }),
    ),
  );
  expect(ours).toEqual(theirs);
});

test("a Blob of an ephemeral client becomes a stored one", async () => {
  await using memory = new EphemeralClient({ worker: inThreadWorker });
  const notes = await memory.createCollection({ name: "notes", embeddingFunction: null });
  await notes.add({ ids: ["a"], embeddings: [[1, 2]], documents: ["kept"] });
  const blob = await new Response(memory.export()).blob();
  const progress: { done: number; total: number }[] = [];
  const onProgress = (step: { done: number; total: number }): void => void progress.push(step);
  await using stored = await PersistentClient.import(blob, { ...options("target"), onProgress });
  expect(progress.at(-1)).toEqual({ done: blob.size, total: blob.size });
  expect((await (await stored.getCollection({ name: "notes" })).get()).documents).toEqual(["kept"]);
});

test("a path with data, and one that is open, are refused by the client's own errors", async () => {
  await using source = await filled();
  const blob = await new Response(source.export()).blob();
  await expect(PersistentClient.import(blob, options("source"))).rejects.toMatchObject({
    code: "path-locked",
  });
  await source.close();
  await expect(PersistentClient.import(blob, options("source"))).rejects.toThrow(ChromaUniqueError);
});

test("an aborted export ends its stream with the signal's reason, and one never read asks nothing", async () => {
  await using source = await filled();
  const aborting = new AbortController();
  const reader = source.export({ signal: aborting.signal }).getReader();
  await reader.read();
  aborting.abort(new Error("enough"));
  await expect(reader.read()).rejects.toThrow("enough");
  const late = source.export({ signal: aborting.signal });
  await expect(late.getReader().read()).rejects.toThrow("enough");
  await source.export().cancel();
});

test("an export that is over, however it ended, has no listener left, and holds nothing in the engine", async () => {
  await using source = await filled();
  const { signal } = new AbortController();
  const ends: ((stream: ReadableStream<Uint8Array>) => Promise<unknown>)[] = [
    (stream) => new Response(stream).blob(),
    (stream) => stream.cancel(),
    async (stream) => {
      const reader = stream.getReader();
      await reader.read();
      await reader.cancel();
    },
  ];
  for (const end of ends) {
    const stream = source.export({ signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await end(stream);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  }
  const onProgress = (): void => {
    throw new Error("the progress bar is gone");
  };
  const reader = source.export({ signal, onProgress }).getReader();
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  await expect(drained).rejects.toThrow("the progress bar is gone");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("an import of bytes that do not come is given up at once", async () => {
  const aborting = new AbortController();
  const { signal } = aborting;
  let reason: unknown;
  // Asked for bytes once somebody waits for them.
  const stalled = new ReadableStream<Uint8Array>(
    {
      pull: () => {
        aborting.abort(new Error("enough"));
        return new Promise(() => undefined);
      },
      cancel: (given) => void (reason = given),
    },
    { highWaterMark: 0 },
  );
  await expect(PersistentClient.import(stalled, { ...options("target"), signal })).rejects.toThrow("enough");
  expect(reason).toBe(signal.reason);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("an aborted import rejects with the signal's reason and leaves the path empty", async () => {
  await using source = await filled();
  const aborting = new AbortController();
  const importing = PersistentClient.import(source.export(), {
    ...options("target"),
    signal: aborting.signal,
  });
  aborting.abort(new Error("enough"));
  await expect(importing).rejects.toThrow("enough");
  const halfway = new AbortController();
  const stream = source.export({ onProgress: ({ done }) => done > 1e6 && halfway.abort(new Error("half")) });
  await expect(
    PersistentClient.import(stream, { ...options("target"), signal: halfway.signal }),
  ).rejects.toThrow("half");
  await using target = new PersistentClient(options("target"));
  expect(await target.listCollections()).toEqual([]);
});
