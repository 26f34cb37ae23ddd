// Brings the dictionary into its collection, batch by batch. Each batch is stored whole or not at all
// and they come in a fixed order, so the collection's own count is the only bookmark: stop, close the
// page, pull the plug, and loading goes on behind the last record that is there.

import type { Collection } from "chromalite";
import { releaseProxy, wrap } from "comlink";
import type { BatchSource } from "./batch-worker.ts";
import type { EmbeddedBatch } from "./batches.ts";
import type { DictionaryHead } from "./part.ts";

export interface LoadProgress {
  /** Records stored, those of earlier visits included. */
  readonly stored: number;
  readonly wanted: number;
  /** Of this run. */
  readonly recordsPerSecond: number;
}

export class DictionaryLoader {
  /** Records there will be. */
  readonly wanted: number;
  readonly #collection: Collection;
  readonly #head: DictionaryHead;

  /** @param recordsMax  to load at most */
  constructor(collection: Collection, head: DictionaryHead, recordsMax: number) {
    this.#collection = collection;
    this.#head = head;
    this.wanted = Math.min(head.records, recordsMax);
  }

  /**
   * Adds what is missing; tells of every batch once it is stored.
   *
   * @returns  whether all is there; false when `signal` stopped it, between two batches
   * @throws {Error}  the data cannot be had
   * @throws {ChromaliteError}  it cannot be stored
   */
  async load(signal: AbortSignal, onProgress: (progress: LoadProgress) => void): Promise<boolean> {
    const first = await this.#collection.count();
    const start = performance.now();
    let stored = first;
    for await (const batch of this.#batchesFrom(first)) {
      if (signal.aborted) return false;
      await this.#collection.add(batch);
      stored += batch.ids.length;
      const seconds = (performance.now() - start) / 1000;
      onProgress({ stored, wanted: this.wanted, recordsPerSecond: (stored - first) / seconds });
    }
    return true;
  }

  /** The next batch is prepared while the one before is stored. */
  async *#batchesFrom(first: number): AsyncGenerator<EmbeddedBatch> {
    const worker = new Worker(new URL("./batch-worker.ts", import.meta.url), { type: "module" });
    const source = wrap<BatchSource>(worker);
    // A worker whose script does not load never answers.
    const lost = new Promise<never>((_, reject) => {
      worker.addEventListener("error", ({ message }) => {
        reject(new Error(message || "the script that prepares the dictionary could not be loaded"));
      });
    });
    const next = (): Promise<EmbeddedBatch | undefined> => {
      const batch = Promise.race([source.next(), lost]);
      // It is awaited in the next round; until then a failure must not count as nobody's.
      batch.catch(() => {});
      return batch;
    };
    try {
      await Promise.race([source.open(this.#head, first, this.wanted), lost]);
      let coming = next();
      for (let batch = await coming; batch; batch = await coming) {
        coming = next();
        yield batch;
      }
    } finally {
      source[releaseProxy]();
      worker.terminate();
    }
  }
}
