// Space of what was deleted and replaced comes back, behind the requests, and what is left is unharmed.

import { expect, test } from "vitest";
import { BLOCK_BYTES } from "../../worker/data/extent.ts";
import { ROOT_BLOCKS } from "../../worker/data/root.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { openPath } from "../../worker/path/open-path.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { idleHost } from "../path/idle-host.ts";
import { EngineClient, memory, unpack } from "./engine-client.ts";

const DIMENSION = 64;
const RECORDS = 4000;
const limits = { deadBytesMin: 64 * 1024, freeBlocksMin: 16 };

const idOf = (i: number): string => `id-${i}`;

function records(from: number, count: number, round: number) {
  const random = new SeededRandom(from * 31 + round);
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  return {
    ids: numbers.map(idOf),
    embeddings: numbers.map(() => Array.from({ length: DIMENSION }, () => Math.fround(random.next()))),
    documents: numbers.map((i) => `round ${round}, record ${i}: ${"text ".repeat(40)}`),
    metadatas: numbers.map((i) => ({ round, half: i % 2 })),
  };
}

async function fill(client: EngineClient, id: string, round: number): Promise<void> {
  for (let from = 0; from < RECORDS; from += 500) {
    await client.write("upsert", id, records(from, 500, round));
  }
}

/** Turns until checkpoints have nothing left to do. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4000; turn++) await macrotask();
}

function dataBytes(disk: Disk): number {
  return disk.get("data")!.size;
}

/** Every record that there should be is there with its vector and text, by get and by query. */
async function expectRecords(
  client: EngineClient,
  id: string,
  round: number,
  isThere: (i: number) => boolean,
) {
  const { ids, documents, embeddings } = await client.get(id, { include: ["documents", "embeddings"] });
  const wanted = Array.from({ length: RECORDS }, (_, i) => i).filter(isThere);
  expect(ids).toEqual(wanted.map(idOf));
  const vectors = unpack(embeddings!);
  for (let from = 0; from < RECORDS; from += 500) {
    const block = records(from, 500, round);
    block.ids.forEach((blockId, i) => {
      if (!isThere(from + i)) return;
      const at = wanted.indexOf(from + i);
      expect(documents![at]).toBe(block.documents[i]);
      expect(vectors[at]).toEqual(block.embeddings[i]);
      expect(ids[at]).toBe(blockId);
    });
  }
  const probe = wanted[wanted.length >>> 1]!;
  const vector = records(Math.floor(probe / 500) * 500, 500, round).embeddings[probe % 500]!;
  const found = await client.query(id, [vector], { n_results: 1, where_document: { $contains: "text" } });
  expect(found.ids).toEqual([[idOf(probe)]]);
}

test("records updated again and again take the space of a few, and a reopened engine has the last", async () => {
  const disk: Disk = new Map();
  let client = await EngineClient.open(memory(disk), { idleMs: 0, limits });
  const id = await client.createCollection("updated");
  await fill(client, id, 0);
  await settle();
  const once = dataBytes(disk);
  const sizes: number[] = [];
  for (let round = 1; round <= 10; round++) {
    await fill(client, id, round);
    await settle();
    sizes.push(dataBytes(disk) / once);
  }
  console.info(
    `file after each round of updates, of once: ${sizes.map((size) => size.toFixed(1)).join(" ")}`,
  );
  expect(Math.max(...sizes)).toBeLessThan(4);
  await expectRecords(client, id, 10, () => true);
  await client.close();
  client = await EngineClient.open(memory(disk), { idleMs: 0, limits });
  await expectRecords(client, id, 10, () => true);
  await client.close();
}, 120_000);

test("records updated without a pause, past the log, do not wait for it to fill until their space comes back", async () => {
  const disk: Disk = new Map();
  const pressing = { ...limits, pressingBytesMin: 2 ** 20 };
  const client = await EngineClient.open(memory(disk), { idleMs: 2 ** 30, limits: pressing });
  const id = await client.createCollection("never-idle");
  await fill(client, id, 0);
  const once = dataBytes(disk);
  const sizes: number[] = [];
  for (let round = 1; round <= 12; round++) {
    await fill(client, id, round);
    for (let turn = 0; turn < 60; turn++) await macrotask();
    sizes.push(dataBytes(disk) / once);
  }
  console.info(`file after each round, of once: ${sizes.map((size) => size.toFixed(1)).join(" ")}`);
  // It would be ten times.
  expect(Math.max(...sizes)).toBeLessThan(7);
  await expectRecords(client, id, 12, () => true);
  await client.close();
}, 120_000);

test("deleting every other record, then nearly all, gives the space back to the disk", async () => {
  const disk: Disk = new Map();
  let client = await EngineClient.open(memory(disk), { idleMs: 0, limits });
  const id = await client.createCollection("deleted");
  await fill(client, id, 0);
  await settle();
  const full = dataBytes(disk);
  await client.delete(id, { where: { half: 1 } });
  await settle();
  await expectRecords(client, id, 0, (i) => i % 2 === 0);
  const rest = Array.from({ length: RECORDS / 2 - 40 }, (_, i) => idOf(2 * i));
  await client.delete(id, { ids: rest });
  await settle();
  expect(dataBytes(disk)).toBeLessThan(full / 5);
  const isThere = (i: number): boolean => i % 2 === 0 && !rest.includes(idOf(i));
  await expectRecords(client, id, 0, isThere);
  await client.close();
  client = await EngineClient.open(memory(disk), { idleMs: 0, limits });
  await expectRecords(client, id, 0, isThere);
  // Writing goes on where packed pieces are.
  await client.write("upsert", id, records(0, 500, 9));
  expect(await client.count(id)).toBe(500 + 40);
  await client.close();
}, 120_000);

test("collections and databases that are deleted give their space back, though others were written after them", async () => {
  const disk: Disk = new Map();
  const client = await EngineClient.open(memory(disk), { idleMs: 0, limits });
  const kept = await client.createCollection("kept-low");
  await client.write("add", kept, records(0, 100, 0));
  for (const name of ["first", "second", "third"]) {
    await fill(client, await client.createCollection(name), 0);
    await settle();
  }
  const last = await client.createCollection("kept-high");
  await client.write("add", last, records(0, 100, 1));
  await settle();
  const full = dataBytes(disk);
  for (const name of ["first", "second", "third"]) await client.deleteCollection(name);
  await settle();
  expect(dataBytes(disk)).toBeLessThan(full / 8);
  for (const [id, round] of [
    [kept, 0],
    [last, 1],
  ] as const) {
    const { documents } = await client.get(id, { include: ["documents"] });
    expect(documents).toEqual(records(0, 100, round).documents);
  }
  await client.close();
}, 120_000);

/** Bytes of the data file that the newest root leads to. */
async function usedBytes(disk: Disk): Promise<number> {
  const { path, records } = await openPath(memory(disk), idleHost, null);
  const extents = [...records.keys()].flatMap((id) => path.collection(id)!.extents());
  await path.close();
  return BLOCK_BYTES * (ROOT_BLOCKS + 2 + extents.reduce((sum, [, blocks]) => sum + blocks, 0));
}

async function expectTight(disk: Disk): Promise<void> {
  const used = await usedBytes(disk);
  expect(dataBytes(disk)).toBeLessThanOrEqual(2 * used + 2 ** 20);
}

test.each(process.env["CHROMALITE_FULL"] ? [1, 3] : [3])(
  "an image at the end of the file does not keep what is free below it (seed %i)",
  async (seed) => {
    const random = new SeededRandom(seed);
    const disk: Disk = new Map();
    let client = await EngineClient.open(memory(disk), { idleMs: 0 });
    const id = await client.createCollection("long");
    const other = await client.createCollection("other");
    for (let round = 0; round < 10; round++) {
      await fill(client, id, round);
      await client.write("upsert", other, records(0, 100 + random.below(200), round));
      if (random.chance(0.5)) await settle();
    }
    await settle();
    await expectTight(disk);
    const first = random.below(RECORDS / 4);
    const isThere = (i: number): boolean => i < first || i >= first + RECORDS / 2;
    const gone = Array.from({ length: RECORDS }, (_, i) => i).filter((i) => !isThere(i));
    await client.delete(id, { ids: gone.map(idOf) });
    await settle();
    await client.close();
    for (let opening = 0; opening < 3; opening++) {
      client = await EngineClient.open(memory(disk), { idleMs: 0 });
      await expectRecords(client, id, 9, isThere);
      await settle();
      await client.close();
      await expectTight(disk);
    }
  },
  120_000,
);
