// What Chroma's operations do, as facts that hold on every backend (Chroma's server 1.3.4 with its
// client 3.5.0 is the measure). Where Chromalite differs on purpose the fact names its row of
// docs/COMPATIBILITY.md; on a real server such a fact must not hold, or the row is out of date.

import { describe, test } from "vitest";
import { assertNotHeld } from "./not-held.ts";
import { Place, type OpenGround } from "./place.ts";
import { clientFacts } from "./facts/clients.ts";
import { collectionFacts } from "./facts/collections.ts";
import { distanceFacts } from "./facts/distances.ts";
import { embeddingFunctionFacts } from "./facts/embedding-function.ts";
import { engineFacts } from "./facts/engine.ts";
import { getFacts } from "./facts/get.ts";
import { hostileFacts } from "./facts/hostile.ts";
import { idFacts } from "./facts/ids.ts";
import { metadataFacts } from "./facts/metadata.ts";
import { modifyFacts } from "./facts/modify.ts";
import { queryFacts } from "./facts/query.ts";
import { vectorFacts } from "./facts/vectors.ts";
import { whereFacts } from "./facts/where.ts";
import { whereDocumentFacts } from "./facts/where-document.ts";
import { deleteFacts, mergeFacts } from "./facts/writes.ts";

/** A fact starts two workers at most; on a busy machine each may take seconds. */
const FACT_TIMEOUT_MS = 30_000;

type Check = (place: Place) => Promise<void>;

/** How facts become tests of one backend. */
export interface Facts {
  readonly fact: (name: string, check: Check) => void;
  /** A fact that Chroma's server does not share. @param id  its row in docs/COMPATIBILITY.md */
  readonly differs: (id: string, name: string, check: Check) => void;
  /** A fact that Chroma's server keeps by chance only. @param id  its row in docs/COMPATIBILITY.md */
  readonly beyond: (id: string, name: string, check: Check) => void;
}

const groups = {
  collections: collectionFacts,
  "modifying a collection": modifyFacts,
  ids: idFacts,
  vectors: vectorFacts,
  "update and upsert": mergeFacts,
  delete: deleteFacts,
  metadata: metadataFacts,
  where: whereFacts,
  whereDocument: whereDocumentFacts,
  get: getFacts,
  query: queryFacts,
  distances: distanceFacts,
  "embedding functions": embeddingFunctionFacts,
  "hostile values": hostileFacts,
  "the engine itself": engineFacts,
} satisfies Record<string, (facts: Facts) => void>;

/** Rows about what our own clients do. With the official client these facts differ over HTTP as well. */
const clientRows: ReadonlySet<string> = new Set([
  "batch-limit",
  "float32-queries",
  "lone-surrogates",
  "non-finite-embeddings",
  "non-finite-metadata",
  "not-implemented",
  "null-deletes-key",
  "order-of-calls",
  "proto-key",
  "reset-forbidden",
  "values-that-cannot-cross",
  "vector-elements",
]);

export interface SuiteOptions {
  /** A real server: what differs must fail there. */
  readonly isChroma?: boolean;
  /** The official client, to a server of ours: what our own clients do must fail there. */
  readonly isOfficialClient?: boolean;
  /** Several facts at once: in a page most of a fact is waiting for workers to start. */
  readonly isConcurrent?: boolean;
}

/** Runs every fact on places that `openGround` makes, each on one of its own. */
export function runSemantics(name: string, openGround: OpenGround, options: SuiteOptions = {}): void {
  runFacts(`Chroma's semantics, ${name}`, groups, openGround, options);
}

/** Runs the facts about clients that share what lasts. */
export function runSharing(name: string, openGround: OpenGround, options: SuiteOptions = {}): void {
  runFacts(`Clients of one path, ${name}`, { clients: clientFacts }, openGround, options);
}

export interface FactTitle {
  readonly title: string;
  /** Its row in docs/COMPATIBILITY.md, where it differs. */
  readonly row?: string;
}

/** Every fact, in the order of the groups. */
export function listFacts(): FactTitle[] {
  const titles: FactTitle[] = [];
  const note = (row: string, title: string): void => void titles.push({ title, row });
  for (const write of [...Object.values(groups), clientFacts]) {
    write({ fact: (title) => void titles.push({ title }), differs: note, beyond: note });
  }
  return titles;
}

function runFacts(
  title: string,
  groups: Readonly<Record<string, (facts: Facts) => void>>,
  openGround: OpenGround,
  { isChroma = false, isOfficialClient = false, isConcurrent = false }: SuiteOptions,
): void {
  const run = (check: Check) => async (): Promise<void> => {
    await using place = await Place.open(openGround);
    await check(place);
  };
  const isTheirs = (id: string): boolean => isChroma || (isOfficialClient && clientRows.has(id));
  const facts: Facts = {
    fact: (fact, check) => test(fact, run(check)),
    differs: (id, fact, check) =>
      test(`${fact} (${id})`, isTheirs(id) ? () => assertNotHeld(run(check)) : run(check)),
    // What they keep by chance can neither hold nor fail there.
    beyond: (id, fact, check) => {
      if (!isTheirs(id)) test(`${fact} (${id})`, run(check));
    },
  };
  describe(title, { concurrent: isConcurrent, timeout: FACT_TIMEOUT_MS }, () => {
    for (const [group, write] of Object.entries(groups)) describe(group, () => write(facts));
  });
}
