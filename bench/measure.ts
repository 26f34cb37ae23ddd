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
 * The share of the true nearest that was found, over all queries.
 * @param found  for each query the rows found, in any order
 * @param truth  for each query the rows that are right: k of them, or all where there are fewer
 */
export function recallOf(found: readonly ArrayLike<number>[], truth: readonly ArrayLike<number>[]): number {
  let hits = 0;
  let wanted = 0;
  for (const [query, rows] of truth.entries()) {
    const returned = new Set(Array.from(found[query]!));
    wanted += rows.length;
    for (let i = 0; i < rows.length; i++) if (returned.has(rows[i]!)) hits++;
  }
  return hits / wanted;
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
