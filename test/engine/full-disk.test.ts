// A full disk loses nothing: a write that does not fit is refused whole, deletes go through, and what
// they free is there for the next write.

import { expect, test } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { idleHost } from "../path/idle-host.ts";
import { sparseDisk } from "../storage/sparse-disk.ts";
import { EngineClient, memory } from "./engine-client.ts";
import { applyToModel, type Model } from "./model.ts";
import { smallLimits } from "./small-limits.ts";
import { drawWrite, isSameModel, readModel, runWrite } from "./workload.ts";

const CAPACITY = 6 * 2 ** 20;
const DIMENSION = 256;

function records(from: number, count: number) {
  const random = new SeededRandom(from + 1);
  const ids = Array.from({ length: count }, (_, i) => `id-${from + i}`);
  return {
    ids,
    embeddings: ids.map(() => Array.from({ length: DIMENSION }, () => Math.fround(random.next()))),
    documents: ids.map(documentOf),
  };
}

function documentOf(id: string): string {
  return `${id} ${"text ".repeat(60)}`;
}

/** The numbers below `count`, in an order that is always the same. */
function shuffled(count: number): number[] {
  const random = new SeededRandom(count);
  const numbers = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  return numbers;
}

/** Adds until the disk is full; how many records were acknowledged. */
async function fillUp(client: EngineClient, id: string, from = 0, batch = 10): Promise<number> {
  let next = from;
  for (; next < from + 20_000; next += batch) {
    try {
      await client.write("add", id, records(next, batch));
    } catch (error) {
      expect(error).toMatchObject({ code: "storage-full" });
      return next - from;
    }
  }
  throw new Error("the disk never became full");
}

/** Deletes records by their numbers, a hundred a call. */
async function deleteInCalls(client: EngineClient, id: string, numbers: readonly number[]): Promise<void> {
  for (let at = 0; at < numbers.length; at += 100) {
    await client.delete(id, { ids: numbers.slice(at, at + 100).map((i) => `id-${i}`) });
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) await macrotask();
}

function fullStorage(options: { disk?: ReturnType<FaultyStorage["crash"]>; capacityBytes?: number } = {}) {
  return new FaultyStorage({ seed: 5, files: pathFiles, capacityBytes: CAPACITY, ...options });
}

test.each([
  ["at once", async () => {}],
  ["after a checkpoint was tried", settle],
])(
  "on a full disk deleting a collection works %s, and then writing does",
  async (_, wait) => {
    const storage = fullStorage();
    const client = await EngineClient.open(storage, { idleMs: 0 });
    const first = await client.createCollection("first");
    const kept = await client.createCollection("kept");
    await client.write("add", kept, records(0, 50));
    const filled = await fillUp(client, first);
    expect(filled).toBeGreaterThan(500);
    await wait();
    expect(await client.count(first)).toBe(filled);
    expect((await client.query(kept, [records(7, 1).embeddings[0]!], { n_results: 1 })).ids.length).toBe(1);
    await client.deleteCollection("first");
    expect((await client.listCollections()).map(({ name }) => name)).toEqual(["kept"]);
    const second = await client.createCollection("second");
    expect(await fillUp(client, second, 0, 50)).toBeGreaterThan(filled / 3);
    await client.close();
    const reopened = await EngineClient.open(fullStorage({ disk: storage.crash() }));
    expect(await reopened.count(kept)).toBe(50);
    expect((await reopened.get(kept)).documents).toEqual(records(0, 50).documents);
    await reopened.close();
  },
  120_000,
);

test("on a full disk deleting records works, again and again, and makes room in time", async () => {
  const client = await EngineClient.open(fullStorage(), { idleMs: 0, limits: { deadBytesMin: 64 * 1024 } });
  const id = await client.createCollection("records");
  const filled = await fillUp(client, id);
  let left = filled;
  for (let from = 0; from + 10 <= filled * 0.8; from += 10) {
    await client.delete(id, { ids: records(from, 10).ids });
    left -= 10;
    if (from % 100 === 0) expect(await client.count(id)).toBe(left);
  }
  await settle();
  await client.write("add", id, records(100_000, 100));
  expect(await client.count(id)).toBe(left + 100);
  const rest = await client.get(id, { include: ["documents"] });
  expect(rest.documents!.slice(0, -100)).toEqual(records(filled - left, left).documents);
  await client.close();
}, 120_000);

test.each([
  ["half of the records", 6 * 2 ** 20, 10, 0.5],
  ["most of them", 6 * 2 ** 20, 10, 0.8],
  ["half of those of large batches", 12 * 2 ** 20, 200, 0.5],
  ["a quarter of them", 12 * 2 ** 20, 200, 0.25],
])(
  "on a full disk deleting %s here and there makes room for nearly as many, without opening anew",
  async (_, capacityBytes, batch, share) => {
    const storage = fullStorage({ capacityBytes });
    const client = await EngineClient.open(storage);
    const id = await client.createCollection("records");
    const filled = await fillUp(client, id, 0, batch);
    const left = shuffled(filled);
    const gone = left.splice(0, Math.floor(filled * share));
    await deleteInCalls(client, id, gone);
    const added = await fillUp(client, id, 100_000, batch);
    expect(added).toBeGreaterThan(gone.length * 0.75);
    expect(await client.count(id)).toBe(left.length + added);
    await client.close();
    const reopened = await EngineClient.open(fullStorage({ disk: storage.crash(), capacityBytes }));
    const { ids, documents } = await reopened.get(id, { include: ["documents"] });
    left.sort((a, b) => a - b);
    expect(ids.slice(0, left.length)).toEqual(left.map((i) => `id-${i}`));
    expect(documents!.slice(0, left.length)).toEqual(left.map((i) => documentOf(`id-${i}`)));
    expect(ids.slice(left.length)).toEqual(records(100_000, added).ids);
    await reopened.close();
  },
  120_000,
);

test("while room is made for a write reads are answered, and see what was there before it", async () => {
  const capacityBytes = 24 * 2 ** 20;
  const client = await EngineClient.open(fullStorage({ capacityBytes }));
  const id = await client.createCollection("records");
  const filled = await fillUp(client, id, 0, 200);
  const left = shuffled(filled);
  const gone = left.splice(0, Math.floor(filled / 2));
  await deleteInCalls(client, id, gone);
  const between: number[] = [];
  for (let from = 100_000; between.length < 20 && from < 120_000; from += 200) {
    let isAnswered = false;
    const added = client.write("add", id, records(from, 200)).finally(() => (isAnswered = true));
    const before = left.length + from - 100_000;
    between.length = 0;
    while (!isAnswered) {
      const count = await client.count(id);
      if (!isAnswered) between.push(count);
    }
    await added;
    expect(between.every((count) => count === before || count === before + 200)).toBe(true);
  }
  // A write that has room lets none go before it.
  expect(between.length).toBeGreaterThanOrEqual(20);
  await client.close();
}, 120_000);

/** How many records fit beside 70 collections that have nothing to give, and 100 smaller ones. */
async function fillBeside(deleted: number): Promise<number> {
  const client = await EngineClient.open(fullStorage({ capacityBytes: 16 * 2 ** 20 }), { idleMs: 0 });
  for (let i = 0; i < 70; i++) {
    await client.write("add", await client.createCollection(`whole-${i}`), records(0, 60));
  }
  const small: string[] = [];
  for (let i = 0; i < 100; i++) {
    const id = await client.createCollection(`small-${i}`);
    await client.write("add", id, records(0, deleted + 10));
    small.push(id);
  }
  await settle();
  if (deleted > 0) for (const id of small) await client.delete(id, { ids: records(0, deleted).ids });
  await settle();
  const filled = await fillUp(client, await client.createCollection("last"));
  for (const id of small) {
    const { documents } = await client.get(id, { include: ["documents"] });
    expect(documents).toEqual(records(deleted, 10).documents);
  }
  await client.close();
  return filled;
}

test("what was deleted here and there in many small collections is found when the disk is full, behind larger ones", async () => {
  const without = await fillBeside(0);
  expect(await fillBeside(30)).toBeGreaterThan(without * 0.85);
}, 120_000);

test("on a full disk what was deleted in one collection is there for another", async () => {
  const client = await EngineClient.open(fullStorage());
  const [worn, other] = [await client.createCollection("worn"), await client.createCollection("other")];
  await client.write("add", other, records(0, 10));
  const filled = await fillUp(client, worn);
  const gone = shuffled(filled).slice(0, filled / 2);
  await deleteInCalls(client, worn, gone);
  expect(await fillUp(client, other, 50_000)).toBeGreaterThan(gone.length * 0.75);
  await client.close();
}, 120_000);

test.each([
  ["half of the records", 6 * 2 ** 20, 10, 0.5],
  ["half of those of large batches", 12 * 2 ** 20, 200, 0.5],
])(
  "on a disk that counts what was written, not how long files are, deleting %s makes room, too",
  async (_, capacityBytes, batch, share) => {
    const disk = memory();
    const client = await EngineClient.open(sparseDisk(disk, pathFiles, capacityBytes));
    const id = await client.createCollection("records");
    const filled = await fillUp(client, id, 0, batch);
    const left = shuffled(filled);
    const gone = left.splice(0, Math.floor(filled * share));
    await deleteInCalls(client, id, gone);
    const added = await fillUp(client, id, 100_000, batch);
    expect(added).toBeGreaterThan(gone.length * 0.75);
    expect(await client.count(id)).toBe(left.length + added);
    await client.deleteCollection("records");
    const again = await client.createCollection("again");
    expect(await fillUp(client, again, 0, batch)).toBeGreaterThan(filled * 0.75);
    await client.close();
  },
  120_000,
);

test("an index image that found no room is written once there is room", async () => {
  const storage = fullStorage({ capacityBytes: 12 * 2 ** 20 });
  const client = await EngineClient.open(storage, { idleMs: 0 });
  const large = await client.createCollection("large");
  const indexed = await client.createCollection("indexed");
  const chunksOf = async (disk: ReturnType<FaultyStorage["crash"]>): Promise<number> => {
    const { path } = await openPath(fullStorage({ disk }), idleHost, null);
    return path.collection(indexed)!.index.length;
  };
  for (let from = 0; from < 5000; from += 500) await client.write("add", indexed, records(from, 500));
  await fillUp(client, large, 0, 100);
  await settle();
  expect(await client.count(indexed)).toBe(5000);
  await settle();
  expect(await chunksOf(storage.crash())).toBe(0);
  await client.deleteCollection("large");
  expect((await client.query(indexed, [records(7, 1).embeddings[0]!], { n_results: 1 })).ids.length).toBe(1);
  await settle();
  expect(await chunksOf(storage.crash())).toBeGreaterThan(0);
  await client.close();
}, 120_000);

test("writes that wait together are refused one by one: those that fit are kept", async () => {
  const client = await EngineClient.open(fullStorage(), { idleMs: 0 });
  const id = await client.createCollection("group");
  for (let from = 0; from < 2500; from += 500) await client.write("add", id, records(from, 500));
  const before = await client.count(id);
  const outcomes = await Promise.allSettled([
    client.write("add", id, records(50_000, 3000)),
    client.write("add", id, records(60_000, 1)),
    client.delete(id, { ids: ["id-0"] }),
    client.write("add", id, records(70_000, 3000)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "rejected"]);
  expect(await client.count(id)).toBe(before);
  await client.close();
}, 120_000);

test("under a small disk a workload sees whole writes and refusals only, and a crash keeps what was acknowledged", async () => {
  let refused = 0;
  let deletions = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const random = new SeededRandom(seed);
    const capacityBytes = 130_000 + random.below(80_000);
    const storage = fullStorage({ capacityBytes });
    const client = await EngineClient.open(storage, { idleMs: 0, limits: smallLimits });
    let model: Model = new Map();
    for (let step = 0; step < 150; step++) {
      const write = drawWrite(random, model);
      try {
        await runWrite(client, write);
        model = applyToModel(model, write);
        if (write.kind === "drop") deletions++;
      } catch (error) {
        expect(error).toMatchObject({ code: "storage-full" });
        expect(write.kind).not.toBe("drop");
        refused++;
      }
      if (random.chance(0.2)) for (let turn = random.below(40); turn > 0; turn--) await macrotask();
      if (step % 25 === 0) expect(isSameModel(model, await readModel(client))).toBe(true);
    }
    expect(isSameModel(model, await readModel(client))).toBe(true);
    const reopened = await EngineClient.open(fullStorage({ disk: storage.crash({ seed }), capacityBytes }));
    expect(isSameModel(model, await readModel(reopened))).toBe(true);
    await Promise.all([client.close(), reopened.close()]);
  }
  console.info(`small disks: ${refused} writes refused, ${deletions} collections deleted`);
  expect(refused).toBeGreaterThan(20);
  expect(deletions).toBeGreaterThan(50);
}, 120_000);

test("a refusal that rests on a write beside it which then does not fit is thought over", async () => {
  const client = await EngineClient.open(fullStorage());
  const id = await client.createCollection("notes");
  const [tooLarge, ofAnotherDimension] = await Promise.allSettled([
    client.write("add", id, records(0, 8000)),
    client.write("add", id, { ids: ["small"], embeddings: [[1, 2]] }),
  ]);
  expect(tooLarge).toMatchObject({ status: "rejected", reason: { code: "storage-full" } });
  expect(ofAnotherDimension.status).toBe("fulfilled");
  expect((await client.get(id)).ids).toEqual(["small"]);
  await client.close();
});
