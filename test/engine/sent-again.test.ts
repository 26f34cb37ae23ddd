// A write that is sent twice, to the engine that did it or to the one after it, is done once and answered twice.

import { expect, test } from "vitest";
import type { Operation, Reply, Sender } from "../../src/protocol/operation.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { EngineClient, memory } from "./engine-client.ts";

const COLLECTIONS = "/api/v2/tenants/{tenant}/databases/{database}/collections";
const scope = { tenant: "default_tenant", database: "default_database" };

const vector = { rows: 1, dimension: 2, values: Float32Array.of(1, 2) };

function create(name: string, sender?: Sender): Operation {
  return {
    method: "post",
    route: COLLECTIONS,
    path: scope,
    body: { name, metadata: { weight: 0.5, big: 7 } },
    ...(sender && { sender }),
  };
}

function records(kind: string, collection: string, body: unknown, sender: Sender): Operation {
  const path = { ...scope, collection_id: collection };
  return { method: "post", route: `${COLLECTIONS}/{collection_id}/${kind}`, path, body, sender };
}

function add(collection: string, id: string, sender: Sender): Operation {
  return records("add", collection, { ids: [id], embeddings: vector }, sender);
}

const idOf = (reply: Reply): string => (reply as unknown as { data: { id: string } }).data.id;

/** How the engine that is asked again is another than the first. */
const successors = {
  "the same engine": async (client: EngineClient) => client,
  "one that replays the log": async (_: EngineClient, disk: Disk) => EngineClient.open(memory(disk)),
  "one that opens a checkpoint": async (client: EngineClient, disk: Disk) => {
    for (let turn = 0; turn < 300; turn++) await macrotask();
    await client.engine.close();
    return EngineClient.open(memory(disk));
  },
};

test.each(Object.entries(successors))(
  "every kind of write is answered as before by %s",
  async (_, succeed) => {
    const disk: Disk = new Map();
    const first = await EngineClient.open(memory(disk), { idleMs: 0 });
    const notes = idOf(await first.engine.call(create("notes", { client: 1n, number: 1 })));
    const sent: [Operation, Reply][] = [];
    const call = async (operation: Operation): Promise<void> => {
      sent.push([operation, await first.engine.call(operation)]);
    };
    await call(create("others", { client: 1n, number: 2 }));
    await call(add(notes, "a", { client: 1n, number: 3 }));
    await call(add(notes, "b", { client: -2n, number: 3 }));
    await call(records("delete", notes, { ids: ["a"] }, { client: 1n, number: 5 }));
    await call(add(notes, "a", { client: 1n, number: 6 }));
    await call(records("delete", notes, { where: { none: 1 } }, { client: 1n, number: 7 }));
    const next = await succeed(first, disk);
    for (const [operation, reply] of sent) {
      const again = { ...operation, sender: { ...operation.sender!, since: 0 } };
      expect(await next.engine.call(again)).toEqual(reply);
    }
    expect((await next.get(notes)).ids).toEqual(["b", "a"]);
    expect(await next.listCollections()).toHaveLength(2);
  },
);

test("two of one number that come together are one write", async () => {
  const client = await EngineClient.open();
  const notes = idOf(await client.engine.call(create("notes")));
  const sender = { client: 1n, number: 1 };
  const remove = records("delete", notes, { ids: ["x"] }, { client: 1n, number: 2 });
  const replies = await Promise.all([
    client.engine.call(add(notes, "x", sender)),
    client.engine.call(add(notes, "x", sender)),
    client.engine.call(remove),
    client.engine.call(add(notes, "x", sender)),
    client.engine.call(remove),
  ]);
  expect(replies.map((reply) => reply.ok && reply.status)).toEqual([201, 201, 200, 201, 200]);
  expect((await client.get(notes)).ids).toEqual([]);
});

test("canary: without a sender a write that is sent twice is done twice", async () => {
  const client = await EngineClient.open();
  await client.engine.call(create("notes"));
  expect(await client.engine.call(create("notes"))).toMatchObject({ ok: false, error: { status: 409 } });
});

const remove = (name: string, sender: Sender): Operation => ({
  method: "delete",
  route: `${COLLECTIONS}/{collection_id}`,
  path: { ...scope, collection_id: name },
  sender,
});

/** Calls that a page makes at once: what the first is answered with depends on its coming first. */
const pairs: Readonly<
  Record<string, (notes: string, open: (n: number) => Sender) => [Operation, Operation]>
> = {
  "a collection is deleted that is not there, and then created": (_, open) => [
    remove("later", open(1)),
    create("later", open(2)),
  ],
  "a collection is created that is there, and then deleted": (_, open) => [
    create("notes", open(1)),
    remove("notes", open(2)),
  ],
  "what is there is added, and then deleted": (notes, open) => [
    add(notes, "there", open(1)),
    records("delete", notes, { ids: ["there"] }, open(2)),
  ],
  "what is not there is deleted, and then added": (notes, open) => [
    records("delete", notes, { where: { none: 1 } }, open(1)),
    records("add", notes, { ids: ["new"], embeddings: vector, metadatas: [{ none: 1 }] }, open(2)),
  ],
  "a vector of another dimension is added, and the collection deleted": (notes, open) => [
    records(
      "add",
      notes,
      { ids: ["x"], embeddings: { rows: 1, dimension: 1, values: Float32Array.of(1) } },
      open(1),
    ),
    remove("notes", open(2)),
  ],
};

test.each(
  Object.entries(pairs).flatMap(([pair, make]) =>
    Object.entries(successors).map(([by, succeed]) => ({ pair, make, by, succeed })),
  ),
)("sent again to $by, two calls keep their order: $pair", async ({ make, succeed }) => {
  const disk: Disk = new Map();
  const first = await EngineClient.open(memory(disk), { idleMs: 0 });
  const notes = idOf(await first.engine.call(create("notes")));
  const ready = { client: 9n, number: 1, oldest: 1 };
  await first.engine.call(add(notes, "there", ready));
  const pair = make(notes, (number) => ({ client: 1n, number, oldest: 1 }));
  const replies = await Promise.all(pair.map((operation) => first.engine.call(operation)));
  const expected = { collections: await first.listCollections(), replies };
  const next = await succeed(first, disk);
  const again = pair.map((operation) => ({ ...operation, sender: { ...operation.sender!, since: 0 } }));
  const repliesAgain = await Promise.all(again.map((operation) => next.engine.call(operation)));
  expect({ collections: await next.listCollections(), replies: repliesAgain }).toEqual(expected);
});

test("what was refused is answered as before by the engine that refused it; another one tries it", async () => {
  const disk: Disk = new Map();
  const client = await EngineClient.open(memory(disk));
  const sender = { client: 1n, number: 1 };
  await client.engine.call(create("notes"));
  expect(await client.engine.call(create("notes", sender))).toMatchObject({ error: { status: 409 } });
  await client.deleteCollection("notes");
  const again = create("notes", { ...sender, since: 0 });
  expect(await client.engine.call(again)).toMatchObject({ error: { status: 409 } });
  await client.engine.close();
  const next = await EngineClient.open(memory(disk));
  expect(await next.engine.call(again)).toMatchObject({ ok: true });
});

test("what was refused before and by a full disk is answered as before, though the session was dropped for it", async () => {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles, capacityBytes: 2 ** 21 });
  const client = await EngineClient.open(storage);
  const notes = idOf(await client.engine.call(create("notes")));
  const from = (number: number): Sender => ({ client: 1n, number, oldest: 1 });
  const large = { ids: ["large"], embeddings: vector, documents: ["x".repeat(2 ** 22)] };
  const operations = [
    create("notes", from(1)),
    records("add", notes, large, from(2)),
    create("notes", from(3)),
    add(notes, "small", from(4)),
  ];
  // The last three as one group.
  const first = await client.engine.call(operations[0]!);
  const others = await Promise.all(operations.slice(1).map((operation) => client.engine.call(operation)));
  const replies = [first, ...others];
  expect(
    replies.map((reply) => (reply.ok ? reply.status : (reply.error.code ?? reply.error.status))),
  ).toEqual([409, "storage-full", 409, 201]);
  const next = await EngineClient.open(memory(storage.crash()));
  for (const [i, operation] of operations.entries()) {
    const again = await next.engine.call({ ...operation, sender: { ...operation.sender!, since: 0 } });
    expect(plain(again)).toEqual(plain(replies[i]!));
  }
  expect((await next.get(notes)).ids).toEqual(["small"]);
});

/** Without what no frame holds of a refusal. */
function plain(reply: Reply): unknown {
  if (reply.ok) return reply;
  const { status, name, message, code } = reply.error;
  return { status, name, message, code };
}

test("a refusal that rested on a write which did not become durable is not kept", async () => {
  const storage = new FaultyStorage({ seed: 1, files: pathFiles, capacityBytes: 2 ** 21 });
  const client = await EngineClient.open(storage);
  const notes = idOf(await client.engine.call(create("notes")));
  const from = (number: number): Sender => ({ client: 1n, number, oldest: 1 });
  const large = { ids: ["large"], embeddings: vector, documents: ["x".repeat(2 ** 22)] };
  const narrow = { rows: 1, dimension: 1, values: Float32Array.of(1) };
  const replies = await Promise.all([
    client.engine.call(records("add", notes, large, from(1))),
    client.engine.call(records("add", notes, { ids: ["narrow"], embeddings: narrow }, from(2))),
  ]);
  expect(replies).toMatchObject([{ error: { code: "storage-full" } }, { ok: true }]);
});

test("whether reset is allowed is the sender's setting, not that of the tab that leads", async () => {
  const client = await EngineClient.open();
  const reset = (sender: Sender): Promise<Reply> =>
    client.engine.call({ method: "post", route: "/api/v2/reset", sender });
  expect(await reset({ client: 1n, number: 1, allowReset: false })).toMatchObject({ error: { status: 403 } });
  expect(await reset({ client: 1n, number: 2, allowReset: true })).toMatchObject({ ok: true });
});

test("the identity of a small write takes at most 32 bytes of the log", async () => {
  const grown = async (sender: Sender | undefined): Promise<number> => {
    const disk: Disk = new Map();
    const client = await EngineClient.open(memory(disk));
    const id = await client.createCollection("notes");
    const before = disk.get("log-0")!.size;
    const { sender: _, ...plain } = add(id, "a", { client: 1n << 62n, number: 100_000 });
    await client.engine.call({ ...plain, ...(sender && { sender }) });
    return disk.get("log-0")!.size - before;
  };
  const sender = { client: 1n << 62n, number: 100_000 };
  expect((await grown(sender)) - (await grown(undefined))).toBeLessThanOrEqual(32);
});
