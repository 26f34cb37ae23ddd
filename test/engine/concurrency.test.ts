// Many calls at once over a storage whose flush takes its time, as IndexedDB's does, while checkpoints
// and rotations run between them.

import { expect, test } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";
import { EngineClient, memory } from "./engine-client.ts";
import { readModel } from "./workload.ts";

const limits = {
  logBytesMax: 32 * 1024,
  stagedBytesMin: 8 * 1024,
  deltaBytesMin: 4 * 1024,
  deltaShareMin: 0,
};

/** Flushes that other work overtakes; `flushes` counts them by file. */
function slowFlush(storage: Storage, flushes: Map<string, number>): Storage {
  return wrapFlush(storage, async (file) => {
    flushes.set(file.name, (flushes.get(file.name) ?? 0) + 1);
    await macrotask();
    await macrotask();
    await file.flush();
  });
}

test("hundreds of calls in flight each see whole writes, and all of it is there after reopening", async () => {
  const disk: Disk = new Map();
  const flushes = new Map<string, number>();
  const client = await EngineClient.open(slowFlush(memory(disk), flushes), { limits, idleMs: 0 });
  const ids = await Promise.all(["one", "two", "three"].map((name) => client.createCollection(name)));
  const expected = new Map(ids.map((id) => [id, new Set<string>()]));
  const random = new SeededRandom(11);
  const calls: Promise<unknown>[] = [];
  for (let call = 0; call < 600; call++) {
    const id = random.pick(ids);
    const batch = Array.from({ length: 4 }, (_, i) => `${call}-${i}`);
    for (const record of batch) expected.get(id)!.add(record);
    calls.push(
      client.write("add", id, {
        ids: batch,
        embeddings: batch.map(() => [random.next(), random.next(), random.next(), random.next()]),
        documents: batch.map((record) => `document of ${record} ${"x".repeat(random.below(200))}`),
      }),
    );
    if (call % 5 === 0) {
      // A batch is there whole or not at all, whenever it is read.
      calls.push(client.get(id).then(({ ids: seen }) => expect(seen.length % 4).toBe(0)));
    }
    if (call % 40 === 0) await macrotask();
  }
  await Promise.all(calls);
  await client.close();
  expect(flushes.get("data")).toBeGreaterThan(6);
  // Writes that wait together share a flush.
  expect(flushes.get("log-0")! + flushes.get("log-1")!).toBeLessThan(600);

  const reopened = await EngineClient.open(memory(disk), { limits });
  for (const [id, records] of expected) {
    const found = await reopened.get(id);
    expect(new Set(found.ids)).toEqual(records);
    expect(found.documents!.every((text, i) => text!.startsWith(`document of ${found.ids[i]!} `))).toBe(true);
  }
  await reopened.close();
});

test("a collection that is deleted while its checkpoint runs is gone, and its space comes back", async () => {
  const disk: Disk = new Map();
  const client = await EngineClient.open(slowFlush(memory(disk), new Map()), { limits, idleMs: 0 });
  const sizes: number[] = [];
  for (let round = 0; round < 12; round++) {
    const id = await client.createCollection("brief");
    for (let batch = 0; batch < 8; batch++) {
      const records = Array.from({ length: 40 }, (_, i) => `${batch}-${i}`);
      await client.write("add", id, {
        ids: records,
        embeddings: records.map((_, i) => [i, batch, round, 1]),
        documents: records.map(() => "y".repeat(300)),
      });
      if (batch === 5) for (let turn = 0; turn < round; turn++) await macrotask();
    }
    await client.deleteCollection("brief");
    sizes.push(disk.get("data")!.size);
  }
  expect((await readModel(client)).size).toBe(0);
  await client.close();
  // The texts alone were 1.15 MB; each round's blocks are given back, so that the file holds a round or two
  // beside what is kept for a full disk.
  const kept = 64 * 4096 + 256 * 1024 + limits.logBytesMax * 2;
  expect(Math.max(...sizes)).toBeLessThan((12 * 8 * 40 * 300) / 2 + kept);
  const reopened = await EngineClient.open(memory(disk), { limits });
  expect(await reopened.listCollections()).toEqual([]);
  await reopened.close();
});
