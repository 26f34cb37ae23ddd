// Seeded writes over a few collections, and how an engine and a model carry them out.

import type { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { type EngineClient, unpack } from "./engine-client.ts";
import type { Model, ModelRecord, ModelWrite } from "./model.ts";

export const DIMENSION = 4;

/** A collection that the workload writes to at its start and never again. */
export const UNTOUCHED = "untouched";

export function drawWrite(random: SeededRandom, model: Model): ModelWrite {
  if (!model.has(UNTOUCHED)) return { kind: "create", name: UNTOUCHED };
  if (model.get(UNTOUCHED)!.size === 0) {
    return { kind: "add", name: UNTOUCHED, records: drawRecords(random, ["kept-1", "kept-2", "kept-3"]) };
  }
  const names = [...model.keys()].filter((name) => name !== UNTOUCHED);
  if (names.length === 0 || (names.length < 4 && random.chance(0.1))) {
    const free = ["alpha", "beta", "gamma", "delta"].filter((name) => !model.has(name));
    return { kind: "create", name: random.pick(free) };
  }
  const name = random.pick(names);
  const known = [...model.get(name)!.keys()];
  const kind = random.pick([
    "add",
    "add",
    "add",
    "upsert",
    "upsert",
    "update",
    "delete",
    "deleteWhere",
    "drop",
  ] as const);
  switch (kind) {
    case "drop":
      return random.chance(0.4) ? { kind, name } : { kind: "delete", name, ids: drawIds(random) };
    case "delete":
      return { kind, name, ids: [...new Set([...drawIds(random), ...known.slice(0, random.below(3))])] };
    case "deleteWhere":
      return { kind, name, group: random.below(6) };
    case "add":
    case "upsert":
      return { kind, name, records: drawRecords(random, drawIds(random)) };
    case "update":
      return { kind, name, records: drawUpdates(random, drawIds(random)) };
  }
}

/** Ids from a small range, so that they meet again: deleted, added anew, updated. */
function drawIds(random: SeededRandom): string[] {
  return [...new Set(Array.from({ length: 1 + random.below(8) }, () => `id-${random.below(40)}`))];
}

function drawRecords(random: SeededRandom, ids: readonly string[]): ({ id: string } & ModelRecord)[] {
  return ids.map((id) => ({
    id,
    embedding: drawVector(random),
    document: random.chance(0.8) ? drawText(random) : null,
    metadata: random.chance(0.8) ? { group: random.below(6), tag: drawText(random) } : null,
  }));
}

function drawUpdates(
  random: SeededRandom,
  ids: readonly string[],
): ({ id: string } & Partial<ModelRecord>)[] {
  const [moves, renames] = [random.chance(0.5), random.chance(0.5)];
  return ids.map((id) => ({
    id,
    ...(moves ? { embedding: drawVector(random) } : {}),
    ...(renames ? { document: drawText(random) } : {}),
    metadata: { group: random.below(6) },
  }));
}

function drawVector(random: SeededRandom): number[] {
  return Array.from({ length: DIMENSION }, () => Math.fround(random.next() * 2 - 1));
}

/** Sometimes long enough to be written past the log. */
function drawText(random: SeededRandom): string {
  return random.chance(0.02) ? "long ".repeat(2000) + random.below(1000) : `text ${random.below(1e6)}`;
}

/** Carries a write out; resolves when the engine has acknowledged it. */
export async function runWrite(client: EngineClient, write: ModelWrite): Promise<void> {
  switch (write.kind) {
    case "create":
      await client.createCollection(write.name);
      return;
    case "drop":
      await client.deleteCollection(write.name);
      return;
    case "delete":
      await client.delete(await client.collectionId(write.name), { ids: write.ids });
      return;
    case "deleteWhere":
      await client.delete(await client.collectionId(write.name), { where: { group: write.group } });
      return;
    default: {
      const { records } = write;
      await client.write(write.kind, await client.collectionId(write.name), {
        ids: records.map(({ id }) => id),
        metadatas: records.map(({ metadata }) => (metadata ?? null) as Record<string, string> | null),
        ...(records[0]?.document === undefined
          ? {}
          : { documents: records.map(({ document }) => document ?? null) }),
        ...(records[0]?.embedding === undefined
          ? {}
          : { embeddings: records.map(({ embedding }) => embedding!) }),
      });
    }
  }
}

/** Everything an engine holds, as a model; collections by name. */
export async function readModel(client: EngineClient): Promise<Model> {
  const model = new Map<string, Map<string, ModelRecord>>();
  for (const { id, name } of await client.listCollections()) {
    const reply = await client.get(id, { include: ["documents", "metadatas", "embeddings"] });
    const vectors = unpack(reply.embeddings!);
    const records = reply.ids.map((recordId, i): [string, ModelRecord] => [
      recordId,
      { embedding: vectors[i]!, document: reply.documents![i]!, metadata: reply.metadatas![i]! },
    ]);
    model.set(name, new Map(records));
  }
  return model;
}

/** The same records in the same order in the same collections. */
export function isSameModel(a: Model, b: Model): boolean {
  return canonical(a) === canonical(b);
}

function canonical(model: Model): string {
  const byName = [...model].sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify(
    byName.map(([name, records]) => [
      name,
      [...records].map(([id, { embedding, document, metadata }]) => [
        id,
        embedding,
        document,
        metadata === null ? null : Object.entries(metadata).sort(([x], [y]) => (x < y ? -1 : 1)),
      ]),
    ]),
  );
}
