// Fetches, unpacks and embeds the dictionary on a thread of its own: a hundred thousand sentences are
// seconds of work, and the page's thread is for typing. Composition only: batches.ts does it.

import { expose, transfer } from "comlink";
import { StaticEnglishEmbeddingFunction } from "chromalite/embed";
import { type Batch, batchesFrom, type EmbeddedBatch } from "./batches.ts";
import type { DictionaryHead } from "./part.ts";

export interface BatchSource {
  /** Batches of the records from the `start`th on, up to `end`; replaces what was opened before. */
  open(head: DictionaryHead, start: number, end: number): void;
  /** The next batch, undefined behind the last. */
  next(): Promise<EmbeddedBatch | undefined>;
}

const embedder = new StaticEnglishEmbeddingFunction();
let batches: AsyncGenerator<Batch, undefined> | undefined;

const source: BatchSource = {
  open(head, start, end) {
    batches = batchesFrom(head, start, end);
  },
  async next() {
    const { value: batch } = (await batches?.next()) ?? {};
    if (!batch) return undefined;
    const { embedded, ...records } = batch;
    const embeddings = await embedder.embed(embedded);
    return transfer(
      { ...records, embeddings },
      embeddings.map(({ buffer }) => buffer),
    );
  },
};

expose(source);
