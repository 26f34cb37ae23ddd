// A test double of the engine: enough of the contract for the facade's tests, in memory, without an
// index. It records what it was asked, and the calls it has not answered can be left hanging.

import type { Engine, EngineOptions, Opened } from "../../src/protocol/engine-port.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { Operation, PackedVectors, Reply } from "../../src/protocol/operation.ts";
import { invalidArgument, notFound, notImplemented, RequestError } from "../../src/protocol/request-error.ts";

interface FakeCollection {
  readonly id: string;
  readonly name: string;
  readonly ids: string[];
  readonly documents: (string | null)[];
  readonly vectors: Float32Array[];
}

const collectionRoute = "/api/v2/tenants/{tenant}/databases/{database}/collections";

/** Names of collections that make the fake misbehave when they are created. */
export const misbehaviours = {
  full: "disk-is-full",
  corrupt: "bytes-are-corrupt",
  hang: "never-answers",
  crash: "worker-crashes",
} as const;

export class FakeEngine implements Engine {
  readonly opened: { path: string | null; options: EngineOptions }[] = [];
  readonly operations: Operation[] = [];
  closed = 0;
  readonly #collections = new Map<string, FakeCollection>();
  readonly #crash: () => void;

  /** @param crash  what a crash of the worker is, where there is one */
  constructor(crash: () => void = () => undefined) {
    this.#crash = crash;
  }

  open(path: string | null, options: EngineOptions): Promise<Opened> {
    this.opened.push({ path, options });
    if (path?.endsWith("locked")) {
      return Promise.reject(new Failure("path-locked", "The path is open elsewhere", { path }));
    }
    return Promise.resolve({ lastFrame: 0 });
  }

  async call(operation: Operation): Promise<Reply> {
    this.operations.push(operation);
    const body = (operation.body ?? {}) as Record<string, unknown>;
    const key = `${operation.method} ${operation.route.replace(collectionRoute, "C")}`;
    switch (key) {
      case "get /api/v2/heartbeat":
        return ok({ "nanosecond heartbeat": 1 });
      case "get /api/v2/pre-flight-checks":
        return ok({ max_batch_size: 1000, supports_base64_encoding: false });
      case "post /api/v2/reset":
        throw new RequestError(403, "ChromaError", "Reset is disabled by config");
      case "post C":
        return this.#create(String(body["name"]));
      case "get C":
        return ok([...this.#collections.values()].map(describe));
      case "get C/{collection_id}":
        return ok(describe(this.#byName(operation)));
      case "get C/{collection_id}/count":
        return ok(this.#byId(operation).ids.length);
      case "post C/{collection_id}/add":
        return this.#add(operation, body);
      case "post C/{collection_id}/get":
        return this.#get(operation, body);
      case "post C/{collection_id}/query":
        return this.#query(operation, body);
      default:
        throw notImplemented(`${key} is not implemented`);
    }
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }

  #create(name: string): Promise<Reply> {
    if (name === misbehaviours.full) throw new Failure("storage-full", "The disk is full", { wanted: 10 });
    if (name === misbehaviours.corrupt) {
      const cause = new Error("checksum differs");
      throw new Failure("corrupt", "Frame 7 is damaged", { file: "log-0", offset: 512 }, { cause });
    }
    if (name === misbehaviours.hang) return new Promise(() => undefined);
    if (name === misbehaviours.crash) {
      this.#crash();
      return new Promise(() => undefined);
    }
    const collection = { id: crypto.randomUUID(), name, ids: [], documents: [], vectors: [] };
    this.#collections.set(name, collection);
    return Promise.resolve(ok(describe(collection)));
  }

  #add(operation: Operation, body: Record<string, unknown>): Reply {
    const collection = this.#byId(operation);
    const { rows, dimension, values } = body["embeddings"] as PackedVectors;
    const ids = body["ids"] as string[];
    const documents = body["documents"] as string[] | undefined;
    const expected = collection.vectors[0]?.length ?? dimension;
    if (dimension !== expected) {
      throw invalidArgument(`Collection expecting embedding with dimension of ${expected}, got ${dimension}`);
    }
    for (let row = 0; row < rows; row += 1) {
      collection.ids.push(ids[row] as string);
      collection.documents.push(documents?.[row] ?? null);
      collection.vectors.push(values.slice(row * dimension, (row + 1) * dimension));
    }
    return { ok: true, status: 201, data: {} };
  }

  #get(operation: Operation, { include }: Record<string, unknown>): Reply {
    const { ids, documents, vectors } = this.#byId(operation);
    return ok({
      ids,
      documents,
      include,
      embeddings: asksFor(include, "embeddings") ? pack(vectors) : null,
      metadatas: ids.map(() => null),
      uris: null,
    });
  }

  #query(operation: Operation, body: Record<string, unknown>): Reply {
    const { ids, documents, vectors } = this.#byId(operation);
    const { rows, dimension, values } = body["query_embeddings"] as PackedVectors;
    const queries = Array.from({ length: rows }, (_, row) => {
      const query = values.subarray(row * dimension, (row + 1) * dimension);
      return vectors
        .map((vector, record) => ({ record, distance: squaredDistance(vector, query) }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, body["n_results"] as number);
    });
    const column = <T>(values: readonly T[]): T[][] =>
      queries.map((hits) => hits.map(({ record }) => values[record] as T));
    return ok({
      ids: column(ids),
      documents: column(documents),
      include: body["include"],
      distances: queries.map((hits) => hits.map(({ distance }) => distance)),
      embeddings: asksFor(body["include"], "embeddings") ? column(vectors).map(pack) : null,
      metadatas: column(ids.map(() => null)),
      uris: null,
    });
  }

  #byName({ path }: Operation): FakeCollection {
    const collection = this.#collections.get(path?.["collection_id"] ?? "");
    if (!collection) throw notFound(`Collection [${path?.["collection_id"]}] does not exist`);
    return collection;
  }

  #byId({ path }: Operation): FakeCollection {
    const collection = [...this.#collections.values()].find(({ id }) => id === path?.["collection_id"]);
    if (!collection) throw notFound(`Collection [${path?.["collection_id"]}] does not exist.`);
    return collection;
  }
}

function ok(data: unknown): Reply {
  return { ok: true, status: 200, data };
}

function describe({ id, name, vectors }: FakeCollection): unknown {
  return {
    id,
    name,
    configuration_json: { hnsw: { space: "l2" }, spann: null, embedding_function: null },
    schema: null,
    metadata: null,
    dimension: vectors[0]?.length ?? null,
    tenant: "default_tenant",
    database: "default_database",
    log_position: 0,
    version: 0,
  };
}

function asksFor(include: unknown, field: string): boolean {
  return Array.isArray(include) && include.includes(field);
}

function pack(vectors: readonly Float32Array[]): PackedVectors {
  const dimension = vectors[0]?.length ?? 0;
  const values = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, row) => values.set(vector, row * dimension));
  return { rows: vectors.length, dimension, values };
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return Math.fround(a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0));
}
