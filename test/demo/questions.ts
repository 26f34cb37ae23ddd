// Questions to ask the page: those held-out paraphrases whose word an exact search finds among the first
// five of the records that the page loads. So the page is measured, not the embedding, which has its
// figures in bench/RESULTS.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type DictionaryHead, type Part, toRecords } from "../../demo/src/dictionary/part.ts";
import { StaticEnglishEmbeddingFunction } from "../../src/embed/static-english.ts";
import paraphrases from "../../bench/embedder/paraphrases.json" with { type: "json" };

export interface Question {
  /** Id of the record that answers it. */
  readonly synset: string;
  readonly word: string;
  readonly query: string;
}

const first = 5;

/**
 * All questions that can be answered from the first records.
 *
 * @param site        the built page's folder
 * @param recordsMax  how many records there are
 */
export async function answerable(site: string, recordsMax: number): Promise<Question[]> {
  const embedder = new StaticEnglishEmbeddingFunction();
  const { ids, embedded } = readRecords(site, recordsMax);
  const vectors = await embedder.embed(embedded);
  const questions: readonly Question[] = paraphrases.heldOut;
  const queries = await embedder.embed(questions.map(({ query }) => query));
  return questions.filter(({ synset }, at) => {
    const target = vectors[ids.indexOf(synset)];
    if (!target) return false;
    const wanted = dot(queries[at]!, target);
    return vectors.filter((vector) => dot(queries[at]!, vector) > wanted).length < first;
  });
}

/** `count` of them, drawn by seed; `SEED=n` draws others. */
export function draw(questions: readonly Question[], count: number): Question[] {
  let state = Number(process.env["SEED"] ?? 1);
  // Numerical Recipes' generator: any will do that gives every machine the same numbers.
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  return questions
    .map((question) => ({ question, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ question }) => question);
}

function readRecords(site: string, recordsMax: number): { ids: string[]; embedded: string[] } {
  const read = (file: string): Buffer => readFileSync(join(site, "data", file));
  const head = JSON.parse(read("dictionary.json").toString()) as DictionaryHead;
  const parts = head.parts.map(({ file }) =>
    toRecords(JSON.parse(gunzipSync(read(file)).toString()) as Part),
  );
  return {
    ids: parts.flatMap(({ ids }) => ids).slice(0, recordsMax),
    embedded: parts.flatMap(({ embedded }) => embedded).slice(0, recordsMax),
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
