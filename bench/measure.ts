// Times and rates. A rate is never given without the recall it was reached at, and peers take turns
// in one run: on a shared machine only what ran side by side can be compared.

/** The value below which `share` (0 to 1) of `values` lie; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The share of the true k nearest that was found, over all queries.
 * @param found  for each query the rows found, in any order
 * @param truth  `depth` rows a query, nearest first
 */
export function recallOf(
  found: readonly ArrayLike<number>[],
  truth: Uint32Array,
  depth: number,
  k: number,
): number {
  let hits = 0;
  for (const [query, rows] of found.entries()) {
    const nearest = new Set(truth.subarray(query * depth, query * depth + k));
    for (let i = 0; i < rows.length && i < k; i++) if (nearest.has(rows[i]!)) hits++;
  }
  return hits / (found.length * k);
}

/** Lets the contestants run one after another, `rounds` times; the milliseconds of each, by round. */
export function takeTurns(contestants: readonly (() => void)[], rounds: number): number[][] {
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of contestants.entries()) {
      const start = performance.now();
      run();
      times[i]!.push(performance.now() - start);
    }
  }
  return times;
}

/** Milliseconds of each of `times` calls of an asynchronous function. */
export async function timeEach(times: number, call: (i: number) => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await call(i);
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}
