// What callers hear when the storage fails under a write, and what is left after it.

import { expect, test } from "vitest";
import { pathFiles } from "../../worker/path/open-path.ts";
import { type Fault, FaultyStorage } from "../../worker/storage/faulty.ts";
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
