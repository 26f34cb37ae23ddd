// The judge of the kill tests, judged: a state that lacks something must not pass.

import { expect, test } from "vitest";
import { applyToModel, type Model, type ModelRecord } from "../engine/model.ts";
import { embeddingChecksum, type FoundCollection } from "./program.ts";
import { judge } from "./verdict.ts";
import { writeAt } from "./workload.ts";

const seed = 7;
const models: Model[] = [new Map()];
for (let step = 0; step < 100; step++) models.push(applyToModel(models.at(-1)!, writeAt(seed, step)));

/** A step that adds several records and changes what is there. */
const adding = models.findIndex((_, step) => {
  const write = writeAt(seed, step);
  return step > 10 && write.kind === "add" && sizeOf(models[step + 1]!) > sizeOf(models[step]!) + 2;
});

function sizeOf(model: Model): number {
  return [...model.values()].reduce((sum, records) => sum + records.size, 0);
}

/** A model as a program reads it back. */
function readBack(model: Model): FoundCollection[] {
  return [...model].map(([name, records]) => ({
    name,
    records: [...records].map(([id, { embedding, ...rest }]: [string, ModelRecord]) => ({
      id,
      ...rest,
      embedding: embeddingChecksum(embedding),
    })),
  }));
}

test("the acknowledged state passes, and that with the write under way", () => {
  expect(judge(models, adding, readBack(models[adding]!))).toEqual({ writes: adding });
  expect(judge(models, adding, readBack(models[adding + 1]!))).toEqual({ writes: adding + 1 });
});

test("an older state is counted as lost writes", () => {
  expect(judge(models, adding + 1, readBack(models[adding]!))).toEqual({ lost: 1 });
});

test("a newer state than that of the write under way is torn: nobody asked for it", () => {
  const later = models.findIndex(
    (model, n) => n > adding + 1 && sizeOf(model) !== sizeOf(models[adding + 1]!),
  );
  expect(judge(models, adding, readBack(models[later]!))).toHaveProperty("torn");
});

type Mutable = { name: string; records: Record<string, unknown>[] };

test.each<[string, (last: Mutable["records"]) => void]>([
  ["a record of a write is missing", (records) => records.pop()],
  ["two records have changed places", (records) => records.push(records.shift()!)],
  ["a document is of another write", (records) => Object.assign(records.at(-1)!, { document: "stale" })],
  ["a metadata value is missing", (records) => Object.assign(records.at(-1)!, { metadata: null })],
  ["an embedding differs in one bit", (records) => Object.assign(records.at(-1)!, { embedding: 1 })],
])("a state where %s is torn", (_, damage) => {
  const found = structuredClone(readBack(models[adding + 1]!)) as unknown as Mutable[];
  const grown = found.find(({ name }) => name === writeAt(seed, adding).name)!;
  damage(grown.records);
  const verdict = judge(models, adding, found as unknown as FoundCollection[]);
  expect(verdict).toEqual({ torn: expect.stringContaining(`of ${grown.name}`) as string });
});
