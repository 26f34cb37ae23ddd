// The program that gets killed, the same in a page and in Node: it writes, saying so after each
// answered call, and it tells what it finds. It uses the package as an application does.

import type { Collection, PersistentClient } from "../../src/index.ts";
import { checksum } from "../../worker/checksum.ts";
import type { ModelWrite } from "../engine/model.ts";
import { DIMENSION, writeAt } from "./workload.ts";

/** A record as it was read back; the embedding as the checksum of its 32-bit floats. */
export interface FoundRecord {
  readonly id: string;
  readonly document: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly embedding: number;
}

export interface FoundCollection {
  readonly name: string;
  /** In insertion order. */
  readonly records: readonly FoundRecord[];
}

export interface Probe {
  readonly name: string;
  readonly embedding: readonly number[];
}

/** Every third write has reads beside it. */
const READ_STEPS = 3;

export class Program {
  readonly #client: PersistentClient;
  readonly #collectionByName = new Map<string, Collection>();
  #isStopped = false;

  constructor(client: PersistentClient) {
    this.#client = client;
  }

  /** Opens the path and counts every collection's records. Returns in how many milliseconds. */
  async open(): Promise<number> {
    const start = performance.now();
    for (const collection of await this.#client.listCollections()) await collection.count();
    return performance.now() - start;
  }

  /**
   * Carries out the steps from `from` up to, not including, `until`, one call after another.
   * @param acknowledge  awaited with the step of each answered call before the next call begins
   */
  async write(
    seed: number,
    from: number,
    until: number,
    acknowledge: (step: number) => Promise<void>,
  ): Promise<void> {
    for (let step = from; step < until && !this.#isStopped; step++) {
      const write = writeAt(seed, step);
      if (step % READ_STEPS === 0 && "records" in write) await this.#runAndRead(write);
      else await this.#run(write);
      await acknowledge(step);
    }
  }

  /** Lets `write` begin no more calls. For a program whose worker alone is killed: its client would start another. */
  stop(): void {
    this.#isStopped = true;
  }

  async readBack(): Promise<FoundCollection[]> {
    const found: FoundCollection[] = [];
    for (const collection of await this.#client.listCollections()) {
      found.push({ name: collection.name, records: await readRecords(collection) });
    }
    return found;
  }

  /** The id of the record nearest to each probe. */
  async nearest(probes: readonly Probe[]): Promise<(string | undefined)[]> {
    const ids: (string | undefined)[] = [];
    for (const { name, embedding } of probes) {
      const collection = await this.#collection(name);
      const reply = await collection.query({ queryEmbeddings: [[...embedding]], nResults: 1 });
      ids.push(reply.ids[0]?.[0]);
    }
    return ids;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #run(write: ModelWrite): Promise<void> {
    const { name } = write;
    if (write.kind === "create") {
      await this.#client.createCollection({ name, embeddingFunction: null });
      return;
    }
    if (write.kind === "drop") {
      await this.#client.deleteCollection({ name });
      this.#collectionByName.delete(name);
      return;
    }
    const collection = await this.#collection(name);
    if (write.kind === "delete") await collection.delete({ ids: [...write.ids] });
    else if (write.kind === "deleteWhere") await collection.delete({ where: { group: write.group } });
    else await collection[write.kind](toColumns(write.records));
  }

  /**
   * Carries out a write with reads under way.
   * @throws {Error}  a read saw a part of the write
   */
  async #runAndRead(write: WriteOfRecords): Promise<void> {
    const collection = await this.#collection(write.name);
    const before = await readWritten(collection, write);
    const [seen] = await Promise.all([readWritten(collection, write), this.#run(write)]);
    const after = await readWritten(collection, write);
    const torn = seen.find((text, i) => text !== before[i] && text !== after[i]);
    if (torn !== undefined) throw new Error(`a read beside a write saw a part of it: ${torn}`);
  }

  async #collection(name: string): Promise<Collection> {
    const known = this.#collectionByName.get(name);
    if (known) return known;
    const collection = await this.#client.getCollection({ name });
    this.#collectionByName.set(name, collection);
    return collection;
  }
}

type WriteOfRecords = Extract<ModelWrite, { records: unknown }>;
type Columns = Parameters<Collection["upsert"]>[0];

/** What a get and a query, each for itself, find of the records of a write, as texts. */
function readWritten(collection: Collection, { records }: WriteOfRecords): Promise<string[]> {
  const ids = records.map(({ id }) => id);
  const embedding = records[0]!.embedding ?? Array.from({ length: DIMENSION }, () => 1);
  return Promise.all([
    collection.get({ ids, include: ["documents", "metadatas"] }).then(toText),
    collection.query({ queryEmbeddings: [[...embedding]], ids, nResults: ids.length }).then(toText),
  ]);
}

function toText(reply: object): string {
  return JSON.stringify(reply);
}

/** All records of one write have the same columns. */
function toColumns(records: WriteOfRecords["records"]): Columns {
  const columns = {
    ids: records.map(({ id }) => id),
    metadatas: records.map(({ metadata }) => metadata as Record<string, number>),
  };
  if (records[0]?.embedding === undefined) return columns;
  return {
    ...columns,
    embeddings: records.map(({ embedding }) => Float32Array.from(embedding!)),
    documents: records.map(({ document }) => document!),
  };
}

async function readRecords(collection: Collection): Promise<FoundRecord[]> {
  const { ids, documents, metadatas, embeddings } = await collection.get({
    include: ["documents", "metadatas", "embeddings"],
  });
  return ids.map((id, i) => ({
    id,
    document: documents[i] ?? null,
    metadata: metadatas[i] ?? null,
    embedding: embeddingChecksum(embeddings[i]!),
  }));
}

export function embeddingChecksum(embedding: readonly number[]): number {
  return checksum(new Uint8Array(Float32Array.from(embedding).buffer), 0);
}
