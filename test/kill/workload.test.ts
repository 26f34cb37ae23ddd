// What the kills interrupt: the workload must make the engine do all that it does with its files. Each is
// counted where it happens, in an engine of this process that rests now and then, as the killed programs do.

import { expect, test, vi } from "vitest";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { SliceWriter } from "../../worker/path/slice-writer.ts";
import { EngineClient, memory } from "../engine/engine-client.ts";
import { applyToModel, type Model } from "../engine/model.ts";
import { isSameModel, readModel, runWrite } from "../engine/workload.ts";
import { writeAt } from "./workload.ts";

const STEPS = 200;
/** Steps between two rests: as many as a killed program does at most, on average. */
const REST_STEPS = 40;

test("the workload creates, drops, adds, updates and deletes, and makes checkpoints pack what it left", async () => {
  const packed = vi.spyOn(SliceWriter.prototype, "pack");
  const client = await EngineClient.open(memory(), { idleMs: 0 });
  const kinds = new Map<string, number>();
  let model: Model = new Map();
  let collectionsMax = 0;
  for (let step = 0; step < STEPS; step++) {
    const write = writeAt(1, step);
    kinds.set(write.kind, (kinds.get(write.kind) ?? 0) + 1);
    await runWrite(client, write);
    model = applyToModel(model, write);
    collectionsMax = Math.max(collectionsMax, model.size);
    if (step % REST_STEPS === 0) for (let turn = 0; turn < 2000; turn++) await macrotask();
  }
  expect(isSameModel(model, await readModel(client))).toBe(true);
  await client.close();
  expect([...kinds.keys()].toSorted()).toEqual([
    "add",
    "create",
    "delete",
    "deleteWhere",
    "drop",
    "update",
    "upsert",
  ]);
  expect(collectionsMax).toBeGreaterThan(1);
  expect(packed.mock.calls.length).toBeGreaterThan(0);
});
