// The suite must find what is wrong: an engine with a mistake planted is compared with one without.

import { GetResult } from "chromadb";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EphemeralClient, type Collection } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { Coverage } from "./coverage.ts";
import { differences } from "./differences/table.ts";
import { replyOutcome } from "./outcome.ts";
import { type Program, program, STEPS } from "./program.ts";
import { runProgram } from "./run-program.ts";
import { shrink } from "./shrink.ts";
import { inProcess, type Target } from "./target.ts";

type Mistake = (collection: Collection) => void;

/** An engine whose collections have a mistake. */
function mistaken(make: Mistake): Target {
  class MistakenClient extends EphemeralClient {
    override async createCollection(
      ...args: Parameters<EphemeralClient["createCollection"]>
    ): Promise<Collection> {
      const collection = await super.createCollection(...args);
      make(collection);
      return collection;
    }
  }
  const start = (database: string): EphemeralClient =>
    new MistakenClient({ database, worker: inThreadWorker });
  return { ...inProcess, name: "a mistaken engine", start };
}

const mistakes: Record<string, Mistake> = {
  "an offset without effect": (collection) => {
    const get = collection.get.bind(collection);
    Object.assign(collection, { get: (given: object) => get({ ...given, offset: 0 }) });
  },
  "an update without documents": (collection) => {
    const update = collection.update.bind(collection);
    Object.assign(collection, {
      update: ({ documents: _, ...given }: Parameters<typeof update>[0]) => update(given),
    });
  },
  "a query that loses its last neighbour": (collection) => {
    const query = collection.query.bind(collection);
    Object.assign(collection, {
      query: ({ nResults = 10, ...given }: Parameters<typeof query>[0]) =>
        query({ ...given, nResults: Math.max(1, nResults - 1) }),
    });
  },
};

const programs = fc.sample(program, { seed: 1, numRuns: 30 });

test.each(Object.entries(mistakes))(
  "%s is found, and its program shrinks",
  { timeout: 60_000 },
  async (_, make) => {
    const ours = [mistaken(make)];
    const fails = async (steps: Program): Promise<boolean> => {
      const found = await runProgram(steps, { server: inProcess, ours, differences });
      return found.some(({ row }) => row === undefined);
    };
    const failing = await firstOf(programs, fails);
    const smallest = await shrink(failing, fails);
    expect(await fails(smallest)).toBe(true);
    expect(smallest.length).toBeLessThan(8);
  },
);

test("an engine agrees with itself over programs of thirty steps", { timeout: 60_000 }, async () => {
  for (const steps of programs.slice(0, 3)) {
    expect(steps).toHaveLength(STEPS);
    expect(await runProgram(steps, { server: inProcess, ours: [inProcess], differences })).toEqual([]);
  }
});

test("what was done too seldom is named", () => {
  const coverage = new Coverage();
  const where = { $and: [{ n: 1 }, { n: { $gt: 2 } }] };
  for (const ids of [["a"], [], []]) {
    const outcome = replyOutcome(
      new GetResult({ ids, documents: [], embeddings: [], metadatas: [], uris: [], include: [] }),
    );
    coverage.countStep({ call: "get", on: "alpha", with: { where, include: ["uris"] } }, outcome);
  }
  const shortfalls = coverage.shortfalls(30);
  expect(shortfalls).toContain("call query: 0 times, expected 3");
  expect(shortfalls).toContain("where $lt: 0 times, expected 3");
  expect(shortfalls).toContain("replies with a record: 33.3 %");
  for (const done of ["call get:", "where value:", "where $and:", "where $gt:", "include uris:"]) {
    expect(shortfalls.filter((line) => line.startsWith(done))).toEqual([]);
  }
});

async function firstOf(
  all: readonly Program[],
  fails: (steps: Program) => Promise<boolean>,
): Promise<Program> {
  for (const steps of all) if (await fails(steps)) return steps;
  throw new Error("no program fails");
}
