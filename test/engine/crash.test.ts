// The promise of durability, at the engine: a machine that stops in any storage call loses no write
// that was acknowledged and keeps no half of one; then it goes on, and is stopped again. Of relaxed writes it may
// lose the last ones, as many as it likes: what it keeps is what there was after one of them.

import { expect, test } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { withoutFlush } from "../path/sabotage.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";
import { EngineClient } from "./engine-client.ts";
import { applyToModel, type Model } from "./model.ts";
import { smallLimits } from "./small-limits.ts";
import { drawWrite, isSameModel, readModel, runWrite } from "./workload.ts";

/** `SEEDS=40 npm test -- test/engine/crash` looks further; `SEED=n` replays one. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["CHROMALITE_FULL"] ? 60 : 4));
const FIRST_SEED = Number(process.env["SEED"] ?? 1);

const options = { limits: smallLimits, idleMs: 0 };

/** Of the seeds, two of four have flushes that take time: other work goes on beside them. */
const isSlow = (seed: number): boolean => seed % 4 >= 2;

/** Every other seed has memory for one collection only: each use of another one closes it and opens that. */
const optionsOf = (seed: number) => (seed % 2 === 0 ? { ...options, memoryLimitBytes: 1 } : options);

interface Run {
  /** models[n]: what must be there after n writes. */
  readonly models: readonly Model[];
  readonly storage: FaultyStorage;
  /** Writes acknowledged when storage call n + 1 was made. */
  readonly acknowledgedAt: readonly number[];
  /** Those of them that may not be lost: up to the last strict one. */
  readonly durableAt: readonly number[];
  readonly checkpoints: number;
  /** Writes refused for want of room. */
  readonly refused: number;
}

async function run(
  seed: number,
  steps: number,
  from: { disk?: Disk; model?: Model; capacityBytes?: number; relaxedShare?: number } = {},
  sabotage: (storage: Storage) => Storage = (storage) => storage,
): Promise<Run> {
  const random = new SeededRandom(seed);
  const { model = new Map(), relaxedShare = 0, ...medium } = from;
  const storage = new FaultyStorage({ seed, files: pathFiles, history: true, ...medium });
  const models: Model[] = [model];
  const acknowledgedAt: number[] = [];
  const durableAt: number[] = [];
  let dataFlushes = 0;
  let refused = 0;
  let durable = 0;
  const note = (): void => {
    while (acknowledgedAt.length < storage.calls) {
      acknowledgedAt.push(models.length - 1);
      durableAt.push(durable);
    }
  };
  const turns = new SeededRandom(seed + 1000);
  const noted = wrapFlush(sabotage(storage), async (file) => {
    await file.flush();
    note();
    if (file.name === "data") dataFlushes++;
    if (isSlow(seed)) for (let turn = turns.below(8); turn > 0; turn--) await macrotask();
  });
  const client = await EngineClient.open(noted, optionsOf(seed));
  for (let step = 0; step < steps; step++) {
    const write = drawWrite(random, models.at(-1)!);
    client.durability = random.next() < relaxedShare ? "relaxed" : "strict";
    const isKept = await runWrite(client, write).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: "storage-full" });
        return false;
      },
    );
    note();
    if (isKept) models.push(applyToModel(models.at(-1)!, write));
    else refused++;
    if (isKept && client.durability === "strict") durable = models.length - 1;
    // A rest lets the checkpoint of an idle engine run, a short one only a slice of it.
    if (random.chance(0.2)) for (let turn = random.below(40); turn > 0; turn--) await macrotask();
  }
  await client.close();
  note();
  const checkpoints = Math.floor(dataFlushes / 2);
  return { models, storage, acknowledgedAt, durableAt, checkpoints, refused };
}

/**
 * Opens what a crash left in a storage call of a run; returns how many writes it holds, all durable ones among them,
 * and one that was under way at most.
 */
async function recover(
  disk: Disk,
  { models, acknowledgedAt, durableAt }: Run,
  call: number,
): Promise<number> {
  const [durable, acknowledged] = [durableAt[call - 1]!, acknowledgedAt[call - 1]!];
  const client = await EngineClient.open(new FaultyStorage({ seed: 1, files: pathFiles, disk }), options);
  try {
    const found = await readModel(client);
    for (let writes = durable; writes <= acknowledged + 1; writes++) {
      const model = models[writes];
      if (model !== undefined && isSameModel(model, found)) return writes;
    }
    throw new Error(
      `of ${durable} durable and ${acknowledged} acknowledged writes the engine holds neither so many nor one more`,
    );
  } finally {
    await client.close();
  }
}

test("no stop in any storage call loses an acknowledged write or shows half of one", async () => {
  let stops = 0;
  let checkpoints = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    const done = await run(seed, 120);
    checkpoints += done.checkpoints;
    for (let call = 1; call <= done.storage.calls; call++) {
      const disk = done.storage.crash({ call, seed: call });
      const kept = await recover(disk, done, call);
      // After each recovery writing goes on, and is stopped again: in the opening or in a write, as the draw has it.
      const next = await run(call, 2, { disk, model: done.models[kept]! });
      stops++;
      // Writes that change nothing are not stored.
      if (next.storage.calls === 0) continue;
      const again = 1 + new SeededRandom(call).below(next.storage.calls);
      const left = next.storage.crash({ call: again, seed: again });
      await recover(left, next, again);
      stops++;
    }
  }
  console.info(`engine: ${stops} stop points over ${checkpoints} checkpoints`);
  expect(stops).toBeGreaterThan(300 * SEEDS);
  expect(checkpoints).toBeGreaterThan(2 * SEEDS);
}, 3_600_000);

test("no stop on a disk that is full, while room is made or a write is refused, loses or shows anything else", async () => {
  let stops = 0;
  let refused = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    const done = await run(seed, 100, { capacityBytes: 110_000 + 8000 * (seed % 8) });
    refused += done.refused;
    for (let call = 1; call <= done.storage.calls; call += 2) {
      const disk = done.storage.crash({ call, seed: call });
      await recover(disk, done, call);
      stops++;
    }
  }
  console.info(`engine: ${stops} stop points on full disks, ${refused} writes refused`);
  expect(stops).toBeGreaterThan(100 * SEEDS);
  expect(refused).toBeGreaterThan(2 * SEEDS);
}, 3_600_000);

test("no stop among relaxed writes loses one before the last strict one, or keeps one without those before it", async () => {
  let stops = 0;
  let lost = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    const done = await run(seed, 120, { relaxedShare: 1 / 3 });
    for (let call = 1; call <= done.storage.calls; call++) {
      const kept = await recover(done.storage.crash({ call, seed: call }), done, call);
      if (kept < done.acknowledgedAt[call - 1]!) lost++;
      stops++;
    }
  }
  console.info(`engine: ${stops} stop points among relaxed writes, ${lost} lost some of them`);
  expect(stops).toBeGreaterThan(150 * SEEDS);
  expect(lost).toBeGreaterThan(SEEDS);
}, 3_600_000);

test("writing goes on after a crash, and a second crash, also inside the recovery, loses nothing", async () => {
  let stops = 0;
  const first = await run(FIRST_SEED + 100, 60);
  for (let call = 3; call <= first.storage.calls; call += 7) {
    const disk = first.storage.crash({ call, seed: call });
    const kept = await recover(disk, first, call);
    const second = await run(call, 12, { disk, model: first.models[kept]! });
    for (let again = 1; again <= second.storage.calls; again += 2) {
      await recover(second.storage.crash({ call: again, seed: again }), second, again);
      stops++;
    }
  }
  console.info(`engine: ${stops} stop points in second runs`);
  expect(stops).toBeGreaterThan(200);
}, 3_600_000);

test.each<[string, (file: string, nth: number) => boolean, relaxedShare?: number]>([
  ["the log is not flushed", (file) => file.startsWith("log")],
  [
    "one of four flushes of the log is left out",
    (file, nth) => file.startsWith("log") && nth % 4 === 0,
    1 / 3,
  ],
  ["the data is not flushed before the root", (file, nth) => file === "data" && nth % 2 === 1],
  ["the root is not flushed", (file, nth) => file === "data" && nth % 2 === 0],
])(
  "the crash test finds it when %s",
  async (_, isSkipped, relaxedShare = 0) => {
    const done = await run(FIRST_SEED, 60, { relaxedShare }, (storage) => withoutFlush(storage, isSkipped));
    let broken = 0;
    for (let call = 1; call <= done.storage.calls && broken === 0; call++) {
      const recovery = recover(done.storage.crash({ call, seed: call }), done, call);
      await recovery.catch(() => broken++);
    }
    expect(broken).toBe(1);
  },
  120_000,
);
