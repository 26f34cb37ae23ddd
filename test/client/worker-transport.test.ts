import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EphemeralClient, PersistentClient } from "../../src/index.ts";
import { startEngineWorker } from "../../src/transport/engine-worker.ts";
import { WorkerTransport } from "../../src/transport/worker-transport.ts";
import { bundleFixture, type BundledFixture } from "./bundle-fixture.ts";
import { misbehaviours } from "./fake-engine.ts";
import { FakeWire } from "./fake-wire.ts";

let fixture: BundledFixture;
beforeAll(async () => {
  fixture = await bundleFixture(new URL("fake-worker.ts", import.meta.url));
});
afterAll(() => fixture.remove());

const engine = { allowReset: false };
const create = (client: EphemeralClient, name: string) =>
  client.createCollection({ name, embeddingFunction: null });

test("a worker thread of Node answers, and is gone after close", async () => {
  const client = new EphemeralClient({ workerUrl: fixture.url });
  const notes = await create(client, "notes");
  await notes.add({ ids: ["a"], embeddings: [Float32Array.of(1, 2)] });
  expect((await notes.get({ include: ["embeddings"] })).embeddings).toEqual([[1, 2]]);
  await client.close();
});

test("an answered call is forgotten: a client that lives for long does not keep its replies", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const { transport } = await WorkerTransport.start(startEngineWorker(undefined, fixture.url), {
    path: null,
    engine,
  });
  const operation = { method: "get", route: "/api/v2/heartbeat" } as const;
  const replies: WeakRef<object>[] = [];
  for (let call = 0; call < 20; call++) replies.push(new WeakRef(await transport.call(operation)));
  // What a turn of the event loop has looked at through a WeakRef lives until its end.
  await new Promise((turn) => setImmediate(turn));
  collectGarbage();
  expect(replies.slice(0, -1).filter((reply) => reply.deref() !== undefined)).toEqual([]);
  await transport.close();
});

test("when a worker thread crashes every open call is rejected, and names the reason", async () => {
  await using client = new EphemeralClient({ workerUrl: fixture.url });
  await client.heartbeat();
  const calls = [create(client, misbehaviours.hang), create(client, misbehaviours.crash)];
  const outcomes = await Promise.allSettled(calls);
  const lost = {
    name: "ChromaliteError",
    code: "worker-died",
    message: "The worker died: Error: out of memory",
  };
  expect(outcomes).toMatchObject([{ reason: lost }, { reason: lost }]);
});

test("a worker file that is not there is a failure to start", async () => {
  await using client = new PersistentClient({
    path: "nowhere",
    workerUrl: new URL("file:///no/such/worker.js"),
  });
  await expect(client.heartbeat()).rejects.toMatchObject({ code: "worker-start", name: "ChromaliteError" });
});

test("a worker that never greets is given up after the time limit", async () => {
  const { port1 } = new MessageChannel();
  const start = WorkerTransport.start(
    startEngineWorker(() => port1),
    { path: null, engine, startTimeoutMs: 10 },
  );
  await expect(start).rejects.toMatchObject({
    code: "worker-start",
    message: "The worker did not answer in 10 ms",
  });
});

test("a worker of another build is refused with a word on what to do", async () => {
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener("message", () =>
    port2.postMessage({ chromalite: "ready", version: 999, lock: null }),
  );
  port2.start();
  const start = WorkerTransport.start(
    startEngineWorker(() => port1),
    { path: null, engine },
  );
  await expect(start).rejects.toMatchObject({
    code: "worker-start",
    message: "The worker is of another build of Chromalite: reload the page",
  });
});

test("a worker that started long before its first message answers too", async () => {
  const { worker } = new FakeWire();
  const early = worker();
  await new Promise((resolve) => setImmediate(resolve));
  await using client = new EphemeralClient({ worker: () => early });
  await expect(client.heartbeat()).resolves.toBe(1);
});

test("a closed port is a dead worker", async () => {
  const { worker } = new FakeWire();
  const port = worker();
  await using client = new EphemeralClient({ worker: () => port });
  await client.heartbeat();
  const hanging = create(client, misbehaviours.hang);
  port.close();
  await expect(hanging).rejects.toMatchObject({
    code: "worker-died",
    message: "The worker died: its port was closed",
  });
});
