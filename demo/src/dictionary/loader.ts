// Brings the dictionary into its collection, batch by batch. Each batch is stored whole or not at all
// and they come in a fixed order, so the collection's own count is the only bookmark: stop, close the
// page, pull the plug, and loading goes on behind the last record that is there.

import type { Collection } from "chromalite";
import type { StaticEnglishEmbeddingFunction } from "chromalite/embed";
import { type Batch, batchesFrom } from "./batches.ts";
import type { DictionaryHead } from "./part.ts";

export interface LoadProgress {
  /** Records stored, those of earlier visits included. */
  readonly stored: number;
  readonly wanted: number;
  /** Of this run. */
  readonly recordsPerSecond: number;
}

type EmbeddedBatch = Omit<Batch, "embedded"> & { embeddings: Float32Array[] };

export class DictionaryLoader {
  readonly #collection: Collection;
  readonly #embedder: StaticEnglishEmbeddingFunction;
  readonly #head: DictionaryHead;
  readonly #wanted: number;

  /** @param recordsMax  to load at most */
  constructor(
    collection: Collection,
    embedder: StaticEnglishEmbeddingFunction,
    head: DictionaryHead,
    recordsMax: number,
  ) {
    this.#collection = collection;
    this.#embedder = embedder;
    this.#head = head;
    this.#wanted = Math.min(head.records, recordsMax);
  }

  /** Records there will be. */
  get wanted(): number {
    return this.#wanted;
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
    for await (const { ids, documents, metadatas, embeddings } of this.#embedded(first)) {
      if (signal.aborted) return false;
      await this.#collection.add({ ids, documents, metadatas, embeddings });
      stored += ids.length;
      const seconds = (performance.now() - start) / 1000;
      onProgress({ stored, wanted: this.#wanted, recordsPerSecond: (stored - first) / seconds });
    }
    return true;
  }

  /** The next batch is fetched and embedded while the worker stores the one before. */
  async *#embedded(first: number): AsyncGenerator<EmbeddedBatch> {
    const batches = batchesFrom(this.#head, first, this.#wanted);
    const prepare = async (): Promise<EmbeddedBatch | undefined> => {
      const { value: batch } = (await batches.next()) as IteratorResult<Batch, undefined>;
      return batch && { ...batch, embeddings: await this.#embedder.embed(batch.embedded) };
    };
    let next = prepare();
    for (let batch = await next; batch; batch = await next) {
      next = prepare();
      // It is awaited in the next round; until then a failure must not count as nobody's.
      next.catch(() => {});
      yield batch;
    }
  }
}
