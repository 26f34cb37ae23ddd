// Flushes take time, and checkpoints run behind writes: what is written while a flush or a checkpoint is on its way
// is there at once, and is lost in no crash after it was made durable. Strict and relaxed writes in turns, checkpoints
// of frames and of an image alone.

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import type { CheckpointHost, CollectionImages } from "../../worker/path/images.ts";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import type { Path } from "../../worker/path/path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";
import { idleHost } from "./idle-host.ts";

const limits = { logBytesMax: 16 * 1024, freeBlocksMin: 4, reserveBlocks: 4 };
/** `SEEDS=200 npm test -- test/path/beside` looks further. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["CHROMALITE_FULL"] ? 100 : 2));
const collection = "c";

/** A flush makes durable what was written before it began, and says so some turns of the event loop later. */
function slowFlushes(storage: Storage, random: SeededRandom): Storage {
  return wrapFlush(storage, async (file) => {
    await file.flush();
    for (let turn = random.below(8); turn > 0; turn--) await macrotask();
  });
}

/** Images of a collection without rows, whose index is due whenever that is wanted. */
class IndexOnly {
  isDue = false;

  images(): CollectionImages {
    return {
      isIndexDue: this.isDue,
      exportIndex: () => (this.isDue ? chunks() : undefined),
      freezeShards: () => [],
      verdict: undefined,
      deadBytes: 0,
      liveBytes: 0,
      liveRanges: () => Promise.reject(new Error("nothing is packed here")),
      committed: () => {
        this.isDue = false;
      },
    };
  }
}

function* chunks(): Generator<Uint8Array> {
  for (let chunk = 0; chunk < 10; chunk++) yield new Uint8Array(4096).fill(chunk);
}

/** Each write appends a run of bytes that tells its number. */
function runOf(number: number): Buffer {
  return Buffer.alloc(100 + ((number * 397) % 2900), number % 251);
}

function contents(path: Path): Buffer {
  const stream = path.collection(collection)?.streams.vectors;
  const bytes = Buffer.alloc(stream?.end ?? 0);
  stream?.read(bytes, 0);
  return bytes;
}

class Workload {
  written = 0;
  durable = 0;
  path!: Path;
  readonly index = new IndexOnly();
  readonly storage: FaultyStorage;
  readonly #random: SeededRandom;
  /** Writes that were durable when each storage call was made, and those that were written. */
  readonly durableAt: number[] = [];
  #checkpoint: Promise<void> | undefined;
  #isWriting = false;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.storage = new FaultyStorage({ seed, files: pathFiles, history: true });
  }

  async run(steps: number): Promise<void> {
    const host: CheckpointHost = {
      ...idleHost,
      images: () => this.index.images(),
      pause: () => this.#betweenWrites(),
    };
    const storage = slowFlushes(this.storage, this.#random);
    this.path = (await openPath(storage, host, null, limits)).path;
    await this.path.append([{ creates: [collection] }]);
    this.#note();
    for (let step = 0; step < steps; step++) await this.#step();
    await this.#checkpoint;
  }

  expected(writes: number): Buffer {
    return Buffer.concat(Array.from({ length: writes }, (_, i) => runOf(i + 1)));
  }

  async #step(): Promise<void> {
    if (!this.path.hasRoom) await (this.#checkpoint ?? this.path.checkpoint());
    if (this.#checkpoint === undefined && this.#random.chance(0.25)) {
      this.index.isDue = this.#random.chance(0.5);
      this.#checkpoint = this.path.checkpoint().finally(() => (this.#checkpoint = undefined));
    }
    for (let turn = this.#random.below(3); turn > 0; turn--) await macrotask();
    if (this.#random.chance(0.05)) {
      const written = this.written;
      await this.path.flush();
      this.#note();
      this.durable = Math.max(this.durable, written);
    } else {
      await this.#write(this.#random.chance(0.5) ? "relaxed" : "strict");
    }
    expect(contents(this.path)).toEqual(this.expected(this.written));
  }

  async #write(durability: "strict" | "relaxed"): Promise<void> {
    this.#note();
    const parts = { vectors: runOf(this.written + 1) };
    this.#isWriting = true;
    await this.path.append([{ collection, parts }], durability);
    this.#isWriting = false;
    this.#note();
    this.written++;
    if (durability === "strict") this.durable = this.written;
  }

  async #betweenWrites(): Promise<void> {
    do await macrotask();
    while (this.#isWriting);
  }

  #note(): void {
    while (this.durableAt.length < this.storage.calls) this.durableAt.push(this.durable);
  }
}

async function keptAfter(disk: Disk, workload: Workload): Promise<number> {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles, disk });
  const { path, damage } = await openPath(storage, idleHost, null, limits);
  if (damage !== undefined) throw damage;
  const found = contents(path);
  for (let writes = 0; writes <= workload.written; writes++) {
    if (isDeepStrictEqual(found, workload.expected(writes))) return writes;
  }
  throw new Error(`${found.length} bytes are left that no number of writes made`);
}

test("what is written beside flushes and checkpoints is there, and stays once it was made durable", async () => {
  let stops = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const workload = new Workload(seed);
    await workload.run(60);
    for (let call = 1; call <= workload.durableAt.length; call++) {
      const kept = await keptAfter(workload.storage.crash({ call, seed: call }), workload);
      expect(kept).toBeGreaterThanOrEqual(workload.durableAt[call - 1]!);
      stops++;
    }
  }
  console.info(`path, beside flushes: ${stops} stop points`);
  expect(stops).toBeGreaterThan(50 * SEEDS);
}, 3_600_000);

test("a checkpoint of an image alone does not free frames that were written beside it", async () => {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles });
  const index = new IndexOnly();
  let written = 0;
  let isBeside = false;
  const write = async (): Promise<void> => {
    await path.append([{ collection, parts: { vectors: new Uint8Array(1000).fill(++written) } }]);
  };
  const pause = async (): Promise<void> => {
    if (isBeside) for (let i = 0; i < 2; i++) await write();
  };
  const { path } = await openPath(
    storage,
    { ...idleHost, images: () => index.images(), pause },
    null,
    limits,
  );
  await path.append([{ creates: [collection] }]);
  await write();
  await path.checkpoint();
  // From here on the log is empty, and fills while the image is written.
  index.isDue = true;
  isBeside = true;
  await path.checkpoint();
  isBeside = false;
  expect(written).toBeGreaterThan(16);
  for (let i = 0; i < 12; i++) {
    if (!path.hasRoom) await path.checkpoint();
    await write();
  }
  const expected = Buffer.concat(Array.from({ length: written }, (_, i) => Buffer.alloc(1000, i + 1)));
  expect(contents(path)).toEqual(expected);
});
