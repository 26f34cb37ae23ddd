// The text that stands for a synset in the dictionary. Its document is the gloss, but a gloss alone is
// often too thin to be found by, so words and what is above it are embedded with it.

import type { Synset } from "./wordnet.ts";

/** A word says more of its own meaning than any word of the gloss. Chosen on the development questions. */
const wordsWeight = 4;

/** The text to embed for a synset. */
export function documentText({ words, gloss }: Synset, parents: readonly Synset[]): string {
  const own = Array.from({ length: wordsWeight }, () => words.join(", "));
  return [...own, gloss, ...parents.flatMap((parent) => [parent.words.join(", "), parent.gloss])].join("\n");
}
