// Records to go with vectors: five metadata keys and a document of about 400 characters, made from a
// seed. Words are drawn as in a text, few often and most seldom, and are pronounceable.

import { mulberry32 } from "./generated-vectors.ts";

const documentCharacters = 400;
const syllables = [
  "ba",
  "ke",
  "li",
  "mo",
  "nu",
  "ra",
  "se",
  "ti",
  "vo",
  "zu",
  "dran",
  "fel",
  "gor",
  "pin",
  "tas",
];
const languages = ["de", "en", "es", "fr", "ja"];
const vocabularySize = 5_000;

export interface GeneratedRecord {
  readonly id: string;
  readonly document: string;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** A word that stands in about one document of 2,000. */
export const seldomWord = "quixotic";

/**
 * Records in the order they are asked for.
 * @param seed  the same one gives the same records
 * @param sides  the key `side` of the i-th record
 */
export function generateRecords(seed: number, sides?: ArrayLike<number>): (i: number) => GeneratedRecord {
  const random = mulberry32(seed);
  const vocabulary = Array.from({ length: vocabularySize }, () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables, random())).join(""),
  );
  return (i) => ({
    id: `record-${i}`,
    document: documentOf(vocabulary, random),
    metadata: {
      share: random(),
      year: 1950 + Math.floor(random() * 75),
      language: pick(languages, random()),
      isDraft: random() < 0.1,
      side: sides?.[i] ?? 0,
    },
  });
}

function documentOf(vocabulary: readonly string[], random: () => number): string {
  const words: string[] = random() < 1 / 2_000 ? [seldomWord] : [];
  let length = 0;
  while (length < documentCharacters) {
    // The square makes early words frequent.
    const word = pick(vocabulary, random() ** 2);
    words.push(word);
    length += word.length + 1;
  }
  return words.join(" ");
}

function pick<Value>(values: readonly Value[], share: number): Value {
  return values[Math.floor(share * values.length)]!;
}
