// How the outcome of a comparison is written down, wherever it ran.

import type { Report } from "../report.ts";
import type { Outcome, Rate } from "./compare.ts";
import type { PeerParameters } from "./peer.ts";

interface Run {
  readonly dataset: string;
  readonly parameters: PeerParameters;
  readonly efSearches: readonly number[];
  readonly rounds: number;
}

/** @param ratioHead  what the last column compares with: the first peer */
export function outcomeTable(
  report: Report,
  { dataset, parameters, efSearches, rounds }: Run,
  outcomes: readonly (Omit<Outcome, "peer"> & { name: string })[],
  ratioHead: string,
): void {
  const { capacity, dimension, maxNeighbors, efConstruction } = parameters;
  report.say(
    `**${dataset}**: ${capacity.toLocaleString("en-US")} vectors of ${dimension}, cosine, k 10, recall@10 @ ` +
      `queries a second, maxNeighbors ${maxNeighbors}, efConstruction ${efConstruction}, one thread; ` +
      `${rounds} rounds in turns, medians.`,
  );
  report.table(
    ["", "build/s", ...efSearches.map((ef) => `ef ${ef}`), "recall ≥ .99", ratioHead, "kB a vector"],
    outcomes.map(({ name, buildRate, rates, atRecall, ratio, bytesPerVector }) => [
      name,
      Math.round(buildRate),
      ...rates.map(formatRate),
      `ef ${atRecall.efSearch}: ${formatRate(atRecall)}`,
      ratio.toFixed(2),
      bytesPerVector === undefined ? "" : bytesPerVector / 1_000,
    ]),
  );
}

function formatRate({ recall, queriesPerSecond }: Rate): string {
  const share = recall.toFixed(3).replace(/^0/, "");
  return `${share} @ ${Math.round(queriesPerSecond).toLocaleString("en-US")}`;
}
