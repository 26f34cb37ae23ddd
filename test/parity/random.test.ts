// Random programs on Chroma's real server and on ours, compared reply by reply. `SEED=n PROGRAMS=n`
// replays a run; what differs is printed as the shortest program that still does.

import { ChromaClient } from "chromadb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ChromaServer,
  chromaServerObstacle,
  startChromaServer,
} from "../chroma-server/chroma-server.ts";
import { type ServedFolder, startChromaliteRun } from "../semantics/chromalite-run.ts";
import { Coverage } from "./coverage.ts";
import { differences } from "./differences/table.ts";
import { type Program, program } from "./program.ts";
import { type Explained, runProgram, type RunOptions } from "./run-program.ts";
import { shrink } from "./shrink.ts";
import { chromaServer, inProcess, chromaliteRun } from "./target.ts";

const programs = Number(process.env["PROGRAMS"] ?? (process.env["CHROMALITE_FULL"] ? 2000 : 60));
const seed = Number(process.env["SEED"] ?? 1);
/** The server keeps some megabytes of memory for each collection until it is reset. */
const PROGRAMS_BETWEEN_RESETS = 25;
/** A program takes some 0.1 s, on a machine that does much else ten times that. */
const timeout = 60_000 + 2000 * programs;

const obstacle = await chromaServerObstacle();
let server: ChromaServer;
let served: ServedFolder;

beforeAll(async () => {
  if (obstacle !== undefined) return;
  server = await startChromaServer();
  served = await startChromaliteRun();
}, 60_000);
afterAll(async () => {
  await served?.stop();
  await server?.stop();
});

const name =
  obstacle === undefined
    ? "random programs are answered as by Chroma's server"
    : `random programs on Chroma's server: ${obstacle}`;

test.skipIf(obstacle !== undefined)(name, { timeout }, async () => {
  const options: RunOptions = {
    server: chromaServer(server.port),
    ours: [inProcess, chromaliteRun(served.port)],
    differences,
  };
  const coverage = new Coverage();
  let failing: { readonly program: Program; readonly number: number } | undefined;
  let run = 0;
  const property = fc.asyncProperty(program, async (steps) => {
    if (run > 0 && run % PROGRAMS_BETWEEN_RESETS === 0) await reset();
    run += 1;
    const found = await runProgram(steps, {
      ...options,
      onStep: (step, outcome) => coverage.countStep(step, outcome),
    });
    for (const { row } of found) if (row !== undefined) coverage.countRow(row);
    if (unexplained(found).length === 0) return;
    failing = { program: steps, number: run };
    throw new Error("server and ours differ");
  });
  const result = await fc.check(property, { seed, numRuns: programs, endOnFailure: true });
  if (failing !== undefined) throw new Error(await report(failing, options));
  // A failure that is none of ours: the server is gone, say.
  if (result.failed) throw result.errorInstance ?? new Error("fast-check failed");
  process.stdout.write(`${programs} programs of seed ${seed}:\n${coverage.toString()}\n`);
  expect(coverage.shortfalls(programs)).toEqual([]);
});

async function reset(): Promise<void> {
  for (const { port } of [server, served]) await new ChromaClient({ port }).reset();
}

function unexplained(found: readonly Explained[]): Explained[] {
  return found.filter(({ row }) => row === undefined);
}

async function report(
  { program, number }: { readonly program: Program; readonly number: number },
  options: RunOptions,
): Promise<string> {
  const smallest = await shrink(
    program,
    async (smaller) => unexplained(await runProgram(smaller, options)).length > 0,
  );
  const found = unexplained(await runProgram(smallest, options));
  return [
    `program ${number} of seed ${seed} differs; SEED=${seed} PROGRAMS=${number} runs it again. In short:`,
    ...smallest.map((step, at) => `${at}. ${fc.stringify(step)}`),
    ...found.map(
      ({ at, target, finding: { path, server, ours } }) =>
        `step ${at}, ${target}, ${path.join("/") || "reply"}: the server has ${fc.stringify(server)}, ours ${fc.stringify(ours)}`,
    ),
  ].join("\n");
}
