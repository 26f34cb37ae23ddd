// Archives where a browser keeps the bytes: made while the page goes on writing, moved from OPFS to IndexedDB and
// back, given up half-way, and damaged on their way.

import { expect, test, vi } from "vitest";
import { type Collection, PersistentClient } from "../../src/index.ts";

// Adding and moving a few megabytes takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** The worker as it is shipped: one file, where the source is sixty requests at each start. */
const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

type Backend = "opfs" | "indexeddb";
const backends: readonly Backend[] = ["opfs", "indexeddb"];

let places = 0;
const newPlace = (backend: Backend) => ({ path: `archives/${(places += 1)}`, backend, workerUrl });

const RECORDS = 1200;

/** A collection of more than one section of an archive. */
async function fill(client: PersistentClient): Promise<Collection> {
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const ids = Array.from({ length: RECORDS }, (_, i) => `id ${i}`);
  const embeddings = ids.map((_, i) => Array.from({ length: 256 }, (__, j) => Math.sin(i * 256 + j)));
  await notes.add({ ids, embeddings, documents: ids.map((id) => `document of ${id}`) });
  return notes;
}

async function archiveOf(backend: Backend): Promise<Blob> {
  await using client = new PersistentClient(newPlace(backend));
  await fill(client);
  return await new Response(client.export()).blob();
}

async function contentsOf(client: PersistentClient): Promise<object> {
  const notes = await client.getCollection({ name: "notes" });
  return notes.get({ include: ["documents", "embeddings", "metadatas"] });
}

/** Bytes of a path that nobody has written to. */
async function emptyBytes(backend: Backend): Promise<number> {
  await using client = new PersistentClient(newPlace(backend));
  return (await client.storage.info()).bytesUsed;
}

const TWIN_RECORDS = 20;

/** Two collections written in turns, all of one and then all of the other: at any moment they are a round apart at most. */
class Twins {
  readonly #collections: readonly Collection[];
  #isOn = true;
  #began = 0;
  #ended = 0;
  #endOfRound: () => void = () => undefined;

  constructor(collections: readonly Collection[]) {
    this.#collections = collections;
  }

  /** Rounds that were begun, and rounds that were answered whole. */
  get rounds(): { readonly began: number; readonly ended: number } {
    return { began: this.#began, ended: this.#ended };
  }

  async run(): Promise<void> {
    while (this.#isOn) {
      this.#began += 1;
      // Too large for the log, which such writes go past.
      const document = `${this.#began}`.padEnd(4000, " x");
      const ids = Array.from({ length: TWIN_RECORDS }, (_, i) => `twin ${i}`);
      const embeddings = ids.map(() => [this.#began, 1]);
      const documents = ids.map(() => document);
      for (const each of this.#collections) await each.upsert({ ids, embeddings, documents });
      this.#ended += 1;
      this.#endOfRound();
    }
  }

  nextRound(): Promise<void> {
    return new Promise((resolve) => (this.#endOfRound = resolve));
  }

  stop(): void {
    this.#isOn = false;
  }

  /** The round that a collection is of. @throws {Error} it is of more than one */
  static async roundOf(collection: Collection): Promise<number> {
    const { documents, embeddings } = await collection.get({ include: ["documents", "embeddings"] });
    const rounds = new Set([
      ...documents.map((document) => Number.parseInt(document!, 10)),
      ...embeddings.map((embedding) => embedding[0]!),
    ]);
    if (rounds.size !== 1 || documents.length !== TWIN_RECORDS)
      throw new Error(`torn: ${[...rounds].join()}`);
    return [...rounds][0]!;
  }
}

test.each(backends)("an archive that is made on %s while writes go on is of one moment", async (backend) => {
  await using client = new PersistentClient(newPlace(backend));
  await fill(client);
  const before = await contentsOf(client);
  const [one, other] = await Promise.all(
    ["one", "other"].map((name) => client.createCollection({ name, embeddingFunction: null })),
  );
  const twins = new Twins([one!, other!]);
  const firstRound = twins.nextRound();
  const writing = twins.run();
  await firstRound;

  const progress: { done: number; total: number }[] = [];
  const atStart = twins.rounds.ended;
  const reader = client.export({ onProgress: (step) => void progress.push(step) }).getReader();
  let atFirstSection: number | undefined;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    atFirstSection ??= twins.rounds.began;
    pieces.push(value);
    await twins.nextRound();
  }
  twins.stop();
  await writing;
  expect(twins.rounds.ended).toBeGreaterThanOrEqual(atFirstSection! + pieces.length - 1);

  const blob = new Blob(pieces);
  expect(pieces.length).toBeGreaterThan(3);
  expect(progress.map(({ done }) => done)).toEqual(
    pieces.map((_, i) => pieces.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0)),
  );
  expect(progress.at(-1)).toEqual({ done: blob.size, total: blob.size });
  expect(new Set(progress.map(({ total }) => total)).size).toBe(1);

  await using copy = await PersistentClient.import(blob, newPlace(backend));
  expect(await contentsOf(copy)).toEqual(before);
  const [ofOne, ofOther] = await Promise.all(
    ["one", "other"].map(async (name) => Twins.roundOf(await copy.getCollection({ name }))),
  );
  expect([0, 1]).toContain(ofOne! - ofOther!);
  expect(ofOther).toBeGreaterThanOrEqual(atStart);
  expect(ofOne).toBeLessThanOrEqual(atFirstSection!);
});

test("an archive of OPFS is imported on IndexedDB, and what that gives on OPFS again", async () => {
  await using opfs = new PersistentClient(newPlace("opfs"));
  await fill(opfs);
  const progress: { done: number; total: number }[] = [];
  const onProgress = (step: { done: number; total: number }): void => void progress.push(step);
  const blob = await new Response(opfs.export()).blob();
  await using indexedDb = await PersistentClient.import(blob, { ...newPlace("indexeddb"), onProgress });
  expect((await indexedDb.storage.info()).backend).toBe("indexeddb");
  const done = progress.map((step) => step.done);
  // More than a piece of 1 MiB; a Blob's stream gives it in as many chunks as it likes.
  expect(done.length).toBeGreaterThan(1);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(progress.at(-1)).toEqual({ done: blob.size, total: blob.size });
  await using again = await PersistentClient.import(indexedDb.export(), newPlace("opfs"));
  expect((await again.storage.info()).backend).toBe("opfs");
  const contents = await contentsOf(opfs);
  expect(await contentsOf(indexedDb)).toEqual(contents);
  expect(await contentsOf(again)).toEqual(contents);
});

test.each(backends)(
  "an import on %s that is given up half-way leaves nothing, and its path can be used",
  async (backend) => {
    await using source = new PersistentClient(newPlace(backend));
    await fill(source);
    const place = newPlace(backend);
    const aborting = new AbortController();
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      if (done * 2 > total) aborting.abort(new Error("half-way"));
    };
    const options = { ...place, signal: aborting.signal };
    await expect(PersistentClient.import(source.export({ onProgress }), options)).rejects.toThrow("half-way");
    const client = new PersistentClient(place);
    expect(await client.listCollections()).toEqual([]);
    expect((await client.storage.info()).bytesUsed).toBe(await emptyBytes(backend));
    await client.close();
    await using whole = await PersistentClient.import(source.export(), place);
    expect(await contentsOf(whole)).toEqual(await contentsOf(source));
  },
);

test("an export that is given up half-way ends, and the page goes on writing", async () => {
  await using client = new PersistentClient(newPlace("opfs"));
  const notes = await fill(client);
  const aborting = new AbortController();
  const stream = client.export({
    signal: aborting.signal,
    onProgress: ({ done, total }) => done * 2 > total && aborting.abort(new Error("half-way")),
  });
  // Not by a Response: Chromium tells its reader of any error as "Failed to fetch".
  await expect(stream.pipeTo(new WritableStream())).rejects.toThrow("half-way");
  await notes.delete({ ids: ["id 0"] });
  expect(await notes.count()).toBe(RECORDS - 1);
});

/** What can come over an archive on its way: some of it, since each is another worker's start. */
const damages: Readonly<Record<string, (blob: Blob) => Promise<Blob>>> = {
  "with a byte in the middle damaged": (blob) => flipped(blob, blob.size >> 1),
  "cut in the middle": async (blob) => blob.slice(0, blob.size >> 1),
};

async function flipped(blob: Blob, at: number): Promise<Blob> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  bytes[at]! ^= 8;
  return new Blob([bytes]);
}

test.each(backends)(
  "a damaged archive is refused on %s with its place, and leaves nothing",
  async (backend) => {
    const blob = await archiveOf(backend);
    const place = newPlace(backend);
    for (const [name, damage] of Object.entries(damages)) {
      await expect(PersistentClient.import(await damage(blob), place), name).rejects.toMatchObject({
        name: "ChromaliteError",
        code: "corrupt",
        details: { file: "archive", offset: expect.any(Number) as number },
      });
    }
    const client = new PersistentClient(place);
    expect(await client.listCollections()).toEqual([]);
    expect((await client.storage.info()).bytesUsed).toBe(await emptyBytes(backend));
    await client.close();
    await using whole = await PersistentClient.import(blob, place);
    expect(await (await whole.getCollection({ name: "notes" })).count()).toBe(RECORDS);
  },
);
