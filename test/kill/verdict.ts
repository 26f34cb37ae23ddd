// What a program holds after a kill, against what it may hold: every acknowledged write, and of the
// one that was under way all or nothing.

import type { Model, ModelRecord } from "../engine/model.ts";
import { embeddingChecksum, type FoundCollection, type FoundRecord } from "./program.ts";

/**
 * `writes`: how many writes are there, all acknowledged ones among them. `lost`: how many acknowledged
 * ones are not. `torn`: a state that no number of whole writes gives, by where it differs first from
 * the acknowledged one.
 */
export type Verdict = { readonly writes: number } | { readonly lost: number } | { readonly torn: string };

/**
 * @param models        models[n]: what must be there after n writes
 * @param acknowledged  of the writes; one more may have been under way
 */
export function judge(
  models: readonly Model[],
  acknowledged: number,
  found: readonly FoundCollection[],
): Verdict {
  for (const writes of [acknowledged, acknowledged + 1]) {
    const model = models[writes];
    if (model && firstDifference(model, found) === undefined) return { writes };
  }
  for (let writes = acknowledged - 1; writes >= 0; writes--) {
    if (firstDifference(models[writes]!, found) === undefined) return { lost: acknowledged - writes };
  }
  return { torn: firstDifference(models[acknowledged]!, found)! };
}

/** Where `found` is not what `model` says, in words; undefined where it is. Order counts. */
function firstDifference(model: Model, found: readonly FoundCollection[]): string | undefined {
  const names = found.map(({ name }) => name).sort();
  const expectedNames = [...model.keys()].sort();
  if (names.join() !== expectedNames.join()) {
    return `collections [${names.join()}]: expected [${expectedNames.join()}]`;
  }
  for (const { name, records } of found) {
    const expected = [...model.get(name)!];
    for (let i = 0; i < Math.max(expected.length, records.length); i++) {
      const wanted = expected[i] && recordToText(toFound(...expected[i]!));
      const has = records[i] && recordToText(records[i]!);
      if (has !== wanted) return `record ${i} of ${name} is ${has}: expected ${wanted}`;
    }
  }
  return undefined;
}

function toFound(id: string, { document, metadata, embedding }: ModelRecord): FoundRecord {
  return { id, document, metadata, embedding: checksumOf(embedding) };
}

/** The same arrays are in model after model. */
const checksumByEmbedding = new WeakMap<readonly number[], number>();

function checksumOf(embedding: readonly number[]): number {
  let sum = checksumByEmbedding.get(embedding);
  if (sum === undefined) checksumByEmbedding.set(embedding, (sum = embeddingChecksum(embedding)));
  return sum;
}

function recordToText({ id, document, metadata, embedding }: FoundRecord): string {
  const entries = metadata && Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([id, document, entries, embedding]);
}
