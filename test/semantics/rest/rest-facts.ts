// The facts about Chroma's REST API, as tests of one target. Where Chromalite differs on purpose the fact
// names its row of docs/COMPATIBILITY.md and has both answers: on either side the other's is wrong.

import { describe, expect, test } from "vitest";
import type { FactTitle } from "../semantics.ts";
import { Rest, type RestTarget } from "./rest.ts";
import { collectionFacts } from "./facts/collections.ts";
import { endingFacts } from "./facts/endings.ts";
import { filterFacts } from "./facts/filters.ts";
import { forbiddenFacts } from "./facts/forbidden.ts";
import { metadataFacts } from "./facts/metadata.ts";
import { protocolFacts } from "./facts/protocol.ts";
import { readFacts } from "./facts/reads.ts";
import { tenancyFacts } from "./facts/tenancy.ts";
import { writeFacts } from "./facts/writes.ts";

type Check = (rest: Rest) => Promise<void>;

/** What an answer has to be: a text that matches, or a value that is equal. */
type Answer = RegExp | string | readonly unknown[] | Readonly<Record<string, unknown>>;

/** The two answers to one question. */
export interface Difference {
  readonly server: Answer;
  readonly chromalite: Answer;
}

export interface RestFacts {
  readonly fact: (name: string, check: Check) => void;
  /**
   * A question whose answer differs from the server's.
   * @param id  its row in docs/COMPATIBILITY.md
   */
  readonly differs: (
    id: string,
    name: string,
    ask: (rest: Rest) => Promise<unknown>,
    answers: Difference,
  ) => void;
}

type Groups = Readonly<Record<string, (facts: RestFacts) => void>>;

export const restGroups = {
  protocol: protocolFacts,
  "tenants, databases and lists": tenancyFacts,
  collections: collectionFacts,
  writes: writeFacts,
  metadata: metadataFacts,
  filters: filterFacts,
  reads: readFacts,
} satisfies Groups;

/** Facts that leave a real server ended, or unwell. */
export const endingGroups = { "what ends a server": endingFacts } satisfies Groups;

/** Facts of servers that do not allow resets. */
export const forbiddenGroups = { "what is not allowed": forbiddenFacts } satisfies Groups;

/** @param openTarget  an empty place each time */
export function runRestFacts(
  name: string,
  groups: Groups,
  openTarget: () => Promise<RestTarget>,
  { isChroma = false }: { readonly isChroma?: boolean } = {},
): void {
  const run = (check: Check) => async (): Promise<void> => check(new Rest(await openTarget()));
  const facts: RestFacts = {
    fact: (fact, check) => test(fact, run(check)),
    differs: (id, fact, ask, { server, chromalite }) =>
      test(
        `${fact} (${id})`,
        run(async (rest) => {
          const answer = await ask(rest);
          expectAnswer(answer, isChroma ? server : chromalite);
          expect(() => expectAnswer(answer, isChroma ? chromalite : server)).toThrow();
        }),
      ),
  };
  describe(`Chroma's REST API, ${name}`, { timeout: 30_000 }, () => {
    for (const [group, write] of Object.entries(groups)) describe(group, () => write(facts));
  });
}

/** Every fact about the REST API, in the order of the groups. */
export function listRestFacts(): FactTitle[] {
  const titles: FactTitle[] = [];
  for (const write of Object.values({ ...restGroups, ...endingGroups, ...forbiddenGroups })) {
    write({
      fact: (title) => void titles.push({ title }),
      differs: (row, title) => void titles.push({ title, row }),
    });
  }
  return titles;
}

function expectAnswer(answer: unknown, expected: Answer): void {
  if (expected instanceof RegExp) expect(answer).toMatch(expected);
  else expect(answer).toEqual(expected);
}
