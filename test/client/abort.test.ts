// A write that its caller takes back before it is sent writes nothing; one that is over stays.

import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { onAbort } from "../../src/clients/on-abort.ts";
import { EphemeralClient } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";

test("a signal that is aborted while embeddings are made ends the call with its reason, and nothing is written", async () => {
  await using client = new EphemeralClient({ worker: inThreadWorker });
  const aborting = new AbortController();
  let made = 0;
  const embeddingFunction = {
    name: "aborting",
    generate: async (texts: string[]) => {
      made += texts.length;
      aborting.abort(new Error("changed my mind"));
      return texts.map(() => [1, 2]);
    },
  };
  const notes = await client.createCollection({ name: "notes", embeddingFunction });
  const { signal } = aborting;
  const records = { ids: ["a", "b"], documents: ["one", "two"] };
  await expect(notes.add(records, { signal })).rejects.toThrow("changed my mind");
  expect(made).toBe(2);
  for (const write of ["add", "update", "upsert"] as const) {
    await expect(notes[write](records, { signal })).rejects.toThrow("changed my mind");
  }
  expect(made).toBe(2);
  expect(await notes.count()).toBe(0);
});

test("a signal that is aborted after the write, or never, changes nothing", async () => {
  await using client = new EphemeralClient({ worker: inThreadWorker });
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const aborting = new AbortController();
  const { signal } = aborting;
  await notes.add({ ids: ["a"], embeddings: [[1, 2]] }, { signal });
  aborting.abort();
  await notes.add({ ids: ["b"], embeddings: [[1, 2]] }, { signal: new AbortController().signal });
  expect((await notes.get()).ids).toEqual(["a", "b"]);
});

test("any number of writes share a signal: one listener while they run, none after, and nothing is printed", async () => {
  await using client = new EphemeralClient({ worker: inThreadWorker });
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const { signal } = new AbortController();
  const warnings: unknown[] = [];
  const listen = (warning: unknown): void => void warnings.push(warning);
  process.on("warning", listen);
  const counts = new Set<number>();
  const onProgress = (): void => void counts.add(getEventListeners(signal, "abort").length);
  const adds = Array.from({ length: 40 }, (_, i) =>
    notes.add({ ids: [String(i)], embeddings: [[i, 1]] }, { signal, onProgress }),
  );
  await Promise.all(adds);
  expect([...counts]).toEqual([1]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  // A warning is told in a turn of its own.
  await new Promise((turn) => setImmediate(turn));
  process.off("warning", listen);
  expect(warnings).toEqual([]);
});

test("a shared signal is heard by each of the writes that are open, and by later ones again", async () => {
  const heard: string[] = [];
  const aborting = new AbortController();
  const { signal } = aborting;
  const ends = ["a", "b", "c"].map((name) => onAbort(signal, () => void heard.push(name)));
  ends[1]!();
  ends[1]!();
  aborting.abort();
  expect(heard).toEqual(["a", "c"]);
  for (const end of ends) end();
  expect(getEventListeners(signal, "abort")).toEqual([]);
  onAbort(undefined, () => heard.push("never"))();
});
