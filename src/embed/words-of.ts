// The words of a text as the table knows them: lower case, without accents, letters alone.
// The same rules cut the texts that the table was made from (tools/embedder), so they may not change
// without a new table.

/** Endings that are taken off a word the table lacks, first match first, with what takes their place. */
const endings: readonly (readonly [ending: string, replacement: string])[] = [
  ["ies", "y"],
  ["es", ""],
  ["s", ""],
  ["ing", ""],
  ["ing", "e"],
  ["ed", ""],
  ["ed", "e"],
  ["ly", ""],
  ["er", ""],
  ["ness", ""],
  ["less", ""],
];

/** A stem shorter than this many letters says too little about the word it came from. */
const stemLettersMin = 3;

const asciiOnly = /^[\0-\x7f]*$/;
const combiningMarks = /\p{Mn}+/gu;
const letterRuns = /[a-z]+/g;

/** Words of `text` in order, repeated as often as they occur. A letter outside a to z ends a word. */
export function wordsOf(text: string): string[] {
  const plain = asciiOnly.test(text) ? text : text.normalize("NFKD").replace(combiningMarks, "");
  return plain.toLowerCase().match(letterRuns) ?? [];
}

/** Other forms under which the table may have `word`: its likely stems, likeliest first. */
export function* stemsOf(word: string): Generator<string> {
  for (const [ending, replacement] of endings) {
    const letters = word.length - ending.length;
    if (letters >= stemLettersMin && word.endsWith(ending)) yield word.slice(0, letters) + replacement;
  }
}
