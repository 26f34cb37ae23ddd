// Collections open at first use and close under a budget of memory, and nobody can tell but by the clock.

import initSqlJs, { type SqlJsStatic } from "sql.js";
import { expect, test } from "vitest";
import { storageInfoOperation } from "../../src/protocol/storage-info.ts";
import type { EngineStorageInfo } from "../../src/protocol/storage-info.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { HnswModule } from "../../wasm/hnsw.ts";
import { WasmMemory } from "../../wasm/memory.ts";
import { loadHnsw } from "../../worker/load-hnsw.ts";
import { loadRegex } from "../../worker/load-regex.ts";
import { openRecords } from "../../worker/records.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { EngineClient, memory } from "./engine-client.ts";
import { applyToModel, type Model } from "./model.ts";
import { drawWrite, isSameModel, readModel, runWrite } from "./workload.ts";

const DIMENSION = 64;

function records(count: number, from = 0) {
  const random = new SeededRandom(from + 1);
  const ids = Array.from({ length: count }, (_, i) => `id-${from + i}`);
  return {
    ids,
    embeddings: ids.map(() => Array.from({ length: DIMENSION }, () => Math.fround(random.next()))),
    documents: ids.map((id) => `the document of ${id}`),
    metadatas: ids.map((_, i) => ({ group: i % 7 })),
  };
}

async function info(client: EngineClient): Promise<EngineStorageInfo> {
  const { method, route } = storageInfoOperation;
  return (await client.call(method, route)) as EngineStorageInfo;
}

/** sql.js whose open databases are counted. */
async function countingSql(): Promise<{ sql: SqlJsStatic; open: () => number }> {
  const sql = await initSqlJs();
  let open = 0;
  class Database extends sql.Database {
    constructor(data?: ArrayLike<number>) {
      super(data);
      open++;
    }
    override close(): void {
      open--;
      super.close();
    }
  }
  return { sql: { ...sql, Database }, open: () => open };
}

test("under a budget every answer is what it is without one, while writes and checkpoints go on", async () => {
  for (let seed = 1; seed <= 4; seed++) {
    const random = new SeededRandom(seed);
    const limits = {
      logBytesMax: 24 * 1024,
      stagedBytesMin: 8 * 1024,
      deltaBytesMin: 4 * 1024,
      deltaShareMin: 0,
    };
    const client = await EngineClient.open(memory(), { memoryLimitBytes: 1, idleMs: 0, limits });
    let model: Model = new Map();
    for (let step = 0; step < 150; step++) {
      const write = drawWrite(random, model);
      await runWrite(client, write);
      model = applyToModel(model, write);
      if (random.chance(0.2)) for (let turn = random.below(40); turn > 0; turn--) await macrotask();
      if (step % 10 === 0) expect(isSameModel(model, await readModel(client))).toBe(true);
    }
    expect(isSameModel(model, await readModel(client))).toBe(true);
    await client.close();
  }
}, 60_000);

test("what is closed gives its memory back: wasm, databases and figures stay level over many rounds", async () => {
  const { sql, open } = await countingSql();
  const hnsw = await loadHnsw();
  const opened = openRecords({ sql: async () => sql, hnsw: async () => hnsw, regex: () => loadRegex() });
  const client = await EngineClient.open(memory(), {
    memoryLimitBytes: 2 ** 20,
    idleMs: 0,
    records: () => opened,
  });
  const ids: string[] = [];
  for (let i = 0; i < 12; i++) {
    const id = await client.createCollection(`collection-${i}`);
    await client.write("add", id, records(2000));
    ids.push(id);
  }
  const round = async (): Promise<void> => {
    for (const id of ids) {
      const { ids: found } = await client.query(id, [records(1).embeddings[0]!], { n_results: 1 });
      expect(found).toEqual([["id-0"]]);
      const { memoryUsed } = await info(client);
      // One collection of 2,000 takes some 600 kB: two are over the budget.
      expect(memoryUsed).toBeLessThan(2 ** 20);
      expect(memoryUsed).toBeGreaterThan(0);
      expect(open()).toBe(1);
    }
  };
  for (let i = 0; i < 3; i++) await round();
  const before = hnsw.memoryBytes();
  for (let i = 0; i < 8; i++) await round();
  expect(hnsw.memoryBytes()).toBe(before);
  await client.close();
  expect(open()).toBe(0);
}, 60_000);

test("full vectors at hand are given up before a collection is closed", async () => {
  const { sql, open } = await countingSql();
  const opened = openRecords({ sql: async () => sql, hnsw: () => loadHnsw(), regex: () => loadRegex() });
  // Ten of 2,000 x 64: with their full vectors some 9 MB, without some 4.
  const memoryLimitBytes = 6 * 2 ** 20;
  const client = await EngineClient.open(memory(), { memoryLimitBytes, idleMs: 0, records: () => opened });
  const ids: string[] = [];
  for (let i = 0; i < 10; i++) {
    const id = await client.createCollection(`collection-${i}`);
    await client.write("add", id, records(2000));
    ids.push(id);
  }
  for (let round = 0; round < 2; round++) {
    for (const id of ids) {
      const { ids: found, distances } = await client.query(id, [records(1).embeddings[0]!], { n_results: 1 });
      expect(found).toEqual([["id-0"]]);
      expect(distances).toEqual([[0]]);
      expect((await info(client)).memoryUsed).toBeLessThan(memoryLimitBytes);
    }
    expect(open()).toBe(10);
  }
  await client.close();
}, 60_000);

/** The wasm engine, and how often the state of an index was asked for. */
async function countingHnsw(): Promise<{ hnsw: HnswModule; looks: () => number }> {
  const { exports } = (await loadHnsw()).memory;
  let looks = 0;
  const counting = {
    ...exports,
    hnsw_state: (...parameters: number[]) => {
      looks++;
      return exports.hnsw_state(...parameters);
    },
  };
  return { hnsw: new HnswModule(new WasmMemory(counting)), looks: () => looks };
}

test("a write looks at no collection but its own, however many are loaded", async () => {
  const { hnsw, looks } = await countingHnsw();
  const opened = openRecords({ sql: () => initSqlJs(), hnsw: async () => hnsw, regex: () => loadRegex() });
  const client = await EngineClient.open(memory(), { records: () => opened });
  const looksOfOneWrite = async (number: number): Promise<number> => {
    const before = looks();
    await client.write("add", ids[0]!, records(1, number));
    // Whatever is done behind the write, too.
    for (let turn = 0; turn < 50; turn++) await macrotask();
    return looks() - before;
  };
  const ids: string[] = [];
  const fill = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      ids.push(await client.createCollection(`collection-${ids.length}`));
      await client.write("add", ids.at(-1)!, records(1));
    }
  };
  await fill(2);
  await looksOfOneWrite(1000);
  const amongTwo = await looksOfOneWrite(1001);
  expect(amongTwo).toBeGreaterThan(0);
  await fill(100);
  await looksOfOneWrite(1002);
  expect(await looksOfOneWrite(1003)).toBe(amongTwo);
  await client.close();
}, 60_000);

test("a collection larger than the budget stays, and storage.info() says so", async () => {
  const client = await EngineClient.open(memory(), { memoryLimitBytes: 200_000, idleMs: 0 });
  const small = await client.createCollection("small");
  await client.write("add", small, records(5));
  expect((await info(client)).warnings).toEqual([]);
  const large = await client.createCollection("large");
  await client.write("add", large, records(2000));
  expect((await info(client)).warnings).toEqual(["over-memory-limit"]);
  expect((await client.query(large, [records(1).embeddings[0]!], { n_results: 1 })).ids).toEqual([["id-0"]]);
  await client.count(small);
  expect((await info(client)).warnings).toEqual([]);
  await client.close();
}, 60_000);

test("a thousand collections are listed without loading what works on records, and take less than 40 MB", async () => {
  const disk: Disk = new Map();
  const writer = await EngineClient.open(memory(disk));
  for (let i = 0; i < 1000; i++) {
    const id = await writer.createCollection(`tiny-${i}`);
    await writer.write("add", id, records(3));
  }
  await writer.close();
  const start = performance.now();
  let loads = 0;
  const reader = await EngineClient.open(memory(disk), {
    idleMs: 0,
    records: () => {
      loads++;
      throw new Error("not needed");
    },
  });
  expect((await reader.listCollections()).length).toBe(1000);
  const listedMs = performance.now() - start;
  // A checkpoint moves all of them out of the log, and none has to be open for it.
  for (let turn = 0; turn < 8000; turn++) await macrotask();
  expect(loads).toBe(0);
  await reader.close();
  const bytes = [...disk.values()].reduce((sum, file) => sum + file.size, 0);
  console.info(
    `a thousand collections: ${(bytes / 1e6).toFixed(1)} MB, listed after ${listedMs.toFixed(0)} ms`,
  );
  expect(bytes).toBeLessThan(40e6);
}, 60_000);
