// A byte that is damaged where a browser keeps it: in a file of OPFS, in a chunk in IndexedDB. The collection is named
// with its file and offset and takes no writes, the others go on, and salvage gives what is readable.

import { expect, test, vi } from "vitest";
import { type Collection, PersistentClient, type SalvagedRecords } from "../../src/index.ts";

// Opening anew takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** The worker as it is shipped: one file, where the source is sixty requests at each start. */
const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

type Backend = "opfs" | "indexeddb";

/** What a backend keeps of the data file: one file, or chunks of it. */
interface Kept {
  readonly bytes: Uint8Array;
  readonly replace: (bytes: Uint8Array) => Promise<void>;
}

async function* keptOnOpfs(path: string): AsyncGenerator<Kept> {
  const origin = await navigator.storage.getDirectory();
  const directory = await (await origin.getDirectoryHandle("chromalite")).getDirectoryHandle(path);
  const handle = await directory.getFileHandle("data");
  yield {
    bytes: new Uint8Array(await (await handle.getFile()).arrayBuffer()),
    async replace(bytes) {
      const writable = await handle.createWritable();
      await writable.write(bytes as Uint8Array<ArrayBuffer>);
      await writable.close();
    },
  };
}

async function* keptInIndexedDb(path: string): AsyncGenerator<Kept> {
  const database = await settled(indexedDB.open(`chromalite:${path}`));
  const chunks = (mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction("chunks", mode).objectStore("chunks");
  try {
    // Keys of chunks are [file, index].
    const ofData = IDBKeyRange.bound(["data", 0], ["data", Infinity]);
    for (const key of await settled(chunks("readonly").getAllKeys(ofData))) {
      yield {
        bytes: (await settled(chunks("readonly").get(key))) as Uint8Array,
        replace: async (bytes) => void (await settled(chunks("readwrite").put(bytes, key))),
      };
    }
  } finally {
    database.close();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the request failed"));
  });
}

/** Flips a bit of `text` where it lies. @throws {Error}  it is nowhere */
async function damage(backend: Backend, path: string, text: string): Promise<void> {
  const wanted = new TextEncoder().encode(text);
  const kept = backend === "opfs" ? keptOnOpfs(path) : keptInIndexedDb(path);
  for await (const { bytes, replace } of kept) {
    const at = indexOf(bytes, wanted);
    if (at < 0) continue;
    bytes[at]! ^= 1;
    return replace(bytes);
  }
  throw new Error(`"${text}" is nowhere in the data file`);
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

const RECORDS = 40;
const ids = Array.from({ length: RECORDS }, (_, i) => `id ${i}`);
/** Long enough together that they go into the data file at once, past the log. */
const documentOf = (id: string): string => `text of ${id}.`.padEnd(4000, " and so on");

async function fill(client: PersistentClient, name: string): Promise<void> {
  const collection = await client.createCollection({ name, embeddingFunction: null });
  const embeddings = ids.map((_, i) => [i, 1]);
  const documents = ids.map((id) => documentOf(`${id} in ${name}`));
  await collection.add({ ids, embeddings, documents, metadatas: ids.map((id) => ({ from: id })) });
}

async function salvaged(client: PersistentClient, name: string) {
  const batches: SalvagedRecords[] = [];
  for await (const batch of client.storage.salvage(name)) batches.push(batch);
  return {
    ids: batches.flatMap((batch) => batch.ids),
    documents: batches.flatMap((batch) => batch.documents),
    embeddings: batches.flatMap((batch) => batch.embeddings),
    metadatas: batches.flatMap((batch) => batch.metadatas),
    unreadable: batches.flatMap((batch) => batch.unreadable),
  };
}

const damagedData = {
  name: "ChromaliteError",
  code: "corrupt",
  details: expect.objectContaining({ file: "data", offset: expect.any(Number) as number }) as object,
};

async function expectWhole(collection: Collection): Promise<void> {
  const { documents } = await collection.get();
  expect(documents).toEqual(ids.map((id) => documentOf(`${id} in ${collection.name}`)));
  await collection.add({ ids: ["more"], embeddings: [[1, 1]] });
  await collection.delete({ ids: ["more"] });
}

test.each<Backend>(["opfs", "indexeddb"])(
  "a damaged byte on %s makes its collection read-only, names its place, and costs one document",
  async (backend) => {
    const place = { path: `salvage-${backend}`, backend, workerUrl };
    const before = new PersistentClient(place);
    await fill(before, "damaged");
    await fill(before, "whole");
    await before.close();
    await damage(backend, place.path, "text of id 7 in damaged.");

    await using client = new PersistentClient(place);
    const collection = await client.getCollection({ name: "damaged" });
    expect(await collection.count()).toBe(RECORDS);
    const { ids: nearest } = await collection.query({ queryEmbeddings: [[7, 1]], nResults: 1, include: [] });
    expect(nearest).toEqual([["id 7"]]);
    await expect(collection.get()).rejects.toMatchObject(damagedData);
    const upsert = collection.upsert({ ids: ["new"], embeddings: [[1, 2]] });
    await expect(upsert).rejects.toMatchObject(damagedData);
    await expect(collection.delete({ ids: ["id 7"] })).rejects.toMatchObject(damagedData);
    await expectWhole(await client.getCollection({ name: "whole" }));
    expect((await client.storage.info()).damage).toMatchObject([{ collection: collection.id, file: "data" }]);

    const found = await salvaged(client, "damaged");
    expect(found.unreadable).toEqual([{ id: "id 7", part: "document" }]);
    expect(found.ids).toEqual(ids);
    expect(found.documents).toEqual(ids.map((id) => (id === "id 7" ? null : documentOf(`${id} in damaged`))));
    expect(found.embeddings).toEqual(ids.map((_, i) => [i, 1]));
    expect(found.metadatas).toEqual(ids.map((id) => ({ from: id })));
    // The way out that the documents name: its room comes back.
    await client.deleteCollection({ name: "damaged" });
    await expectWhole(await client.getCollection({ name: "whole" }));
  },
);
