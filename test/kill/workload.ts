// The writes of a program that gets killed: one sequence for each seed, where a step's write follows
// from its number alone. So the program needs no memory of its own to go on after a kill, and the
// test knows what every step must have done.

import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import type { ModelRecord, ModelWrite } from "../engine/model.ts";

export const DIMENSION = 256;

/** Each chapter of the sequence begins with a collection of its own, and drops the one of two chapters before. */
const CHAPTER_STEPS = 40;
const DROP_STEP = 20;

/** Few enough that ids meet again: updated, deleted, added anew, until more space is dead than alive. */
const IDS = 400;
const RECORDS_MAX = 200;

type GivenRecord = { readonly id: string } & Partial<ModelRecord>;

/** @param step  from 0 on, without a gap */
export function writeAt(seed: number, step: number): ModelWrite {
  const chapter = Math.floor(step / CHAPTER_STEPS);
  const stepOfChapter = step % CHAPTER_STEPS;
  if (stepOfChapter === 0) return { kind: "create", name: nameOf(chapter) };
  if (stepOfChapter === DROP_STEP && chapter >= 2) return { kind: "drop", name: nameOf(chapter - 2) };

  const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ step);
  const name = nameOf(Math.max(0, chapter - random.below(2)));
  const kind = random.pick([
    "add",
    "add",
    "upsert",
    "upsert",
    "upsert",
    "update",
    "delete",
    "deleteWhere",
  ] as const);
  switch (kind) {
    case "add":
    case "upsert":
      return { kind, name, records: drawIds(random).map((id) => drawRecord(random, id, step)) };
    case "update": {
      const metadataOnly = random.chance(0.5);
      const draw = (id: string): GivenRecord =>
        metadataOnly ? { id, metadata: { updated: step } } : drawRecord(random, id, step);
      return { kind, name, records: drawIds(random).map(draw) };
    }
    case "delete":
      return { kind, name, ids: drawIds(random) };
    case "deleteWhere":
      return { kind, name, group: random.below(8) };
  }
}

function nameOf(chapter: number): string {
  return `chapter-${chapter}`;
}

/** 1 to 200 different ids; a third of the time no more than five. */
function drawIds(random: SeededRandom): string[] {
  const most = random.pick([5, 60, RECORDS_MAX]);
  const length = 1 + random.below(most);
  return [...new Set(Array.from({ length }, () => `id-${random.below(IDS)}`))];
}

function drawRecord(random: SeededRandom, id: string, step: number): GivenRecord & ModelRecord {
  return {
    id,
    embedding: Array.from({ length: DIMENSION }, () => Math.fround(random.next() * 2 - 1)),
    document: Array.from({ length: 1 + random.below(40) }, () => `word${random.below(5000)}`).join(" "),
    metadata: { step, group: random.below(8), weight: random.next(), kept: random.chance(0.5) },
  };
}
