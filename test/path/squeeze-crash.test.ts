// Fills a disk, lets records die here and there, and makes room, with writes in between; stops at every storage
// call, opens what the crash left, and finds every byte that is acknowledged and used.

import { expect, test } from "vitest";
import type { Ranges } from "../../worker/data/packed.ts";
import type { CheckpointHost } from "../../worker/path/images.ts";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import type { Path } from "../../worker/path/path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";

const limits = {
  logBytesMax: 16 * 1024,
  stagedBytesMin: 3000,
  freeBlocksMin: 16,
  reserveBlocks: 8,
  deadBytesMin: 2048,
};
/** `SEEDS=200 npm test -- test/path` looks further. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["CHROMALITE_FULL"] ? 200 : 4));
const CAPACITY = 260_000;
const names = ["first", "second"] as const;
type Name = (typeof names)[number];

/** A stream as it should be: runs of bytes that live and die as one. */
interface Run {
  readonly start: number;
  readonly bytes: Uint8Array;
  isLive: boolean;
}

/** The runs of each collection's vectors stream; each write appends one. */
type Model = Map<Name, Run[]>;

interface State {
  readonly calls: number;
  readonly model: Model;
}

function endOf(runs: readonly Run[]): number {
  const last = runs.at(-1);
  return last === undefined ? 0 : last.start + last.bytes.length;
}

function copyOf(model: Model): Model {
  return new Map([...model].map(([name, runs]) => [name, runs.map((run) => ({ ...run }))]));
}

function rangesOf(runs: readonly Run[]): Ranges {
  const live = runs.filter(({ isLive }) => isLive);
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, bytes } of live) {
    if (ends.at(-1) === start) ends[ends.length - 1] = start + bytes.length;
    else {
      starts.push(start);
      ends.push(start + bytes.length);
    }
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}

const nothing: Ranges = { starts: new Float64Array(), ends: new Float64Array() };

function hostOf(model: Model, pause: () => Promise<void>): CheckpointHost {
  return {
    catalog: () => null,
    record: (id) => id,
    load: async () => {},
    images: (id) => ({
      freezeShards: () => [],
      isIndexDue: false,
      exportIndex: () => undefined,
      verdict: undefined,
      deadBytes: 0,
      liveBytes: model.get(id as Name)!.reduce((sum, run) => sum + (run.isLive ? run.bytes.length : 0), 0),
      liveRanges: async () => ({ vectors: rangesOf(model.get(id as Name)!), texts: nothing }),
      committed: () => {},
    }),
    pause,
  };
}

/** What every storage call could have left: the states before and after each write, by number of calls made. */
async function run(seed: number): Promise<{ storage: FaultyStorage; states: State[]; gained: number }> {
  const random = new SeededRandom(seed);
  const storage = new FaultyStorage({ seed, files: pathFiles, history: true, capacityBytes: CAPACITY });
  const model: Model = new Map(names.map((name) => [name, []]));
  const states: State[] = [];
  const note = (): void => void states.push({ calls: storage.calls, model: copyOf(model) });
  const append = async (path: Path, frees = false): Promise<boolean> => {
    const name = random.pick(names);
    const runs = model.get(name)!;
    const length = 1 + random.below(frees ? 200 : random.chance(0.3) ? 9000 : 900);
    const bytes = Uint8Array.from({ length }, () => 1 + random.below(255));
    try {
      await path.append([{ collection: name, parts: { vectors: bytes }, frees }]);
    } catch (error) {
      expect(error).toMatchObject({ code: "storage-full" });
      return false;
    }
    runs.push({ start: endOf(runs), bytes, isLive: true });
    note();
    return true;
  };
  const die = (): void => {
    for (const runs of model.values()) {
      for (const found of runs) if (random.chance(0.08)) found.isLive = false;
    }
    note();
  };
  const pause = async (): Promise<void> => {
    // What makes room may be written on a full disk, too.
    if (opened.path.hasRoom && random.chance(0.1)) await append(opened.path, random.chance(0.5));
    if (random.chance(0.05)) die();
  };
  const opened = await openPath(storage, hostOf(model, pause), null, limits);
  await opened.path.append([{ creates: names }]);
  let gained = 0;
  for (let round = 0; round < 4; round++) {
    for (let isFull = false; !isFull;) {
      if (!opened.path.hasRoom) await opened.path.checkpoint().catch(() => undefined);
      isFull = !(await append(opened.path));
    }
    for (let deaths = 0; deaths < 6; deaths++) die();
    const before = opened.path.storedBytes;
    await opened.path
      .makeRoom()
      .catch((error: unknown) => expect(error).toMatchObject({ code: "storage-full" }));
    gained += Math.max(0, before - opened.path.storedBytes);
  }
  return { storage, states, gained };
}

async function expectModel(disk: Disk, before: Model, after: Model): Promise<void> {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles, disk });
  const { path } = await openPath(
    storage,
    hostOf(before, async () => {}),
    null,
    limits,
  );
  for (const name of names) {
    const stream = path.collection(name)?.streams.vectors;
    const runs = before.get(name)!;
    const acknowledged = endOf(runs);
    if (stream === undefined) {
      if (acknowledged > 0) throw new Error(`${name} is gone`);
      continue;
    }
    if (![acknowledged, endOf(after.get(name)!)].includes(stream.end)) {
      throw new Error(`${name} ends at ${stream.end}, expected ${acknowledged}`);
    }
    for (const { start, bytes, isLive } of after.get(name)!) {
      if (!isLive || start >= stream.end) continue;
      const found = new Uint8Array(bytes.length);
      stream.read(found, start);
      if (Buffer.compare(found, bytes) !== 0) throw new Error(`${name} differs from byte ${start} on`);
    }
  }
}

test("no stop while a full disk is packed loses a byte that is used", async () => {
  let stops = 0;
  let gained = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const done = await run(seed);
    gained += done.gained;
    let at = 0;
    for (let call = 1; call <= done.storage.calls; call++) {
      while (done.states[at + 1] !== undefined && done.states[at + 1]!.calls < call) at++;
      const before = done.states[at]!;
      if (before.calls >= call) continue;
      const after = done.states[at + 1] ?? before;
      try {
        await expectModel(done.storage.crash({ call, seed: call }), before.model, after.model);
      } catch (cause) {
        throw new Error(`seed ${seed}, call ${call}`, { cause });
      }
      stops++;
    }
  }
  console.info(`full disk: ${stops} stop points, ${gained} bytes given back`);
  expect(stops).toBeGreaterThan(200 * SEEDS);
  expect(gained).toBeGreaterThan(50_000 * SEEDS);
}, 600_000);
