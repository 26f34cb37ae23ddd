// What no record has any more takes memory for a while only, and costs an opening nothing: records may be updated
// for ever, in a session that never ends and in many. `CHROMALITE_FULL=1` writes a million vectors of 384 numbers.

import { expect, test } from "vitest";
import { type EngineStorageInfo, storageInfoOperation } from "../../src/protocol/storage-info.ts";
import { CountingStorage } from "../../bench/written/counting-storage.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { graphSlotsMin } from "../../worker/vectors/planner.ts";
import { EngineClient, memory, unpack } from "./engine-client.ts";

const isFull = process.env["CHROMALITE_FULL"] !== undefined;
const DIMENSION = isFull ? 384 : 48;
const ROUNDS = isFull ? 1000 : 40;
const INDEXING_STATUS =
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/indexing_status";
const limits = { logBytesMax: 2 ** 20, deadBytesMin: 64 * 1024, freeBlocksMin: 16 };

const idOf = (i: number): string => `id-${i}`;

function vectorOf(i: number, round: number): number[] {
  const random = new SeededRandom(i * 1009 + round);
  return Array.from({ length: DIMENSION }, () => Math.fround(random.next() - 0.5));
}

function records(from: number, count: number, round: number) {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  return {
    ids: numbers.map(idOf),
    embeddings: numbers.map((i) => vectorOf(i, round)),
    documents: numbers.map((i) => `round ${round} of record ${i}`),
    metadatas: numbers.map((i) => ({
      round,
      third: i % 3,
      odd: i % 2 === 1,
      name: `name ${i}`,
      list: [i % 5],
    })),
  };
}

async function fill(client: EngineClient, id: string, count: number, round: number): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    await client.write("upsert", id, records(from, Math.min(500, count - from), round));
  }
}

async function memoryUsed(client: EngineClient): Promise<number> {
  const { method, route } = storageInfoOperation;
  return ((await client.call(method, route)) as EngineStorageInfo).memoryUsed;
}

/** All records are as the round left them, by get, by filter, by text and by query. */
async function expectRound(client: EngineClient, id: string, count: number, round: number): Promise<void> {
  const { ids, documents, embeddings } = await client.get(id, { include: ["documents", "embeddings"] });
  expect(ids).toEqual(Array.from({ length: count }, (_, i) => idOf(i)));
  const vectors = unpack(embeddings!);
  for (let i = 0; i < count; i += 97) {
    expect(vectors[i]).toEqual(vectorOf(i, round));
    expect(documents![i]).toBe(`round ${round} of record ${i}`);
    const found = await client.query(id, [vectorOf(i, round)], { n_results: 1 });
    expect(found.ids).toEqual([[idOf(i)]]);
  }
  for (const [where, isWanted] of [
    [{ third: 1 }, (i: number) => i % 3 === 1],
    [{ odd: true }, (i: number) => i % 2 === 1],
    [{ name: "name 8" }, (i: number) => i === 8],
    [{ list: { $contains: 2 } }, (i: number) => i % 5 === 2],
    [{ round: { $lt: round } }, () => false],
  ] as const) {
    expect((await client.get(id, { where, include: [] })).ids).toEqual(ids.filter((_, i) => isWanted(i)));
  }
  const text = { where_document: { $contains: `round ${round} of record 1` }, include: [] };
  expect((await client.get(id, text)).ids).toEqual(ids.filter((_, i) => String(i).startsWith("1")));
}

test("records updated for long take the memory of a few, in one session and in many, and an opening reads no more", async () => {
  const disk: Disk = new Map();
  const count = 1000;
  let client = await EngineClient.open(memory(disk), { idleMs: 0, limits });
  const id = await client.createCollection("updated");
  await fill(client, id, count, 0);
  await expectRound(client, id, count, 0);
  const once = await memoryUsed(client);
  const used: number[] = [];
  const reads: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    // Many rounds in one session, then many sessions.
    if (round > ROUNDS - 16 && round % 2 === 0) {
      await client.close();
      const storage = new CountingStorage(pathFiles, disk);
      client = await EngineClient.open(storage, { idleMs: 0, limits });
      expect(await client.count(id)).toBe(count);
      reads.push(storage.read);
    }
    await fill(client, id, count, round);
    used.push(await memoryUsed(client));
    if (round % (ROUNDS / 2) === 0) await expectRound(client, id, count, round);
  }
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  const [peak, last] = [Math.max(...used), used.at(-1)!];
  console.info(
    `${ROUNDS * count} updates of ${count} records: ${mebibytes(once)} MiB of memory before, ${mebibytes(peak)} at most, ` +
      `${mebibytes(last)} at the end; ${mebibytes(Math.max(...reads))} read by an opening`,
  );
  // Twelve slots a record, and two of a renewal; were nothing given up, 40, and the last opening 7 MiB of vectors alone.
  expect(peak).toBeLessThan(14 * once);
  expect(Math.max(...reads)).toBeLessThan(2 * limits.logBytesMax + 4 * count * DIMENSION * 4);
  await client.close();
}, 3_600_000);

test("while an index is renewed, graph and all, answers are what they were, and writes go on", async () => {
  const count = graphSlotsMin + 500;
  const dimension = 8;
  const vector = (random: SeededRandom): number[] =>
    Array.from({ length: dimension }, () => Math.fround(random.next() - 0.5));
  const random = new SeededRandom(11);
  const client = await EngineClient.open(memory(), { idleMs: 0, limits });
  const id = await client.createCollection("renewed");
  const model = new Map<string, { vector: number[]; group: number }>();
  let renewals = 0;
  let slots = 0;
  const upsert = async (ids: readonly string[]): Promise<void> => {
    const rows = ids.map(() => ({ vector: vector(random), group: random.below(5) }));
    ids.forEach((each, i) => model.set(each, rows[i]!));
    await client.write("upsert", id, {
      ids,
      embeddings: rows.map((row) => row.vector),
      metadatas: rows.map(({ group }) => ({ group })),
      documents: ids.map((each, i) => `${each} of ${rows[i]!.group}`),
    });
    const status = (await client.call("get", INDEXING_STATUS, { collection_id: id })) as {
      total_ops: number;
    };
    if (status.total_ops < slots) renewals++;
    slots = status.total_ops;
  };
  for (let from = 0; from < count; from += 500) {
    await upsert(Array.from({ length: Math.min(500, count - from) }, (_, i) => idOf(from + i)));
  }
  for (let step = 0; renewals < 2; step++) {
    const drawn = new Set(Array.from({ length: 400 }, () => idOf(random.below(count))));
    await upsert([...drawn]);
    const deleted = [...model.keys()][random.below(model.size)]!;
    model.delete(deleted);
    await client.delete(id, { ids: [deleted] });
    for (let turn = random.below(60); turn > 0; turn--) await macrotask();
    if (step % 8 > 0) continue;
    const group = random.below(5);
    const isWanted = (each: string): boolean => model.get(each)!.group === group;
    const wanted = [...model.keys()].filter(isWanted);
    const found = await client.get(id, { where: { group }, include: ["embeddings"] });
    expect(found.ids).toEqual(wanted);
    expect(unpack(found.embeddings!)).toEqual(wanted.map((each) => model.get(each)!.vector));
    expect((await client.get(id, { where_document: { $contains: `of ${group}` }, include: [] })).ids).toEqual(
      wanted,
    );
    const own = wanted[random.below(wanted.length)]!;
    const nearest = await client.query(id, [model.get(own)!.vector], { n_results: 1, where: { group } });
    expect(nearest.ids).toEqual([[own]]);
  }
  expect((await client.get(id, { include: [] })).ids).toEqual([...model.keys()]);
  expect(slots).toBeLessThan(2.5 * model.size);
  await client.close();
}, 60_000);
