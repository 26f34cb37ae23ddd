// A bit of a row image flips: salvage goes around the page, and says of each record whether its row is proved.

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { BLOCK_BYTES } from "../../worker/data/extent.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { ChunkedBytes } from "../../worker/storage/chunked-bytes.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { EngineClient, memory, type WriteBody } from "../engine/engine-client.ts";
import { type GoldenRecord, noteOf } from "../golden/contents.ts";
import { flip, salvage, storeOf } from "./salvage.ts";

const FLIPS = 200;
const IN_IMAGE = 600;
const notes = { database: "default_database", name: "notes" };

function columnsOf(records: readonly GoldenRecord[]): WriteBody {
  return {
    ids: records.map(({ id }) => id),
    embeddings: records.map(({ embedding }) => embedding),
    documents: records.map(({ document }) => document),
    metadatas: records.map(({ metadata }) => metadata),
    uris: records.map(({ uri }) => uri),
  };
}

/** Records 0 to 599 are in a row image; later changes, deletions and additions are beside it. */
async function makeDisk(): Promise<{ disk: Disk; records: GoldenRecord[] }> {
  const disk: Disk = new Map();
  const imaging = { limits: { deltaBytesMin: 0, deltaShareMin: 0 } };
  const client = await EngineClient.open(() => memory(disk), { ...imaging, idleMs: 0 });
  const id = await client.createCollection(notes.name);
  await client.write("add", id, columnsOf(Array.from({ length: IN_IMAGE }, (_, i) => noteOf(i))));
  for (let turn = 0; turn < 2000; turn++) await macrotask();
  await client.close();
  const later = await EngineClient.open(() => memory(disk), { idleMs: 2 ** 30 });
  const updated = Array.from({ length: 50 }, (_, i) => noteOf(i * 6, 1));
  await later.write("upsert", id, columnsOf(updated));
  await later.delete(id, { ids: [noteOf(301).id, noteOf(302).id] });
  await later.write("add", id, columnsOf(Array.from({ length: 40 }, (_, i) => noteOf(IN_IMAGE + i))));
  await later.close();
  const records = Array.from({ length: IN_IMAGE + 40 }, (_, i) => noteOf(i, i % 6 === 0 && i < 300 ? 1 : 0));
  return { disk, records: records.toSpliced(301, 2) };
}

function copyOf(disk: Disk): Disk {
  return new Map(
    pathFiles.map((name) => {
      const from = disk.get(name)!;
      const bytes = new Uint8Array(from.size);
      from.read(bytes, 0);
      const copy = new ChunkedBytes();
      copy.write(bytes, 0);
      return [name, copy];
    }),
  );
}

test("of a damaged row image salvage gives the rows that SQLite still reads, marked, and the others as they are", async () => {
  const { disk, records: written } = await makeDisk();
  const { shards } = await storeOf(disk, notes);
  expect(shards).toHaveLength(1);
  const [block, , length] = shards[0]!;
  const byId = new Map(written.map((record) => [record.id, record]));
  const texts = new Set(written.flatMap(({ document, uri }) => [document, uri]));
  for (let i = 0; i < IN_IMAGE; i++) texts.add(noteOf(i).document);
  const random = new SeededRandom(Number(process.env["SEED"] ?? 1));
  let [same, other] = [0, 0];
  for (let i = 0; i < FLIPS; i++) {
    const damaged = copyOf(disk);
    flip(damaged, "data", block * BLOCK_BYTES + random.below(length));
    const client = await EngineClient.open(memory(damaged), { idleMs: 2 ** 30 });
    const { records, unverified } = await salvage(client, notes);
    await client.close();
    for (const [id, record] of records) {
      const isSame = isDeepStrictEqual(record, byId.get(id));
      if (isSame) same++;
      else other++;
      expect(isSame || unverified.has(id)).toBe(true);
      // Texts have checksums of their own, whatever names them.
      expect(texts.has(record.document)).toBe(true);
    }
    for (let late = IN_IMAGE; late < IN_IMAGE + 40; late++) {
      expect(unverified.has(noteOf(late).id)).toBe(false);
      expect(records.get(noteOf(late).id)).toEqual(noteOf(late));
    }
  }
  const wanted = FLIPS * written.length;
  console.info(
    `salvage: after ${FLIPS} flips ${same} of ${wanted} records as written, ${other} others, marked`,
  );
  expect(same).toBeGreaterThan(wanted * 0.97);
  expect(other).toBeGreaterThan(0);
}, 120_000);
