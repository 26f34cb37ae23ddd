// The largest batch that the pre-flight tells, with vectors of a usual size.

/** What the pre-flight tells. */
export const RECORDS = 100_000;
export const DIMENSION = 384;
/** Ids and values of one filter. */
export const MANY = 50_000;

export interface LargeBatch {
  readonly ids: string[];
  readonly batch: {
    ids: string[];
    embeddings: Float32Array[];
    documents: string[];
    metadatas: { n: number }[];
  };
  /** A vector that no record has. */
  readonly query: Float32Array;
}

/** The same numbers at each call: record `n` is `id-n`, with document `document n.` and metadata `{ n }`. */
export function largeBatch(): LargeBatch {
  const values = new Float32Array((RECORDS + 1) * DIMENSION);
  let state = 1;
  for (let i = 0; i < values.length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    values[i] = state / 2 ** 31;
  }
  const row = (n: number): Float32Array => values.subarray(n * DIMENSION, (n + 1) * DIMENSION);
  const numbers = Array.from({ length: RECORDS }, (_, n) => n);
  const ids = numbers.map((n) => `id-${n}`);
  const batch = {
    ids,
    embeddings: numbers.map(row),
    documents: numbers.map((n) => `document ${n}.`),
    metadatas: numbers.map((n) => ({ n })),
  };
  return { ids, batch, query: row(RECORDS) };
}
