// A database of every format opens with the newest code, and holds exactly what it was made of.

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { FORMAT_VERSION, readRoot } from "../../worker/data/root.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { EngineClient, memory } from "../engine/engine-client.ts";
import { collections } from "./contents.ts";
import { checkGolden, goldenDisk, goldenFile, goldenId, goldenVersions } from "./read-golden.ts";

const never = { idleMs: 2 ** 30 };

function versionOf(disk: Disk): number | undefined {
  return readRoot(memory(disk).file("data"))?.version;
}

test("every format up to the newest has a golden database", () => {
  expect(goldenVersions).toEqual(Array.from({ length: FORMAT_VERSION }, (_, i) => `version-${i + 1}`));
});

test.each(goldenVersions)("the files of %s are those that were committed", (version) => {
  const sums = JSON.parse(Buffer.from(goldenFile(version, "sha256.json")).toString()) as object;
  const found = pathFiles.map((file) => [
    file,
    createHash("sha256").update(goldenFile(version, file)).digest("hex"),
  ]);
  expect(Object.fromEntries(found)).toEqual(sums);
});

test.each(goldenVersions)("%s opens with exactly its records", async (version) => {
  const client = await EngineClient.open(memory(goldenDisk(version)), never);
  await checkGolden(client);
  await client.close();
});

test.each(goldenVersions)(
  "a write of %s that is sent again is answered, not carried out",
  async (version) => {
    const client = await EngineClient.open(memory(goldenDisk(version)), never);
    const [notes] = collections;
    const id = await goldenId(client, notes!);
    const route = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add";
    const path = { tenant: "default_tenant", database: notes!.database, collection_id: id };
    const reply = await client.engine.call({
      method: "post",
      route,
      path,
      body: { ids: ["never"], embeddings: { rows: 1, dimension: 8, values: new Float32Array(8) } },
      sender: { client: 77n, number: 1 },
    });
    expect(reply).toMatchObject({ ok: true, status: 201 });
    await checkGolden(client);
    await client.close();
  },
);

test.each(goldenVersions)(
  "%s becomes the newest format when its engine rests, and takes writes",
  async (version) => {
    const disk = goldenDisk(version);
    const client = await EngineClient.open(memory(disk), { idleMs: 0 });
    for (let turn = 0; turn < 5000 && versionOf(disk) !== FORMAT_VERSION; turn++) await macrotask();
    await checkGolden(client);
    const id = await client.createCollection("new");
    await client.write("add", id, { ids: ["a"], embeddings: [[1, 2]], documents: ["new"] });
    await client.close();
    expect(versionOf(disk)).toBe(FORMAT_VERSION);
    const again = await EngineClient.open(memory(disk), never);
    expect((await again.get(await again.collectionId("new"))).documents).toEqual(["new"]);
    await again.deleteCollection("new");
    await checkGolden(again);
    await again.close();
  },
);

const SEEDS = process.env["CHROMALITE_FULL"] ? 8 : 1;

/** Upgrades what is on `disk` to the end. */
async function upgrade(disk: Disk, seed: number): Promise<FaultyStorage> {
  const storage = new FaultyStorage({ seed, files: pathFiles, disk, history: true });
  const client = await EngineClient.open(storage, { idleMs: 0 });
  for (let turn = 0; turn < 5000 && versionOf(storage.crash()) !== FORMAT_VERSION; turn++) await macrotask();
  await client.close();
  return storage;
}

async function checkDisk(disk: Disk): Promise<number | undefined> {
  const version = versionOf(disk);
  const client = await EngineClient.open(memory(disk), never);
  await checkGolden(client);
  await client.close();
  return version;
}

test("an upgrade that stops at any storage call leaves the old database or the new one, and so does the one after it", async () => {
  const found = new Set<number | undefined>();
  let stops = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new SeededRandom(seed);
    const first = await upgrade(goldenDisk("version-1"), seed);
    for (let call = 1; call <= first.calls; call++) {
      found.add(await checkDisk(first.crash({ call, seed })));
      const second = await upgrade(first.crash({ call, seed }), seed);
      found.add(await checkDisk(second.crash({ call: 1 + random.below(second.calls), seed })));
      expect(await checkDisk(second.crash())).toBe(FORMAT_VERSION);
      stops += 2;
    }
  }
  expect(found).toEqual(new Set([1, FORMAT_VERSION]));
  expect(stops).toBeGreaterThan(40 * SEEDS);
}, 600_000);
