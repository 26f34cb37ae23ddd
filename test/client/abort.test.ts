// A write that its caller takes back before it is sent writes nothing; one that is over stays.

import { expect, test } from "vitest";
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
