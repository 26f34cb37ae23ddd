// What "relaxed" gives up and what it keeps: the same writes on a machine that loses its power, and on one
// whose process ends.

import { expect, test, vi } from "vitest";
import type { Durability, Operation } from "../../src/protocol/operation.ts";
import { flushOperation } from "../../src/protocol/storage-info.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import { EngineClient, memory } from "../engine/engine-client.ts";

// Opening engines takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A power cut that keeps nothing of what was not flushed is among these. */
const seeds = Array.from({ length: 12 }, (_, seed) => seed);

class Machine {
  readonly storage = new FaultyStorage({ seed: 1, files: pathFiles });
  readonly #opened = EngineClient.open(this.storage, { idleMs: 1e6 });

  async add(id: string, name: string, durability: Durability): Promise<void> {
    const { engine } = await this.#opened;
    const reply = await engine.call({ ...addOf(id, name), durability });
    expect(reply.ok).toBe(true);
  }

  async client(): Promise<EngineClient> {
    return this.#opened;
  }
}

/** The ids that are found after a power cut, for each of many fates of what was not flushed. */
async function idsAfterCuts({ storage }: Machine, collection: string): Promise<string[][]> {
  const found: string[][] = [];
  for (const seed of seeds) {
    const disk = storage.crash({ seed });
    const client = await EngineClient.open(new FaultyStorage({ seed, files: pathFiles, disk }));
    found.push((await client.get(collection)).ids);
    await client.close();
  }
  return found;
}

test("relaxed writes are answered without a flush; a power cut loses the last of them, each as a whole", async () => {
  const machine = new Machine();
  const client = await machine.client();
  const id = await client.createCollection("notes");
  await machine.add(id, "strict", "strict");
  const flushes = machine.storage.counts.flushes;
  const names = ["a", "b", "c", "d"];
  for (const name of names) await machine.add(id, name, "relaxed");
  expect(machine.storage.counts.flushes).toBe(flushes);
  expect((await client.get(id)).ids).toEqual(["strict", ...names]);
  const found = await idsAfterCuts(machine, id);
  for (const ids of found) expect(["strict", ...names].slice(0, ids.length)).toEqual(ids);
  // A guard of this test: some cut did lose some of them.
  expect(found.some((ids) => ids.length === 1)).toBe(true);
});

test("what a killed process left unflushed is durable once another has opened the path", async () => {
  const machine = new Machine();
  const id = await (await machine.client()).createCollection("notes");
  await machine.add(id, "a", "relaxed");
  const second = await EngineClient.open(machine.storage);
  expect((await second.get(id)).ids).toEqual(["a"]);
  for (const ids of await idsAfterCuts(machine, id)) expect(ids).toEqual(["a"]);
});

test("one strict write makes durable every relaxed one before it, whoever wrote it", async () => {
  const machine = new Machine();
  const id = await (await machine.client()).createCollection("notes");
  await machine.add(id, "a", "relaxed");
  await machine.add(id, "b", "strict");
  for (const ids of await idsAfterCuts(machine, id)) expect(ids).toEqual(["a", "b"]);
});

test("so does a strict write that changes nothing: what it was told rests on them", async () => {
  const machine = new Machine();
  const id = await (await machine.client()).createCollection("notes");
  await machine.add(id, "a", "relaxed");
  await machine.add(id, "a", "strict");
  for (const ids of await idsAfterCuts(machine, id)) expect(ids).toEqual(["a"]);
  const { flushes } = machine.storage.counts;
  await machine.add(id, "a", "strict");
  expect(machine.storage.counts.flushes).toBe(flushes);
});

test("a flush, and closing, make relaxed writes durable; a flush of nothing costs nothing", async () => {
  const machine = new Machine();
  const client = await machine.client();
  const id = await client.createCollection("notes");
  await machine.add(id, "a", "relaxed");
  await client.call(flushOperation.method, flushOperation.route);
  for (const ids of await idsAfterCuts(machine, id)) expect(ids).toEqual(["a"]);
  const flushes = machine.storage.counts.flushes;
  await client.call(flushOperation.method, flushOperation.route);
  expect(machine.storage.counts.flushes).toBe(flushes);
  await machine.add(id, "b", "relaxed");
  await client.close();
  for (const ids of await idsAfterCuts(machine, id)) expect(ids).toEqual(["a", "b"]);
});

test("small writes that wait together share one flush", async () => {
  const machine = new Machine();
  const id = await (await machine.client()).createCollection("notes");
  const flushes = machine.storage.counts.flushes;
  const names = Array.from({ length: 24 }, (_, i) => `n${i}`);
  await Promise.all(names.map((name) => machine.add(id, name, "strict")));
  // The first fixes the dimension; all of them are one group even so.
  expect(machine.storage.counts.flushes - flushes).toBeLessThanOrEqual(2);
  for (const ids of await idsAfterCuts(machine, id)) expect(ids).toEqual(names);
});

test("a flush that fails is told as unknown, and the path is opened anew with all that was written", async () => {
  const disk: Disk = new Map();
  let isFailing = false;
  const client = await EngineClient.open(() =>
    wrapFlush(memory(disk), async (file) => {
      if (isFailing) throw new Error("EIO");
      await file.flush();
    }),
  );
  const id = await client.createCollection("notes");
  const { engine } = client;
  const reply = await engine.call({ ...addOf(id, "a"), durability: "relaxed" });
  expect(reply.ok).toBe(true);
  isFailing = true;
  await expect(client.call(flushOperation.method, flushOperation.route)).rejects.toMatchObject({
    code: "outcome-unknown",
  });
  isFailing = false;
  expect((await client.get(id)).ids).toEqual(["a"]);
  await client.close();
});

function addOf(collection: string, name: string): Operation {
  return {
    method: "post",
    route: "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add",
    path: { tenant: "default_tenant", database: "default_database", collection_id: collection },
    body: {
      ids: [name],
      documents: [name.repeat(50)],
      embeddings: { rows: 1, dimension: 2, values: Float32Array.of(1, 2) },
    },
  };
}
