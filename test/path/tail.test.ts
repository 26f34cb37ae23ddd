// The end of the data file comes down to about twice what is used, wherever things lie, and at rest nothing is written.

import { expect, test } from "vitest";
import { BLOCK_BYTES } from "../../worker/data/extent.ts";
import { ROOT_BLOCKS } from "../../worker/data/root.ts";
import type { CollectionImages } from "../../worker/path/images.ts";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import type { Path } from "../../worker/path/path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { idleHost } from "./idle-host.ts";

const SEEDS = Number(process.env["SEEDS"] ?? (process.env["CHROMALITE_FULL"] ? 200 : 20));
const limits = { logBytesMax: 64 * 1024, stagedBytesMin: 8 * 1024, freeBlocksMin: 32, reserveBlocks: 4 };
/** A quarter of `freeBlocksMin`, as a MiB is at the sizes of `pathLimits`: half of it for the reserve. */
const SLACK_BLOCKS = 8;

/** Blocks in use by what the root of a path at rest leads to; manifests of a few collections take one block each. */
function usedBlocks(path: Path, ids: Iterable<string>): number {
  const extents = [...ids].flatMap((id) => path.collection(id)!.extents());
  return ROOT_BLOCKS + 2 + extents.reduce((sum, [, blocks]) => sum + blocks, 0);
}

function expectTight(path: Path, ids: Iterable<string>, storage: FaultyStorage): void {
  const blocks = storage.file("data").size() / BLOCK_BYTES;
  expect(blocks).toBeLessThanOrEqual(2 * usedBlocks(path, ids) + SLACK_BLOCKS);
}

async function settle(path: Path): Promise<number> {
  let rounds = 0;
  for (; path.wantsCheckpoint; rounds++) {
    expect(rounds).toBeLessThan(50);
    await path.checkpoint();
  }
  return rounds;
}

/** Closes a path; returns what a machine finds after that. */
async function close(path: Path, storage: FaultyStorage): Promise<Disk> {
  for (const name of pathFiles) await storage.file(name).flush();
  const disk = storage.crash();
  await path.close();
  return disk;
}

test("whatever is deleted, the file comes to about twice what is used, and three idle openings write nothing", async () => {
  let roundsMax = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new SeededRandom(seed);
    const storage = new FaultyStorage({ seed, files: pathFiles });
    const { path } = await openPath(storage, idleHost, null, limits);
    const model = new Map<string, Uint8Array>();
    const blocksMax = random.pick([4, 40, 400]);
    for (let step = 0; step < 60; step++) {
      const id = `c${step}`;
      const bytes = new Uint8Array((1 + random.below(blocksMax)) * BLOCK_BYTES).fill(step + 1);
      await path.append([{ creates: [id] }]);
      await path.append([{ collection: id, parts: { vectors: bytes } }]);
      model.set(id, bytes);
      if (random.chance(0.3)) await path.checkpoint();
    }
    await settle(path);
    for (const share of [0.4, 0.6, 0.9]) {
      for (const id of model.keys()) {
        if (!random.chance(share)) continue;
        await path.append([{ deletes: [id] }]);
        model.delete(id);
      }
      roundsMax = Math.max(roundsMax, await settle(path));
      expectTight(path, model.keys(), storage);
    }
    let disk = await close(path, storage);
    for (let opening = 0; opening < 3; opening++) {
      const next = new FaultyStorage({ seed, files: pathFiles, disk });
      const opened = await openPath(next, idleHost, null, limits);
      expect(await settle(opened.path)).toBe(0);
      expectTight(opened.path, model.keys(), next);
      for (const [id, bytes] of model) {
        const read = new Uint8Array(bytes.length);
        opened.path.collection(id)!.streams.vectors.read(read, 0);
        expect(Buffer.compare(read, bytes)).toBe(0);
      }
      disk = await close(opened.path, next);
      // The first may put zeros behind the frames of the log, and cut it.
      const once = opening === 0 ? 1 : 0;
      expect(next.counts.writes).toBeLessThanOrEqual(once);
      expect(next.counts.truncates).toBeLessThanOrEqual(once);
    }
  }
  console.info(`${SEEDS} seeds, ${roundsMax} checkpoints at most until nothing was left to do`);
}, 300_000);

test("an image that cannot be read stays where it is, and is not tried again and again", async () => {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles });
  let isDue = true;
  const images: CollectionImages = {
    freezeShards: () => [],
    get isIndexDue() {
      return isDue;
    },
    exportIndex: () => (isDue ? [new Uint8Array(10 * BLOCK_BYTES).fill(7)] : undefined),
    verdict: undefined,
    deadBytes: 0,
    liveBytes: 0,
    liveRanges: () => Promise.reject(new Error("nothing is to be packed")),
    committed: () => (isDue = false),
  };
  const host = { ...idleHost, images: (id: string) => (id === "high" ? images : undefined) };
  const { path } = await openPath(storage, host, null, limits);
  await path.append([{ creates: ["low"] }]);
  await path.append([{ collection: "low", parts: { vectors: new Uint8Array(300 * BLOCK_BYTES) } }]);
  await path.checkpoint();
  await path.append([{ creates: ["high"] }]);
  await settle(path);
  const [image] = path.collection("high")!.index;
  storage.file("data").write(Uint8Array.of(8), image![0] * BLOCK_BYTES);
  await path.append([{ deletes: ["low"] }]);
  await settle(path);
  expect(path.collection("high")!.index).toEqual([image]);
  expect(storage.file("data").size()).toBeGreaterThan(image![0] * BLOCK_BYTES);
});
