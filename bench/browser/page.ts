// The page's end of `npm run bench -- browser`: the driver calls these by name.

import { fetchDataset } from "../datasets/dataset.ts";
import { ChromaliteVectors } from "../engine/chromalite-vectors.ts";
import { compare, type Outcome } from "../engine/compare.ts";
import type { Peer, PeerParameters } from "../engine/peer.ts";
import {
  addSingly,
  bytesUsed,
  create,
  fill,
  findWord,
  getSingly,
  openAndQuery,
  queryAll,
  settle,
} from "./collection-calls.ts";
import { queryFiltered } from "./filter-calls.ts";
import { HnswlibWasm } from "./hnswlib-wasm.ts";
import { libraryFolder } from "./library.ts";
import { readAtRest, readBesideCheckpoint, readBesidePacking, readBesideUpdates } from "./stall-calls.ts";
import { addStream, openAndSearch } from "./stream-calls.ts";

export interface EngineRun {
  readonly dataset: string;
  readonly folderUrl: string;
  readonly parameters: PeerParameters;
  readonly efSearches: readonly number[];
  readonly rounds: number;
}

/** An outcome without its peer, which cannot leave the page. */
export type PageOutcome = Omit<Outcome, "peer"> & { name: string };

export async function compareEngines(engineRun: EngineRun): Promise<PageOutcome[]> {
  const { dataset: name, folderUrl, parameters, efSearches, rounds } = engineRun;
  const dataset = await fetchDataset(name, parameters.dimension, folderUrl);
  const library = libraryFolder();
  const peers: Peer[] = [
    await HnswlibWasm.open(parameters),
    await ChromaliteVectors.open(parameters, "all", dataset.vectors, library),
    await ChromaliteVectors.open(parameters, "floor", dataset.vectors, library),
  ];
  const outcomes = compare(peers, dataset, efSearches, rounds);
  for (const peer of peers) peer.close();
  return outcomes.map(({ peer, ...outcome }) => ({ name: peer.name, ...outcome }));
}

const calls = {
  addSingly,
  addStream,
  bytesUsed,
  compareEngines,
  create,
  fill,
  findWord,
  getSingly,
  openAndQuery,
  openAndSearch,
  queryAll,
  queryFiltered,
  readAtRest,
  readBesideCheckpoint,
  readBesidePacking,
  readBesideUpdates,
  settle,
};
export type PageCalls = typeof calls;

Object.assign(globalThis, { bench: calls });
