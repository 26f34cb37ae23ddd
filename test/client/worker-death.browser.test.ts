// What only a browser shows: a worker that is terminated fires no event, its Web Lock comes free.

import { expect, test } from "vitest";
import { ChromaliteError, EphemeralClient } from "../../src/index.ts";
import { misbehaviours } from "./fake-engine.ts";

const startWorker = (): Worker => new Worker(new URL("fake-worker.ts", import.meta.url), { type: "module" });

const create = (client: EphemeralClient, name: string) =>
  client.createCollection({ name, embeddingFunction: null });

test("a worker of the browser answers, and the packed vectors come back", async () => {
  await using client = new EphemeralClient({ worker: startWorker });
  const notes = await create(client, "notes");
  const row = Float32Array.of(0.1, 0.2);
  await notes.add({ ids: ["a"], embeddings: [row] });
  expect(row).toHaveLength(2);
  expect((await notes.get({ include: ["embeddings"] })).embeddings).toEqual([[0.1, 0.2]]);
});

test("a terminated worker rejects every open call", async () => {
  const worker = startWorker();
  await using client = new EphemeralClient({ worker });
  await client.heartbeat();
  const hanging = create(client, misbehaviours.hang);
  worker.terminate();
  const error: unknown = await hanging.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChromaliteError);
  expect(error).toMatchObject({ code: "worker-died", message: "The worker was terminated" });
});

test("a crashed worker rejects every open call with the reason", async () => {
  await using client = new EphemeralClient({ worker: startWorker });
  await client.heartbeat();
  await expect(create(client, misbehaviours.crash)).rejects.toMatchObject({
    code: "worker-died",
    message: expect.stringContaining("out of memory") as string,
  });
});

test("a worker file that is not there is a failure to start", async () => {
  await using client = new EphemeralClient({ workerUrl: new URL("no-such-worker.js", location.href) });
  await expect(client.heartbeat()).rejects.toMatchObject({ code: "worker-start" });
});

test("after close the worker is gone: its lock is free", async () => {
  const client = new EphemeralClient({ worker: startWorker });
  await client.heartbeat();
  const names = async (): Promise<(string | undefined)[]> =>
    ((await navigator.locks.query()).held ?? []).map(({ name }) => name);
  const [lock] = (await names()).filter((name) => name?.startsWith("chromalite-worker-"));
  expect(lock).toBeDefined();
  await client.close();
  await navigator.locks.request(lock as string, () => undefined);
  expect(await names()).not.toContain(lock);
});
