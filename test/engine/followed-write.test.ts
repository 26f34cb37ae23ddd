// A long write is followed and given up by its ticket, and holds nobody up when it is done.

import { expect, test } from "vitest";
import { cancelOperation, progressOperation, type WriteProgress } from "../../src/protocol/followed-write.ts";
import type { Operation, Reply } from "../../src/protocol/operation.ts";
import { EngineClient, pack } from "./engine-client.ts";

const COLLECTION = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}";
const MANY = 20_000;

function addMany(id: string, count = MANY, prefix = "r"): Operation {
  const rows = Array.from({ length: count }, (_, i) => i);
  return {
    method: "post",
    route: `${COLLECTION}/add`,
    path: { tenant: "default_tenant", database: "default_database", collection_id: id },
    body: { ids: rows.map((i) => `${prefix}${i}`), embeddings: pack(rows.map((i) => [i, 1])) },
    ticket: `ticket of ${prefix}`,
  };
}

async function progress({ engine }: EngineClient, ticket: string): Promise<number> {
  const reply = await engine.call({ ...progressOperation, path: { ticket } });
  return (reply as { data: WriteProgress }).data.done;
}

async function cancel({ engine }: EngineClient, ticket: string): Promise<void> {
  expect(await engine.call({ ...cancelOperation, path: { ticket } })).toMatchObject({ ok: true });
}

const cancelled = { ok: false, error: { code: "cancelled" } };

async function unindexed(client: EngineClient, id: string): Promise<number> {
  const reply = await client.call("get", `${COLLECTION}/indexing_status`, { collection_id: id });
  return (reply as { num_unindexed_ops: number }).num_unindexed_ops;
}

/** A turn of the event loop, and what a write did in it. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("the progress of a write rises from 0 to below its records, while it runs", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("notes");
  let reply: Reply | undefined;
  const add = client.engine.call(addMany(id)).then((answer) => (reply = answer));
  const seen: number[] = [];
  while (reply === undefined) {
    seen.push(await progress(client, "ticket of r"));
    await turn();
  }
  expect(reply).toMatchObject({ ok: true, status: 201 });
  await add;
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.some((done) => done > 0 && done < MANY)).toBe(true);
  expect(await progress(client, "ticket of r")).toBe(0);
  await client.close();
});

test("a write that is cancelled half-way leaves nothing; what it shared an append with is kept", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("notes");
  const before = client.write("add", id, { ids: ["before"], embeddings: [[1, 2]] });
  const long = client.engine.call(addMany(id));
  const after = client.write("add", id, { ids: ["after"], embeddings: [[1, 2]] });
  while ((await progress(client, "ticket of r")) === 0) await turn();
  await cancel(client, "ticket of r");
  expect(await long).toMatchObject(cancelled);
  await Promise.all([before, after]);
  expect((await client.get(id)).ids).toEqual(["before", "after"]);
  expect((await client.query(id, [[1, 2]])).ids).toEqual([["before", "after"]]);
  await client.write("add", id, { ids: ["r7"], embeddings: [[3, 4]] });
  expect(await client.count(id)).toBe(3);
  await client.close();
});

test("a write that is cancelled before its turn is not begun", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("notes");
  const first = client.engine.call(addMany(id, 10, "a"));
  const second = client.engine.call(addMany(id, 10, "b"));
  await cancel(client, "ticket of b");
  expect(await first).toMatchObject({ ok: true });
  expect(await second).toMatchObject(cancelled);
  expect(await client.count(id)).toBe(10);
  await client.close();
});

test("a write that was carried out is answered as it was, cancelled or not", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("notes");
  const operation = { ...addMany(id, 10), sender: { client: 7n, number: 1 } };
  expect(await client.engine.call(operation)).toMatchObject({ ok: true, status: 201 });
  const again = client.engine.call({ ...operation, sender: { ...operation.sender, since: 0 } });
  await cancel(client, "ticket of r");
  expect(await again).toMatchObject({ ok: true, status: 201 });
  expect(await client.count(id)).toBe(10);
  await client.close();
});

test("cancelling what nobody knows does nothing", async () => {
  const client = await EngineClient.open();
  await cancel(client, "unknown");
  expect(await progress(client, "unknown")).toBe(0);
  await client.close();
});

test("a write that is far ahead of the graph is answered later, and a read after it at once", async () => {
  const client = await EngineClient.open(undefined, { unindexedMax: 1000 });
  const id = await client.createCollection("notes");
  const order: string[] = [];
  const note = <T>(name: string, call: Promise<T>): Promise<T> => call.finally(() => order.push(name));
  const [ahead, behind, count] = await Promise.all([
    note("ahead", client.engine.call(addMany(id, MANY, "a"))),
    note("behind", client.engine.call(addMany(id, 1, "b"))),
    note("read", client.count(id)),
  ]);
  expect([ahead, behind]).toMatchObject([{ ok: true }, { ok: true }]);
  expect(count).toBe(MANY + 1);
  expect(order).toEqual(["ahead", "read", "behind"]);
  await client.close();
});

test("a write waits for the graph of its own collection alone", async () => {
  const client = await EngineClient.open(undefined, { unindexedMax: 1000 });
  const [other, id] = [await client.createCollection("other"), await client.createCollection("notes")];
  await client.engine.call(addMany(other));
  await client.engine.call(addMany(id, MANY, "a"));
  expect(await client.engine.call(addMany(id, 1, "b"))).toMatchObject({ ok: true });
  expect(await unindexed(client, other)).toBeGreaterThan(MANY / 2);
  await client.close();
});

test("closing answers what waits for the graph", async () => {
  const client = await EngineClient.open(undefined, { unindexedMax: 1000 });
  const id = await client.createCollection("notes");
  await client.engine.call(addMany(id, MANY, "a"));
  const behind = client.engine.call(addMany(id, 1, "b"));
  await client.count(id);
  await client.close();
  expect(await behind).toMatchObject({ ok: true, status: 201 });
});

test("a write without vectors waits for no graph", async () => {
  const client = await EngineClient.open(undefined, { unindexedMax: 1000 });
  const id = await client.createCollection("notes");
  const order: string[] = [];
  const note = <T>(name: string, call: Promise<T>): Promise<T> => call.finally(() => order.push(name));
  await Promise.all([
    note("ahead", client.engine.call(addMany(id, MANY, "a"))),
    note("behind", client.engine.call(addMany(id, 1, "b"))),
    note("texts", client.write("update", id, { ids: ["a1"], documents: ["text"] })),
  ]);
  expect(order).toEqual(["ahead", "texts", "behind"]);
  await client.close();
});
