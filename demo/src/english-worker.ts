// The work with English on a thread of its own: fetching and embedding the dictionary is seconds of it,
// and the table of words alone would hold up the page's thread. Composition only.

import { StaticEnglishEmbeddingFunction } from "chromalite/embed";
import { expose, transfer } from "comlink";
import { type Batch, batchesFrom, type EmbeddedBatch } from "./dictionary/batches.ts";
import type { DictionaryHead } from "./dictionary/part.ts";

type Vectors = Float32Array<ArrayBuffer>[];

export interface EnglishWorker {
  /** One vector for each text. */
  embed(texts: readonly string[]): Promise<Vectors>;
  /** Begins with the `start`th record and ends before the `end`th; forgets what was begun before. */
  beginDictionary(head: DictionaryHead, start: number, end: number): void;
  /** The next batch of the dictionary, undefined behind the last. */
  nextBatch(): Promise<EmbeddedBatch | undefined>;
}

const embedder = new StaticEnglishEmbeddingFunction();
let batches: AsyncGenerator<Batch, undefined> | undefined;

const worker: EnglishWorker = {
  async embed(texts) {
    const vectors = await embedder.embed(texts);
    return transfer(vectors, buffersOf(vectors));
  },
  beginDictionary(head, start, end) {
    batches = batchesFrom(head, start, end);
  },
  async nextBatch() {
    const { value: batch } = (await batches?.next()) ?? {};
    if (!batch) return undefined;
    const { embedded, ...records } = batch;
    const embeddings = await embedder.embed(embedded);
    return transfer({ ...records, embeddings }, buffersOf(embeddings));
  },
};

function buffersOf(vectors: Vectors): ArrayBuffer[] {
  return vectors.map(({ buffer }) => buffer);
}

expose(worker);
