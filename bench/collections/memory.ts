// Many collections of one size, loaded together, and the memory that they take.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineStorageInfo, storageInfoOperation } from "../../src/protocol/storage-info.ts";
import type { Operation } from "../../src/protocol/operation.ts";
import { PathEngine } from "../../worker/engine/engine.ts";
import { loadRecords } from "../../worker/load-records.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";
import { generateRecords } from "../datasets/generated-records.ts";
import { generateVectors } from "../datasets/generated-vectors.ts";

export const dimension = 384;
const collections = "/api/v2/tenants/{tenant}/databases/{database}/collections";
const scope = { tenant: "default_tenant", database: "default_database" };
/** Records of one write: collections grow in turns, as they do in use. */
const recordsPerWrite = 25;
/** Enough that nothing is given up. */
const memoryLimitBytes = 2 ** 40;

/** Bytes a collection. */
export interface Memory {
  readonly told: number;
  readonly vectors: number;
  readonly resident: number;
}

/** @param library  the folder of the built package, as a URL. To be run with `--expose-gc`. */
export async function measure(library: string, count: number, records: number): Promise<Memory> {
  const path = await mkdtemp(join(tmpdir(), "chromalite-collections-"));
  try {
    const engine = new PathEngine({
      openStorage: () => openStorage({ backend: "node", path, files: pathFiles }),
      records: () => loadRecords(library),
    });
    await engine.open(path, { allowReset: false, memoryLimitBytes });
    // The first one loads what all of them share.
    await fill(engine, [await create(engine, "first")], recordsPerWrite);
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push(await create(engine, `collection-${i}`));
    const before = { told: await told(engine), resident: resident() };
    await fill(engine, ids, records);
    const after = { told: await told(engine), resident: resident() };
    await engine.close();
    return {
      told: (after.told - before.told) / count,
      vectors: records * dimension * 4,
      resident: (after.resident - before.resident) / count,
    };
  } finally {
    await rm(path, { recursive: true });
  }
}

async function fill(engine: PathEngine, ids: readonly string[], records: number): Promise<void> {
  const vectors = generateVectors(4, dimension);
  const recordOf = generateRecords(4);
  for (let start = 0; start < records; start += recordsPerWrite) {
    const rows = Math.min(recordsPerWrite, records - start);
    const values = new Float32Array(rows * dimension);
    for (let i = 0; i < rows; i++) vectors.next(values.subarray(i * dimension, (i + 1) * dimension));
    const taken = Array.from({ length: rows }, (_, i) => recordOf(start + i));
    const body = {
      ids: taken.map(({ id }) => id),
      embeddings: { rows, dimension, values },
      documents: taken.map(({ document }) => document),
      metadatas: taken.map(({ metadata }) => metadata),
    };
    for (const collection_id of ids) {
      const route = `${collections}/{collection_id}/add`;
      await call(engine, { method: "post", route, path: { ...scope, collection_id }, body });
    }
  }
}

async function create(engine: PathEngine, name: string): Promise<string> {
  const made = await call(engine, { method: "post", route: collections, path: scope, body: { name } });
  return (made as { id: string }).id;
}

async function told(engine: PathEngine): Promise<number> {
  return ((await call(engine, storageInfoOperation)) as EngineStorageInfo).memoryUsed;
}

function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

async function call(engine: PathEngine, operation: Operation): Promise<unknown> {
  const reply = await engine.call({ ...operation, durability: "relaxed" });
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.data;
}
