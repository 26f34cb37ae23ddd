// An engine over a given storage, and its operations as functions: what a transport does, without one.

import type { MetadataPatch } from "../../src/protocol/metadata.ts";
import type { EngineOptions } from "../../src/protocol/engine-port.ts";
import type { Durability, Method, PackedVectors, Reply } from "../../src/protocol/operation.ts";
import { archives } from "../../worker/archives.ts";
import { type EngineParts, PathEngine } from "../../worker/engine/engine.ts";
import { loadHnsw } from "../../worker/load-hnsw.ts";
import { loadSql } from "../../worker/load-sql.ts";
import { pathFiles } from "../../worker/path/open-path.ts";
import { loadRegex } from "../../worker/load-regex.ts";
import { openRecords, salvage } from "../../worker/records.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import type { Storage } from "../../worker/storage/storage.ts";

const sql = loadSql();
const records = openRecords({ sql: () => sql, hnsw: () => loadHnsw(), regex: () => loadRegex() }, salvage);

const DATABASE = "/api/v2/tenants/{tenant}/databases/{database}";
const COLLECTIONS = `${DATABASE}/collections`;
const COLLECTION = `${COLLECTIONS}/{collection_id}`;
const scope = { tenant: "default_tenant", database: "default_database" };

/** An error reply, as a test sees it. */
export class ReplyError extends Error {
  constructor(readonly reply: Reply & { ok: false }) {
    super(reply.error.message);
  }
  get status(): number {
    return this.reply.error.status;
  }
  get code(): string | undefined {
    return this.reply.error.code;
  }
}

/** Columns of a write; `embeddings` as rows, null for a row without one. */
export interface WriteBody {
  readonly ids: readonly string[];
  readonly embeddings?: readonly (readonly number[] | null)[];
  readonly documents?: readonly (string | null)[];
  readonly metadatas?: readonly (MetadataPatch | null)[];
  readonly uris?: readonly (string | null)[];
}

export interface RecordsReply {
  readonly ids: string[];
  readonly documents: (string | null)[] | null;
  readonly metadatas: (Record<string, unknown> | null)[] | null;
  readonly uris: (string | null)[] | null;
  readonly embeddings: PackedVectors | null;
}

export interface QueryReply {
  readonly ids: string[][];
  readonly distances: (number | null)[][] | null;
  readonly documents: (string | null)[][] | null;
  readonly metadatas: (Record<string, unknown> | null)[][] | null;
}

export class EngineClient {
  readonly engine: PathEngine;
  /** Of the operations from now on. */
  durability: Durability = "strict";

  private constructor(engine: PathEngine) {
    this.engine = engine;
  }

  /** Opens an engine over `storage`, or over memory of its own. A function is asked for each opening. */
  static async open(
    storage: Storage | (() => Storage | Promise<Storage>) = memory(),
    options: Partial<
      Pick<EngineParts, "archives" | "limits" | "idleMs" | "records" | "unindexedMax"> & EngineOptions
    > = {},
  ): Promise<EngineClient> {
    const { allowReset = false, memoryLimitBytes, expectedAt, ...parts } = options;
    const engine = new PathEngine({
      openStorage: async () => (typeof storage === "function" ? storage() : storage),
      records: () => records,
      archives: async () => archives,
      ...parts,
    });
    await engine.open("test", {
      allowReset,
      ...(memoryLimitBytes !== undefined && { memoryLimitBytes }),
      ...(expectedAt !== undefined && { expectedAt }),
    });
    return new EngineClient(engine);
  }

  async call(method: Method, route: string, path = {}, body?: unknown, query = {}): Promise<unknown> {
    const { durability } = this;
    const operation = { method, route, path: { ...scope, ...path }, body, query, durability };
    const reply = await this.engine.call(operation);
    if (!reply.ok) throw new ReplyError(reply);
    return reply.data;
  }

  async createCollection(name: string, body: Record<string, unknown> = {}): Promise<string> {
    const collection = await this.call("post", COLLECTIONS, {}, { name, ...body });
    return (collection as { id: string }).id;
  }

  async listCollections(): Promise<{ id: string; name: string }[]> {
    return (await this.call("get", COLLECTIONS)) as { id: string; name: string }[];
  }

  async collectionId(name: string): Promise<string> {
    return ((await this.call("get", COLLECTION, { collection_id: name })) as { id: string }).id;
  }

  deleteCollection(name: string): Promise<unknown> {
    return this.call("delete", COLLECTION, { collection_id: name });
  }

  write(kind: "add" | "update" | "upsert", id: string, body: WriteBody): Promise<unknown> {
    const { embeddings, ...columns } = body;
    const packed = embeddings === undefined ? {} : { embeddings: pack(embeddings) };
    return this.call("post", `${COLLECTION}/${kind}`, { collection_id: id }, { ...columns, ...packed });
  }

  async delete(id: string, body: Record<string, unknown>): Promise<number> {
    const reply = await this.call("post", `${COLLECTION}/delete`, { collection_id: id }, body);
    return (reply as { deleted: number }).deleted;
  }

  async get(id: string, body: Record<string, unknown> = {}): Promise<RecordsReply> {
    return (await this.call("post", `${COLLECTION}/get`, { collection_id: id }, body)) as RecordsReply;
  }

  async query(id: string, vectors: readonly (readonly number[])[], body = {}): Promise<QueryReply> {
    const request = { query_embeddings: pack(vectors), ...body };
    return (await this.call("post", `${COLLECTION}/query`, { collection_id: id }, request)) as QueryReply;
  }

  async count(id: string): Promise<number> {
    return (await this.call("get", `${COLLECTION}/count`, { collection_id: id })) as number;
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

/** Storage in memory; on a disk of the caller's it is still there for the next one. */
export function memory(disk?: Disk): Storage {
  return new CheckedStorage(openMemory(pathFiles, disk));
}

export function pack(rows: readonly (readonly number[] | null)[]): PackedVectors {
  const given = rows.filter((row) => row !== null);
  return {
    rows: rows.length,
    dimension: given[0]?.length ?? 0,
    values: Float32Array.from(given.flat()),
    ...(given.length < rows.length
      ? { present: Uint8Array.from(rows, (row) => (row === null ? 0 : 1)) }
      : {}),
  };
}

/** Rows of packed vectors, as plain numbers. */
export function unpack({ rows, dimension, values }: PackedVectors): number[][] {
  return Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * dimension, (row + 1) * dimension),
  ]);
}
