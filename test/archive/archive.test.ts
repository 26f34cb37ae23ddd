// Archives at the engine's door: taken while writes go on, put into empty paths, damaged, cut, and
// interrupted at every storage call.

import { expect, test, vi } from "vitest";
import {
  type ArchiveBytes,
  cancelImportOperation,
  endExportOperation,
  type ExportStarted,
  importOperation,
  readExportOperation,
  startExportOperation,
} from "../../src/protocol/archive.ts";
import { Failure } from "../../src/protocol/failure.ts";
import { archives } from "../../worker/archives.ts";
import {
  ARCHIVE_HEADER_BYTES,
  encodeArchiveHeader,
  ROOTS,
  sealSection,
  SECTION_HEADER_BYTES,
} from "../../worker/archive/format.ts";
import { checksum } from "../../worker/checksum.ts";
import { BLOCK_BYTES } from "../../worker/data/extent.ts";
import { hasImportMark } from "../../worker/data/import-mark.ts";
import {
  FORMAT_VERSION,
  readRoot,
  type Root,
  ROOT_BLOCKS,
  slotBlocks,
  writeRoot,
} from "../../worker/data/root.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { EngineClient, memory } from "../engine/engine-client.ts";

const isFull = process.env["CHROMALITE_FULL"] !== undefined;
/** How often each moment of an import is interrupted, each time with another fate of what was not flushed. */
const SEEDS = isFull ? 60 : 3;

vi.setConfig({ testTimeout: isFull ? 1_200_000 : 120_000 });

/** Small enough that checkpoints, staged parts and packing happen in a few hundred records. */
const limits = {
  logBytesMax: 32 * 1024,
  stagedBytesMin: 4 * 1024,
  deltaBytesMin: 4 * 1024,
  deltaShareMin: 0,
};

async function fill(client: EngineClient, seed: number, batches: number): Promise<void> {
  const random = new SeededRandom(seed);
  const id = await client.createCollection(`notes-${seed}`);
  for (let batch = 0; batch < batches; batch++) {
    const ids = Array.from({ length: 10 }, (_, i) => `${batch}-${i}`);
    await client.write("add", id, {
      ids,
      embeddings: ids.map(() => Array.from({ length: 8 }, () => random.next())),
      documents: ids.map((name) => `${name} ${"text ".repeat(random.below(80))}`),
      metadatas: ids.map((_, i) => ({ batch, i })),
    });
    if (batch % 3 === 2) await client.delete(id, { where: { i: { $lt: 4 } } });
  }
}

/** Everything that a client can see. */
async function contents(client: EngineClient): Promise<unknown> {
  const collections = (await client.listCollections()).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(
    collections.map(async ({ id, name }) => [
      name,
      await client.get(id, { include: ["documents", "metadatas", "embeddings", "uris"] }),
      await client.query(id, [Array.from({ length: 8 }, () => 0.5)], { n_results: 5 }),
    ]),
  );
}

async function start(client: EngineClient): Promise<ExportStarted> {
  const { method, route } = startExportOperation;
  return (await client.call(method, route)) as ExportStarted;
}

async function readRest(client: EngineClient, begun: ExportStarted, from = 0): Promise<Uint8Array[]> {
  const { method, route } = readExportOperation;
  const sections: Uint8Array[] = [];
  for (let section = from; section < begun.sections; section++) {
    const data = await client.call(method, route, { export: begun.export, section: String(section) });
    sections.push((data as ArchiveBytes).bytes);
  }
  await client.call(endExportOperation.method, endExportOperation.route, { export: begun.export });
  return sections;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

async function archiveOf(client: EngineClient): Promise<Uint8Array> {
  return join(await readRest(client, await start(client)));
}

/** In pieces that no section begins or ends with. */
async function importInto(client: EngineClient, archive: Uint8Array, pieceBytes = 40_001): Promise<void> {
  const { method, route } = importOperation;
  for (let at = 0; at < archive.length; at += pieceBytes) {
    await client.call(method, route, {}, { bytes: archive.slice(at, at + pieceBytes), isEnd: false });
  }
  await client.call(method, route, {}, { bytes: new Uint8Array(0), isEnd: true });
}

async function openEmpty(): Promise<EngineClient> {
  const disk: Disk = new Map();
  return EngineClient.open(() => memory(disk), { limits });
}

test("an archive put into an empty path is the same database, and is written to as any other", async () => {
  const source = await EngineClient.open(memory(), { limits, idleMs: 0 });
  await fill(source, 1, 12);
  await fill(source, 2, 3);
  const archive = await archiveOf(source);
  const target = await openEmpty();
  await importInto(target, archive);
  expect(await contents(target)).toEqual(await contents(source));
  await fill(target, 3, 12);
  await fill(source, 3, 12);
  expect(await contents(target)).toEqual(await contents(source));
  await Promise.all([source.close(), target.close()]);
});

test("what makes and takes archives is loaded by the first export or import", async () => {
  const load = vi.fn(async () => archives);
  const source = await EngineClient.open(memory(), { limits, archives: load });
  const disk: Disk = new Map();
  const target = await EngineClient.open(() => memory(disk), { limits, archives: load });
  await fill(source, 1, 1);
  expect(load).not.toHaveBeenCalled();
  const archive = await archiveOf(source);
  expect(load).toHaveBeenCalledTimes(1);
  await importInto(target, archive);
  expect(load).toHaveBeenCalledTimes(2);
  await Promise.all([source.close(), target.close()]);
});

test("where it cannot be loaded an export and an import are refused, and the path is as it was", async () => {
  const load = () => Promise.reject(new Error("archives.js: 404 Not Found"));
  const client = await EngineClient.open(memory(), { limits, archives: load });
  await expect(start(client)).rejects.toThrow("archives.js: 404");
  await expect(importInto(client, new Uint8Array(64))).rejects.toThrow("archives.js: 404");
  await fill(client, 1, 1);
  expect(await client.listCollections()).toHaveLength(1);
  await client.close();
});

test("an engine that is put together without it says so", async () => {
  const client = await EngineClient.open(memory(), { limits, archives: undefined });
  await expect(start(client)).rejects.toMatchObject({ status: 501 });
  await expect(importInto(client, new Uint8Array(64))).rejects.toMatchObject({ status: 501 });
  await client.close();
});

test("writes, deletes and checkpoints that come between two sections change nothing of an archive", async () => {
  const source = await EngineClient.open(memory(), { limits, idleMs: 0 });
  await fill(source, 1, 60);
  const begun = await start(source);
  const expected = await contents(source);
  const { method, route } = readExportOperation;
  const readAll = async (): Promise<Uint8Array> => {
    const sections: Uint8Array[] = [];
    for (let section = 0; section < begun.sections; section++) {
      const path = { export: begun.export, section: `${section}` };
      sections.push(((await source.call(method, route, path)) as ArchiveBytes).bytes);
    }
    return join(sections);
  };
  const before = await readAll();
  await source.deleteCollection("notes-1");
  // Enough for a checkpoint to free what the archive is of, and for others to write where that was.
  for (let seed = 5; seed < 10; seed++) await fill(source, seed, 20);
  const archive = await readAll();
  expect(checksum(archive, 0)).toBe(checksum(before, 0));
  const target = await openEmpty();
  await importInto(target, archive);
  expect(await contents(target)).toEqual(expected);
  await Promise.all([source.close(), target.close()]);
});

test("space that was freed during an export is used again after it", async () => {
  const disk: Disk = new Map();
  const source = await EngineClient.open(memory(disk), { limits, idleMs: 0 });
  const sizes: number[] = [];
  for (let round = 0; round < 8; round++) {
    const begun = await start(source);
    await fill(source, 10 + round, 10);
    await source.deleteCollection(`notes-${10 + round}`);
    await readRest(source, begun);
    sizes.push(disk.get("data")!.size);
  }
  await source.close();
  expect(Math.max(...sizes.slice(4))).toBeLessThan(2 * Math.max(...sizes.slice(0, 4)));
});

test("an export of an engine that is gone is told as interrupted, and ending it twice is no error", async () => {
  const source = await EngineClient.open(memory(), { limits });
  const path = { export: "of another engine", section: "0" };
  const { method, route } = readExportOperation;
  await expect(source.call(method, route, path)).rejects.toMatchObject({ code: "transfer-interrupted" });
  await source.call(endExportOperation.method, endExportOperation.route, path);
  await source.close();
});

test("a path that has data takes no archive, and keeps what it has", async () => {
  const source = await EngineClient.open(memory(), { limits });
  await fill(source, 1, 2);
  const archive = await archiveOf(source);
  const before = await contents(source);
  await expect(importInto(source, archive)).rejects.toMatchObject({ status: 409 });
  await expect(source.call(cancelImportOperation.method, cancelImportOperation.route)).rejects.toMatchObject({
    status: 409,
  });
  expect(await contents(source)).toEqual(before);
  await source.close();
});

test("each flipped bit, each cut and each byte too many of an archive is found, and leaves the path empty", async () => {
  const source = await EngineClient.open(memory(), { limits });
  await fill(source, 1, 2);
  const archive = await archiveOf(source);
  await source.close();
  const target = await openEmpty();
  const random = new SeededRandom(Number(process.env["SEED"] ?? 7));
  const damaged = [
    ...Array.from({ length: 60 }, () => {
      const copy = archive.slice();
      copy[random.below(copy.length)]! ^= 1 << random.below(8);
      return copy;
    }),
    ...Array.from({ length: 20 }, () => archive.slice(0, random.below(archive.length))),
    Uint8Array.of(...archive, 0),
    new TextEncoder().encode("not an archive at all".repeat(10)),
    new Uint8Array(0),
  ];
  for (const bytes of damaged) {
    await expect(importInto(target, bytes)).rejects.toMatchObject({ code: "corrupt" });
    expect(await target.listCollections()).toEqual([]);
  }
  await importInto(target, archive);
  expect(await target.listCollections()).toHaveLength(1);
  await target.close();
});

test("an archive of a newer version is refused as such", async () => {
  const source = await EngineClient.open(memory(), { limits });
  const archive = await archiveOf(source);
  await source.close();
  const header = encodeArchiveHeader({ bytes: archive.length, sections: 1 });
  const view = new DataView(header.buffer);
  view.setUint32(4, 99, true);
  view.setUint32(60, checksum(header.subarray(0, 60), 0), true);
  const target = await openEmpty();
  await expect(importInto(target, header)).rejects.toMatchObject({ code: "format-newer" });
  await target.close();
});

/** The roots of an archive, the newest first. */
function rootsIn(archive: Uint8Array): Root[] {
  const file = memory().file("data");
  file.write(archive.subarray(-ROOT_BLOCKS * BLOCK_BYTES), 0);
  const roots: Root[] = [];
  for (let root = readRoot(file); root !== undefined; root = readRoot(file)) {
    roots.push(root);
    for (const block of slotBlocks(root.generation)) file.write(Uint8Array.of(0), block * BLOCK_BYTES);
  }
  return roots;
}

test("wherever the machine stops during an import, the path has all of the archive or nothing", async () => {
  const source = await EngineClient.open(memory(), { limits, idleMs: 0 });
  await fill(source, 1, 30);
  const archive = await archiveOf(source);
  const expected = await contents(source);
  await source.close();
  // What the older one names is not in the archive: it must not be all that is left.
  expect(rootsIn(archive)).toHaveLength(2);
  const storage = new FaultyStorage({ seed: 1, files: pathFiles, history: true });
  const importer = await EngineClient.open(() => storage, { limits, idleMs: 1e6 });
  const begin = storage.calls;
  await importInto(importer, archive);
  const end = storage.calls;
  const found = { empty: 0, whole: 0 };
  for (let call = begin + 1; call <= end; call++) {
    // The roots are written in the last few calls, and what becomes of them is what differs most.
    const seeds = call > end - 8 ? Math.max(SEEDS, 20) : SEEDS;
    for (let seed = 1; seed <= seeds; seed++) {
      const disk = storage.crash({ call, seed });
      const client = await EngineClient.open(new FaultyStorage({ seed, files: pathFiles, disk }), { limits });
      const isEmpty = (await client.listCollections()).length === 0;
      if (!isEmpty) expect(await contents(client)).toEqual(expected);
      found[isEmpty ? "empty" : "whole"]++;
      await client.close();
    }
  }
  expect(found.empty).toBeGreaterThan(10);
  expect(found.whole).toBeGreaterThan(10);
});

test("once an import has ended nothing of its mark is left, so that a root damaged later is told", async () => {
  const source = await EngineClient.open(memory(), { limits });
  await fill(source, 1, 2);
  const archive = await archiveOf(source);
  await source.close();
  const disk: Disk = new Map();
  const target = await EngineClient.open(() => memory(disk), { limits, idleMs: 1e6 });
  await importInto(target, archive);
  await target.close();
  const data = memory(disk).file("data");
  expect(hasImportMark(data)).toBe(false);
  for (const block of slotBlocks(readRoot(data)!.generation)) {
    data.write(Uint8Array.of(0), block * BLOCK_BYTES);
  }
  await expect(EngineClient.open(memory(disk), { limits })).rejects.toMatchObject({ code: "corrupt" });
});

/** Blocks with one root, whose manifests are nowhere; without any for version 0. */
function rootBlocks(version: number): Uint8Array {
  const file = memory().file("data");
  file.truncate(ROOT_BLOCKS * BLOCK_BYTES);
  const pointer = [4, 1, 10, 11] as const;
  if (version > 0) writeRoot(file, { version, pathId: 1n, generation: 1, manifests: [pointer, pointer] });
  const blocks = new Uint8Array(ROOT_BLOCKS * BLOCK_BYTES);
  file.read(blocks, 0);
  return blocks;
}

/** An archive of roots alone: each of its checksums is right. */
function archiveOfRoots(version: number): Uint8Array {
  const blocks = rootBlocks(version);
  const section = Uint8Array.of(...new Uint8Array(SECTION_HEADER_BYTES), ...blocks);
  sealSection(section, { file: ROOTS, offset: 0, length: blocks.length, number: 1 });
  const bytes = ARCHIVE_HEADER_BYTES + section.length;
  return Uint8Array.of(...encodeArchiveHeader({ bytes, sections: 1 }), ...section);
}

test("an archive without a root is refused, and one of a newer format is named as such", async () => {
  const target = await openEmpty();
  const imported = (version: number): Promise<void> => importInto(target, archiveOfRoots(version));
  await expect(imported(0)).rejects.toMatchObject({ code: "corrupt" });
  await expect(imported(FORMAT_VERSION + 1)).rejects.toMatchObject({ code: "format-newer" });
  expect(await target.listCollections()).toEqual([]);
  await target.close();
});

test("an archive that is whole and cannot be opened leaves the path empty", async () => {
  const disk: Disk = new Map();
  const target = await EngineClient.open(() => memory(disk), { limits });
  await expect(importInto(target, archiveOfRoots(FORMAT_VERSION))).rejects.toMatchObject({ code: "corrupt" });
  await target.close();
  const next = await EngineClient.open(memory(disk), { limits });
  expect(await next.listCollections()).toEqual([]);
  await next.close();
});

test("an import keeps its storage, and with it the lock, until it is believed", async () => {
  const source = await EngineClient.open(memory(), { limits });
  await fill(source, 1, 2);
  const archive = await archiveOf(source);
  let openings = 0;
  const target = await EngineClient.open(
    () => {
      // Whoever waited has the path from the moment it is free.
      if (++openings > 1) throw new Failure("path-locked", "another has it");
      return memory();
    },
    { limits },
  );
  await importInto(target, archive);
  expect(await contents(target)).toEqual(await contents(source));
  await Promise.all([source.close(), target.close()]);
});
