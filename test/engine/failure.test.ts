// What callers hear when the storage fails under a write, and what is left after it.

import { expect, test } from "vitest";
import { pathFiles } from "../../worker/path/open-path.ts";
import { type Fault, FaultyStorage } from "../../worker/storage/faulty.ts";
import { Failure } from "../../src/protocol/failure.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";
import { EngineClient } from "./engine-client.ts";

const seed = 3;

function records(first: number, count: number, document = "d") {
  const ids = Array.from({ length: count }, (_, i) => `${first + i}`);
  return { ids, embeddings: ids.map((id) => [Number(id), 1]), documents: ids.map(() => document) };
}

test("a write that does not fit is refused whole; reading goes on, and writing once it fits", async () => {
  const client = await EngineClient.open(
    new FaultyStorage({ seed, files: pathFiles, capacityBytes: 900_000 }),
  );
  const id = await client.createCollection("full");
  await client.write("add", id, records(0, 20));
  await expect(client.write("add", id, records(100, 2, "x".repeat(300_000)))).rejects.toMatchObject({
    code: "storage-full",
  });
  expect(await client.count(id)).toBe(20);
  expect((await client.query(id, [[3, 1]], { n_results: 1 })).ids).toEqual([["3"]]);
  await client.write("add", id, records(20, 5));
  expect((await client.get(id)).ids.length).toBe(25);
  await client.close();
});

test.each<[string, number]>([
  ["log's write", 1],
  ["log's flush", 2],
])("a failure of the %s is told, and the next call finds what the files hold", async (_, call) => {
  const faults: Record<number, Fault> = {};
  let storage = new FaultyStorage({ seed, files: pathFiles, faults });
  const first = storage;
  let openings = 0;
  const client = await EngineClient.open(() => {
    // A machine whose files came back: what was flushed is there, what was not may be.
    if (openings++ > 0) storage = new FaultyStorage({ seed, files: pathFiles, disk: first.crash() });
    return storage;
  });
  const id = await client.createCollection("flaky");
  await client.write("add", id, records(0, 5));
  faults[storage.calls + call] = "lost";
  const failed = client.write("add", id, records(5, 5));
  await expect(failed).rejects.toMatchObject({
    code: call === 2 ? "outcome-unknown" : (expect.stringMatching(/storage-lost|outcome-unknown/) as string),
  });
  const { ids } = await client.get(id);
  expect([5, 10]).toContain(ids.length);
  await client.write("upsert", id, records(5, 5));
  expect((await client.get(id)).ids).toEqual(records(0, 10).ids);
  await client.close();
});

/** An engine over files whose flush fails where `isLost` says so; each opening finds what the flushes before kept. */
async function openFlaky(isLost: (file: string) => boolean, options = {}): Promise<EngineClient> {
  let current: FaultyStorage | undefined;
  return EngineClient.open(() => {
    const disk = current?.crash();
    const storage = new FaultyStorage({ seed, files: pathFiles, ...(disk && { disk }) });
    current = storage;
    return wrapFlush(storage, async (file) => {
      if (isLost(file.name)) throw new Failure("storage-lost", "the handle died");
      await file.flush();
    });
  }, options);
}

/** Loses the next flush of the data file once armed, and calls back in that moment. */
function loseDataOnce(): { isLost: (file: string) => boolean; arm(then?: () => void): void } {
  let armed: (() => void) | undefined;
  return {
    arm: (then = () => {}) => void (armed = then),
    isLost: (file) => {
      const then = armed;
      if (file !== "data" || then === undefined) return false;
      armed = undefined;
      then();
      return true;
    },
  };
}

test("writes that come while a checkpoint breaks the path are written on the path opened anew", async () => {
  const loss = loseDataOnce();
  const client = await openFlaky(loss.isLost, { idleMs: 0 });
  const id = await client.createCollection("behind");
  await client.write("add", id, records(0, 5));
  let during: Promise<unknown> | undefined;
  const broken = new Promise<void>((resolve) => {
    loss.arm(() => {
      during = Promise.all([
        client.write("add", id, records(10, 2)),
        client.write("add", id, records(20, 2)),
      ]);
      resolve();
    });
  });
  const before = client.write("add", id, records(5, 2));
  await Promise.all([before, broken]);
  await during;
  await client.write("add", id, records(30, 1));
  const expected = [0, 1, 2, 3, 4, 5, 6, 10, 11, 20, 21, 30].map(String);
  expect((await client.get(id)).ids).toEqual(expected);
  await client.close();
});

test("a write that waits for a checkpoint that breaks the path is written on the path opened anew", async () => {
  const loss = loseDataOnce();
  const client = await openFlaky(loss.isLost, { limits: { logBytesMax: 16 * 1024 } });
  const id = await client.createCollection("before");
  let count = 0;
  const write = () => client.write("add", id, records(count++, 1, "x".repeat(3000)));
  for (let i = 0; i < 3; i++) await write();
  let lost = 0;
  loss.arm(() => lost++);
  for (let i = 0; i < 20; i++) await write();
  expect(lost).toBe(1);
  expect((await client.get(id)).ids.length).toBe(count);
  await client.close();
});

test("of a large write whose data was not flushed nothing is in the log: it is written on the path opened anew", async () => {
  const loss = loseDataOnce();
  const client = await openFlaky(loss.isLost);
  const id = await client.createCollection("large");
  await client.write("add", id, records(0, 1));
  let lost = 0;
  loss.arm(() => lost++);
  await client.write("add", id, records(1, 1, "x".repeat(100_000)));
  expect(lost).toBe(1);
  expect((await client.get(id)).documents!.map((text) => text!.length)).toEqual([1, 100_000]);
  await client.close();
});

test("a write that met a broken path twice is refused, and says that nothing of it was written", async () => {
  let isBroken = false;
  const client = await openFlaky((file) => isBroken && file === "data");
  const id = await client.createCollection("refused");
  await client.write("add", id, records(0, 1));
  isBroken = true;
  await expect(client.write("add", id, records(1, 1, "x".repeat(100_000)))).rejects.toMatchObject({
    code: "storage-lost",
  });
  isBroken = false;
  expect((await client.get(id)).ids).toEqual(["0"]);
  await client.close();
});

test("a bug in the middle of a write costs the session, not the data, also in memory", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("bug");
  await client.write("add", id, records(0, 5));
  // A body that passes the checks of its shape and breaks on being read.
  const body = { ids: ["x"], embeddings: { rows: 1, dimension: 2, values: Float32Array.of(1, 2) } };
  const trap = {
    get ids(): string[] {
      throw new TypeError("a bug");
    },
    embeddings: body.embeddings,
  };
  await expect(client.call("post", ADD, { collection_id: id }, trap)).rejects.toMatchObject({
    status: 500,
    message: "a bug",
  });
  expect(await client.count(id)).toBe(5);
  await client.write("add", id, records(5, 1));
  expect((await client.query(id, [[5, 1]], { n_results: 1 })).ids).toEqual([["5"]]);
  await client.close();
});

const ADD = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add";
