// The page's end of the worker for English: the package's embedding function, but that the embedding
// itself happens over there, and the dictionary's batches.

import { StaticEnglishEmbeddingFunction } from "chromalite/embed";
import { type Remote, wrap } from "comlink";
import type { EmbeddedBatch } from "./dictionary/batches.ts";
import type { DictionaryHead } from "./dictionary/part.ts";
import type { EnglishWorker } from "./english-worker.ts";

export class English extends StaticEnglishEmbeddingFunction {
  readonly #thread: Worker;
  readonly #worker: Remote<EnglishWorker>;
  /** Rejects when the worker's script could not be loaded: then no call is ever answered. */
  readonly #lost: Promise<never>;

  constructor() {
    super();
    this.#thread = new Worker(new URL("./english-worker.ts", import.meta.url), { type: "module" });
    this.#worker = wrap(this.#thread);
    this.#lost = new Promise((_, reject) => {
      this.#thread.addEventListener("error", ({ message }) => {
        reject(new Error(message || "the script that embeds could not be loaded"));
      });
    });
    // Who waits for an answer hears of it; when nobody does, nothing is wrong yet.
    this.#lost.catch(() => {});
  }

  /** Calls that are open are never answered. */
  terminate(): void {
    this.#thread.terminate();
  }

  /** `generate`, which Chroma's client calls, asks here too. */
  override async embed(texts: readonly string[]): Promise<Float32Array<ArrayBuffer>[]> {
    return Promise.race([this.#worker.embed(texts), this.#lost]);
  }

  /**
   * Batches of the dictionary; the next one is prepared while the one before is being used.
   *
   * @throws {Error}  a part of the data cannot be had
   */
  async *batchesFrom(head: DictionaryHead, start: number, end: number): AsyncGenerator<EmbeddedBatch> {
    const next = (): Promise<EmbeddedBatch | undefined> => {
      const batch = Promise.race([this.#worker.nextBatch(), this.#lost]);
      // It is awaited in the next round; until then a failure must not count as nobody's.
      batch.catch(() => {});
      return batch;
    };
    await Promise.race([this.#worker.beginDictionary(head, start, end), this.#lost]);
    let coming = next();
    for (let batch = await coming; batch; batch = await coming) {
      coming = next();
      yield batch;
    }
  }
}
