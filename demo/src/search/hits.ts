// Asks a collection by meaning, and what it answers in the page's terms.

import type { Collection, Metadata, Where } from "chromalite";

const nResults = 10;

export interface Hit {
  readonly id: string;
  readonly document: string;
  readonly metadata: Metadata;
  /** Cosine distance: 0 the same direction, 1 unrelated. */
  readonly distance: number;
}

export interface Hits {
  readonly hits: readonly Hit[];
  /** Records that were searched, before any filter. */
  readonly records: number;
  /** From the question to the answer: embedding it, the worker's search, and the way there and back. */
  readonly ms: number;
}

/**
 * The nearest records to a description.
 *
 * @throws {ChromaliteError}  the engine cannot answer
 */
export async function findByMeaning(collection: Collection, text: string, where?: Where): Promise<Hits> {
  const start = performance.now();
  const result = await collection.query({ queryTexts: [text], nResults, ...(where && { where }) });
  const ms = performance.now() - start;
  const hits = result.rows()[0]!.map(({ id, document, metadata, distance }) => ({
    id,
    document: document ?? "",
    metadata: metadata ?? {},
    distance: distance ?? Number.NaN,
  }));
  return { hits, records: await collection.count(), ms };
}
