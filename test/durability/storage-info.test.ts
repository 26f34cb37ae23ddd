// What a client says of its storage, and the browser's answer to being asked to keep it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { ChromaValueError, EphemeralClient, PersistentClient } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "chromalite-info-"));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  vi.unstubAllGlobals();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("a stored path says its backend, size, durability, transport and when it was created", async () => {
  const before = Date.now();
  await using strict = new PersistentClient({ path: newFolder(), worker: inThreadWorker });
  const info = await strict.storage.info();
  expect(info).toMatchObject({
    backend: "node",
    durability: "strict",
    reach: "own-worker",
    persisted: true,
    warnings: [],
  });
  expect(info.bytesUsed).toBeGreaterThan(0);
  expect(info.createdAt).toBeGreaterThanOrEqual(before);
});

test("durability is each client's own, and one of two words", async () => {
  const path = newFolder();
  await using relaxed = new PersistentClient({ path, worker: inThreadWorker, durability: "relaxed" });
  await using strict = new PersistentClient({ path, worker: inThreadWorker });
  const notes = await relaxed.createCollection({ name: "notes", embeddingFunction: null });
  await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
  await relaxed.storage.flush();
  expect((await relaxed.storage.info()).durability).toBe("relaxed");
  expect((await strict.storage.info()).durability).toBe("strict");
  expect(await (await strict.getCollection({ name: "notes" })).count()).toBe(1);
  const wrong = "sometimes" as "strict";
  expect(() => new PersistentClient({ path, durability: wrong })).toThrow(ChromaValueError);
});

test("memory is told as such: nothing of it is durable or kept", async () => {
  await using client = new EphemeralClient({ worker: inThreadWorker });
  expect(await client.storage.info()).toMatchObject({
    backend: "memory",
    durability: "none",
    persisted: false,
    quota: undefined,
  });
});

test("persist passes on the browser's answer, no as yes, and is false where nobody can be asked", async () => {
  await using client = new EphemeralClient({ worker: inThreadWorker });
  for (const answer of [true, false]) {
    vi.stubGlobal("navigator", { storage: { persist: async () => answer } });
    expect(await client.storage.persist()).toBe(answer);
  }
  vi.stubGlobal("navigator", {});
  expect(await client.storage.persist()).toBe(false);
  vi.stubGlobal("navigator", undefined);
  expect(await client.storage.persist()).toBe(false);
});
