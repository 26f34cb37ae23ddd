// Exports and imports that are given up at any moment while writes go on: each ends with the reason or as a
// whole, and leaves no file, timer or listener behind. `SEED=n` draws other moments.

import { getEventListeners } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Collection, PersistentClient } from "../../src/index.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";

const CANCELS = process.env["CHROMALITE_FULL"] ? 200 : 50;
const SEED = Number(process.env["SEED"] ?? 1);
const RECORDS = 2000;
const REASON = new Error("given up");

const turn = (): Promise<void> => new Promise((resume) => setImmediate(resume));

/** Aborts after so many turns of the event loop, unless `work` is over before. */
async function abortAfter(turns: number, aborting: AbortController, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = (): void => void (isOver = true);
  work.then(over, over);
  for (let left = turns; left > 0 && !isOver; left--) await turn();
  aborting.abort(REASON);
}

/** How many turns of the event loop `work` takes. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  while (!isOver) {
    await turn();
    turns += 1;
  }
  await over;
  return turns;
}

function records(from: number, count: number) {
  const ids = Array.from({ length: count }, (_, i) => `id ${(from + i) % RECORDS}`);
  return {
    ids,
    embeddings: ids.map((_, i) => Array.from({ length: 256 }, (__, j) => Math.sin(from + i + j))),
  };
}

/** Writes until it is told to stop; resolves with how often. */
function writeOn(notes: Collection): () => Promise<number> {
  let isGoingOn = true;
  const writing = (async () => {
    let writes = 0;
    for (; isGoingOn; writes++) await notes.upsert(records(writes * 20, 20));
    return writes;
  })();
  return () => {
    isGoingOn = false;
    return writing;
  };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

test(`${CANCELS} exports and imports are given up while writes go on, and leave nothing`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "chromalite-cancelled-"));
  const optionsOf = (name: string) => ({ path: join(folder, name), worker: inThreadWorker });
  const random = new SeededRandom(SEED);
  const timersBefore = timers();
  const source = new PersistentClient(optionsOf("source"));
  const notes = await source.createCollection({ name: "notes", embeddingFunction: null });
  await notes.add(records(0, RECORDS));
  const archive = await new Response(source.export()).blob();
  const stopWriting = writeOn(notes);

  const exportAll = (signal?: AbortSignal): Promise<Blob> => new Response(source.export({ signal })).blob();
  const importAll = async (name: string, signal?: AbortSignal): Promise<void> => {
    await (await PersistentClient.import(archive, { ...optionsOf(name), signal })).close();
  };
  const exportTurns = await turnsOf(exportAll());
  const importTurns = await turnsOf(importAll("first"));
  const givenUp = { export: 0, import: 0 };

  for (let round = 0; round < CANCELS; round++) {
    const aborting = new AbortController();
    const { signal } = aborting;
    const kind = random.below(2) === 0 ? "export" : "import";
    const name = `target-${round}`;
    const work = kind === "export" ? exportAll(signal) : importAll(name, signal);
    const turns = random.below(kind === "export" ? exportTurns : importTurns);
    const [outcome] = await Promise.allSettled([work, abortAfter(turns, aborting, work)]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    if (outcome.status === "fulfilled") continue;
    expect(outcome.reason).toBe(REASON);
    givenUp[kind] += 1;
    if (kind === "export") continue;
    expect(readdirSync(folder)).not.toContain(name);
    if (round % 20 === 0) await importAll(name);
  }

  expect(await stopWriting()).toBeGreaterThan(CANCELS);
  // That of the engine's next checkpoint. Each export that is never ended would have one for ten minutes; the last one's
  // end may be on its way.
  await expect.poll(timers).toBeLessThanOrEqual(timersBefore + 1);
  // Which ones are over before their moment comes depends on the machine.
  expect(Math.min(...Object.values(givenUp))).toBeGreaterThan(0);
  const include = ["embeddings"] as const;
  const truth = await notes.get({ include: [...include] });
  const last = await PersistentClient.import(source.export(), optionsOf("last"));
  expect(await (await last.getCollection({ name: "notes" })).get({ include: [...include] })).toEqual(truth);
  await Promise.all([source.close(), last.close()]);
  await expect.poll(timers).toBeLessThanOrEqual(timersBefore);
  rmSync(folder, { recursive: true });
}, 600_000);
