// A page whose stored data is gone while what it remembers of it is not, as a browser leaves it that runs out of space.

import { expect, test, vi } from "vitest";
import { PersistentClient, type PersistentClientOptions } from "../../src/index.ts";

// Opening anew takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** The worker as it is shipped: one file, where the source is sixty requests at each start. */
const workerUrl = new URL("../../dist/worker.js?worker_file&type=module", import.meta.url);

type Backend = "opfs" | "indexeddb";

async function takeAway(backend: Backend, path: string): Promise<void> {
  if (backend === "opfs") {
    const origin = await navigator.storage.getDirectory();
    await (await origin.getDirectoryHandle("chromalite")).removeEntry(path, { recursive: true });
  }
  // The journal of new files goes too: it would bring them back.
  for (const name of [`chromalite:${path}`, `chromalite-new:${path}`]) {
    await new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(name);
      deleting.onsuccess = resolve;
      deleting.onerror = reject;
    });
  }
}

async function listOnce(options: PersistentClientOptions): Promise<string[]> {
  await using client = new PersistentClient(options);
  return (await client.listCollections()).map(({ name }) => name);
}

test.each<Backend>(["opfs", "indexeddb"])(
  "data that is gone from %s is told by an error and an event, until the page accepts it",
  async (backend) => {
    const place = { path: `evicted-${backend}`, backend, workerUrl };
    const events: unknown[] = [];
    const listening = new AbortController();
    const listen = (event: Event): void => void events.push((event as CustomEvent).detail);
    addEventListener("chromaliteevicted", listen, { signal: listening.signal });
    const first = new PersistentClient(place);
    await first.createCollection({ name: "notes", embeddingFunction: null });
    const createdAt = (await first.storage.info()).createdAt!;
    await first.close();
    expect(await listOnce(place)).toEqual(["notes"]);
    await takeAway(backend, place.path);
    const told = { path: place.path, createdAt: new Date(createdAt) };
    for (let opening = 1; opening <= 2; opening++) {
      await expect(listOnce(place)).rejects.toMatchObject({ code: "data-evicted", details: { createdAt } });
      expect(events).toEqual(Array.from({ length: opening }, () => told));
    }
    expect(await listOnce({ ...place, afterEviction: "start-empty" })).toEqual([]);
    expect(await listOnce(place)).toEqual([]);
    // Once more for the opening that began anew.
    expect(events).toEqual([told, told, told]);
    listening.abort();
  },
);
