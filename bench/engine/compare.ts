// Builds the same graph with every peer and searches it, the peers taking turns. Recall is counted
// outside the timed regions, and stands beside every rate.

import { nearestRows, row, type Dataset } from "../datasets/dataset.ts";
import { median, recallOf, takeTurns } from "../measure.ts";
import type { Peer } from "./peer.ts";

const k = 10;
const recallWanted = 0.99;
const efSteps = [10, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256, 384, 512, 768, 1024];
const rowsPerTurn = 10_000;

export interface Rate {
  readonly efSearch: number;
  readonly recall: number;
  readonly queriesPerSecond: number;
}

export interface Outcome {
  readonly peer: Peer;
  /** Vectors a second. */
  readonly buildRate: number;
  /** One for each efSearch asked for. */
  readonly rates: readonly Rate[];
  /** At the smallest efSearch of the steps that reaches recall .99, or at the largest. */
  readonly atRecall: Rate;
  /** The rate at recall .99 against the first peer's in the same round: the median of the rounds. */
  readonly ratio: number;
  /** Bytes a vector, for codes, graph and cache; undefined where the peer cannot tell. */
  readonly bytesPerVector: number | undefined;
}

/** @param efSearches  besides the one that each peer needs for recall .99 */
export function compare(
  peers: readonly Peer[],
  dataset: Dataset,
  efSearches: readonly number[],
  rounds: number,
): Outcome[] {
  const buildRates = build(peers, dataset);
  const rates: Rate[][] = peers.map(() => []);
  for (const efSearch of efSearches) {
    const measured = searchInTurns(
      peers.map((peer) => ({ peer, efSearch })),
      dataset,
      rounds,
    );
    for (const [i, { rate }] of measured.entries()) rates[i]!.push(rate);
  }
  const atRecall = searchInTurns(
    peers.map((peer) => ({ peer, efSearch: smallestEfSearch(peer, dataset) })),
    dataset,
    rounds,
  );
  const firstTimes = atRecall[0]!.times;
  return peers.map((peer, i) => ({
    peer,
    buildRate: buildRates[i]!,
    rates: rates[i]!,
    atRecall: atRecall[i]!.rate,
    ratio: median(atRecall[i]!.times.map((time, round) => firstTimes[round]! / time)),
    bytesPerVector: bytesPerVector(peer, dataset),
  }));
}

function bytesPerVector(peer: Peer, { vectors, dimension }: Dataset): number | undefined {
  const bytes = peer.memoryUsed();
  return bytes === undefined ? undefined : bytes / (vectors.length / dimension);
}

function build(peers: readonly Peer[], { vectors, dimension }: Dataset): number[] {
  const rows = vectors.length / dimension;
  const milliseconds = peers.map(() => 0);
  for (let start = 0; start < rows; start += rowsPerTurn) {
    const part = vectors.subarray(start * dimension, Math.min(rows, start + rowsPerTurn) * dimension);
    const times = takeTurns(
      peers.map((peer) => () => peer.add(part)),
      1,
    );
    for (const [i, [time]] of times.entries()) milliseconds[i]! += time!;
  }
  for (const peer of peers) peer.finish();
  return milliseconds.map((time) => (rows / time) * 1_000);
}

function searchInTurns(
  runs: readonly { peer: Peer; efSearch: number }[],
  dataset: Dataset,
  rounds: number,
): { rate: Rate; times: number[] }[] {
  const queries = dataset.queries.length / dataset.dimension;
  // The first search warms up, and is the one whose answers are counted.
  const recalls = runs.map(({ peer, efSearch }) => recallAt(peer, efSearch, dataset));
  const times = takeTurns(
    runs.map(
      ({ peer, efSearch }) =>
        () =>
          void searchAll(peer, efSearch, dataset),
    ),
    rounds,
  );
  return runs.map(({ efSearch }, i) => ({
    rate: { efSearch, recall: recalls[i]!, queriesPerSecond: (queries / median(times[i]!)) * 1_000 },
    times: times[i]!,
  }));
}

/** By bisection: recall grows with efSearch. */
function smallestEfSearch(peer: Peer, dataset: Dataset): number {
  let low = 0;
  let high = efSteps.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (recallAt(peer, efSteps[middle]!, dataset) >= recallWanted) high = middle;
    else low = middle + 1;
  }
  return efSteps[low]!;
}

function recallAt(peer: Peer, efSearch: number, dataset: Dataset): number {
  return recallOf(searchAll(peer, efSearch, dataset), nearestRows(dataset, k));
}

function searchAll(peer: Peer, efSearch: number, { queries, dimension }: Dataset): ArrayLike<number>[] {
  const found: ArrayLike<number>[] = [];
  for (let i = 0; i < queries.length / dimension; i++) {
    found.push(peer.search(row(queries, i, dimension), k, efSearch));
  }
  return found;
}
