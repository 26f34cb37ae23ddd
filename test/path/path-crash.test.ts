// Stops a path at every storage call of a seeded workload, opens what the crash left, and compares
// with what was acknowledged. Works on bytes: the engine's crash test adds rows and vectors.

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { streamNames } from "../../worker/data/manifest.ts";
import type { CheckpointHost } from "../../worker/path/images.ts";
import { type OpenedPath, openPath, pathFiles } from "../../worker/path/open-path.ts";
import type { Write } from "../../worker/path/write.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { idleHost } from "./idle-host.ts";
import { withoutFlush } from "./sabotage.ts";

const limits = { logBytesMax: 16 * 1024, freeBlocksMin: 4, reserveBlocks: 4 };
/** `SEEDS=200 npm test -- test/path` looks further. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["CHROMALITE_FULL"] ? 200 : 4));
const nothing = Buffer.alloc(0);

/** What each collection's streams hold after a number of writes. */
type Model = Map<string, Record<string, Buffer>>;

/** A host that knows records as `model` has them now, and runs `pause` between slices. */
function hostOf(model: () => Model, pause = async (): Promise<void> => {}): CheckpointHost {
  return { ...idleHost, record: (id) => model().get(id)?.["record"]?.toString(), pause };
}

function randomBytes(random: SeededRandom): Uint8Array {
  const length = random.chance(0.1) ? 66_000 + random.below(9000) : 1 + random.below(900);
  return Uint8Array.from({ length }, () => random.below(256));
}

function drawWrite(random: SeededRandom, model: Model, step: number): Write {
  const ids = [...model.keys()];
  if (ids.length === 0 || random.chance(0.08)) return { creates: [`c${step}`] };
  const collection = random.pick(ids);
  if (random.chance(0.06)) return { deletes: [collection] };
  const catalog = random.chance(0.3) ? { id: collection, record: `as of ${step}` } : undefined;
  const parts: Record<string, Uint8Array> = {};
  for (const name of streamNames) if (random.chance(0.7)) parts[name] = randomBytes(random);
  return { collection, parts, ...(catalog ? { catalog } : {}) };
}

function applied(model: Model, write: Write): Model {
  const next: Model = new Map(model);
  for (const id of write.creates ?? [])
    next.set(id, { vectors: nothing, texts: nothing, delta: nothing, record: nothing });
  for (const id of write.deletes ?? []) next.delete(id);
  if (write.collection !== undefined) {
    const streams = { ...next.get(write.collection)! };
    for (const [name, bytes] of Object.entries(write.parts ?? {})) {
      streams[name] = Buffer.concat([streams[name]!, bytes]);
    }
    if (write.catalog !== undefined) {
      streams["record"] = Buffer.from((write.catalog as { record: string }).record);
    }
    next.set(write.collection, streams);
  }
  return next;
}

function contents({ path, records, changes }: OpenedPath, ids: Iterable<string>): Model {
  const model: Model = new Map();
  for (const id of ids) {
    const store = path.collection(id);
    if (store === undefined) continue;
    const streams: Record<string, Buffer> = {};
    for (const name of streamNames) {
      streams[name] = Buffer.alloc(store.streams[name].end);
      store.streams[name].read(streams[name], 0);
    }
    const changed = changes.filter((change) => (change as { id: string }).id === id).at(-1);
    const record = (changed as { record: string } | undefined)?.record ?? records.get(id) ?? "";
    streams["record"] = Buffer.from(record as string);
    model.set(id, streams);
  }
  return model;
}

interface Run {
  /** Before and after each write: models[n] after n acknowledged writes. */
  readonly models: Model[];
  readonly storage: FaultyStorage;
  /** Acknowledged writes when each storage call was made. */
  readonly acknowledgedAt: number[];
}

/** Opens `disk` and runs a workload over it. */
async function run(
  seed: number,
  disk: Disk | undefined,
  start: Model,
  steps: number,
  sabotage: (storage: Storage) => Storage = (storage) => storage,
): Promise<Run> {
  const random = new SeededRandom(seed);
  const storage = new FaultyStorage({ seed, files: pathFiles, history: true, ...(disk ? { disk } : {}) });
  const models = [start];
  const acknowledgedAt: number[] = [];
  const note = (): void => {
    while (acknowledgedAt.length < storage.calls) acknowledgedAt.push(models.length - 1);
  };
  const write = async (): Promise<void> => {
    note();
    const drawn = drawWrite(random, models.at(-1)!, models.length + seed * 1000);
    await path.append([drawn]);
    note();
    models.push(applied(models.at(-1)!, drawn));
  };
  // Writes come in between the slices of a checkpoint, as long as the log has room.
  const pause = async (): Promise<void> => {
    if (path.hasRoom && random.chance(0.3)) await write();
  };
  const host = hostOf(() => models.at(-1)!, pause);
  const { path } = await openPath(sabotage(storage), host, null, limits);
  note();
  for (let step = 0; step < steps; step++) {
    if (!path.hasRoom || random.chance(0.07)) await path.checkpoint();
    await write();
  }
  return { models, storage, acknowledgedAt };
}

/** Ids that any model of the run knew. */
function knownIds(models: readonly Model[]): Set<string> {
  return new Set(models.flatMap((model) => [...model.keys()]));
}

/** Opens what a crash left and returns how many of the run's writes are there. */
async function recover(disk: Disk, models: readonly Model[], acknowledged: number): Promise<number> {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles, disk });
  const opened = await openPath(
    storage,
    hostOf(() => new Map()),
    null,
    limits,
  );
  const found = contents(opened, knownIds(models));
  for (const writes of [acknowledged, acknowledged + 1]) {
    const model = models[writes];
    if (model !== undefined && isDeepStrictEqual(model, found)) return writes;
  }
  throw new Error(`after ${acknowledged} acknowledged writes the path holds neither them nor one more`);
}

test("a crash in any storage call loses no acknowledged write and keeps no half of one", async () => {
  let stops = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { models, storage, acknowledgedAt } = await run(seed, undefined, new Map(), 60);
    for (let call = 1; call <= storage.calls; call++) {
      const acknowledged = acknowledgedAt[call - 1]!;
      await recover(storage.crash({ call, seed: call }), models, acknowledged);
      stops++;
    }
  }
  console.info(`path: ${stops} stop points`);
  expect(stops).toBeGreaterThan(100 * SEEDS);
}, 600_000);

test("writing goes on after a recovery, and a crash of that run or of the recovery itself loses nothing", async () => {
  let stops = 0;
  const first = await run(5, undefined, new Map(), 40);
  for (let call = 1; call <= first.storage.calls; call += 6) {
    const disk = first.storage.crash({ call, seed: call });
    const kept = await recover(disk, first.models, first.acknowledgedAt[call - 1]!);
    const second = await run(call, disk, first.models[kept]!, 8);
    for (let again = 1; again <= second.storage.calls; again += 3) {
      const acknowledged = second.acknowledgedAt[again - 1]!;
      await recover(second.storage.crash({ call: again, seed: again }), second.models, acknowledged);
      stops++;
    }
  }
  expect(stops).toBeGreaterThan(150);
}, 600_000);

/** How many stop points of a sabotaged run end in loss or damage. */
async function brokenStops(seed: number, sabotage: (storage: Storage) => Storage): Promise<number> {
  const { models, storage, acknowledgedAt } = await run(seed, undefined, new Map(), 60, sabotage);
  let broken = 0;
  for (let call = 1; call <= storage.calls; call++) {
    const recovery = recover(storage.crash({ call, seed: call }), models, acknowledgedAt[call - 1]!);
    await recovery.catch(() => broken++);
  }
  return broken;
}

// The data file is flushed twice when a path is created and twice at each checkpoint, before the root
// and after it. A staged part's flush shifts the count, so which one is skipped changes on the way.
test.each<[string, (file: string, nth: number) => boolean]>([
  ["the log is not flushed", (file) => file.startsWith("log")],
  ["the data is not flushed before the root", (file, nth) => file === "data" && nth % 2 === 1],
  ["the root is not flushed", (file, nth) => file === "data" && nth % 2 === 0],
])(
  "the crash test finds it when %s",
  async (_, isSkipped) => {
    let broken = 0;
    for (const seed of [1, 2, 3])
      broken += await brokenStops(seed, (storage) => withoutFlush(storage, isSkipped));
    expect(broken).toBeGreaterThan(0);
  },
  60_000,
);
