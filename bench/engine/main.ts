// `npm run bench -- engine [data set …]`: our engine beside native usearch, in Node, on one thread.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openDataset } from "../datasets/open-dataset.ts";
import { Report } from "../report.ts";
import { ChromaliteVectors } from "./chromalite-vectors.ts";
import { compare } from "./compare.ts";
import { NativeUsearch } from "./native-usearch.ts";
import { outcomeTable } from "./outcome-table.ts";
import type { Peer, PeerParameters } from "./peer.ts";

const efSearches = [32, 64, 128, 256];
const rounds = 5;

/** @param names  data sets; both of the target table when empty */
export async function run(names: readonly string[], folder: string): Promise<Report> {
  const report = new Report("Engine in Node, beside native usearch", "npm run bench -- engine", [
    "usearch 2.26.2",
  ]);
  for (const name of names.length > 0 ? names : ["generated-100000", "glove"]) {
    const dataset = openDataset(name, join(folder, "data"));
    const parameters: PeerParameters = {
      dimension: dataset.dimension,
      capacity: dataset.vectors.length / dataset.dimension,
      maxNeighbors: 16,
      efConstruction: 100,
    };
    const library = pathToFileURL(join(folder, "../dist/")).href;
    const peers: Peer[] = [
      new NativeUsearch(parameters),
      await ChromaliteVectors.open(parameters, "all", dataset.vectors, library),
      await ChromaliteVectors.open(parameters, "floor", dataset.vectors, library),
    ];
    const outcomes = compare(peers, dataset, efSearches, rounds);
    outcomeTable(
      report,
      { dataset: name, parameters, efSearches, rounds },
      outcomes.map(({ peer, ...outcome }) => ({ name: peer.name, ...outcome })),
      "x native",
    );
    for (const peer of peers) peer.close();
  }
  return report;
}
