// Part of speech and lexical field, as the visitor chose them, and as a where clause.

import type { Where } from "chromalite";

/** Empty strings let everything through. */
export interface DictionaryFilter {
  readonly partOfSpeech: string;
  readonly field: string;
}

export function filterToWhere({ partOfSpeech, field }: DictionaryFilter): Where | undefined {
  const clauses: Where[] = [...(partOfSpeech ? [{ partOfSpeech }] : []), ...(field ? [{ field }] : [])];
  return clauses.length > 1 ? { $and: clauses } : clauses[0];
}

/** The lexical fields that each part of speech has, between spaces; demo/data/wordnet.mjs names them. */
const fieldsByPartOfSpeech: Readonly<Record<string, string>> = {
  noun: `act animal artifact attribute body communication event feeling food group motive object person
    phenomenon place plant possession process quantity relation shape state substance thing thinking time`,
  verb: `being body change communication competition consumption contact creation feeling motion perception
    possession social thinking weather`,
  adjective: "any participial relational",
  adverb: "any",
};

/** Fields of a part of speech, or of all, in alphabetical order. */
export function fieldsOf(partOfSpeech: string): readonly string[] {
  const fields = fieldsByPartOfSpeech[partOfSpeech] ?? Object.values(fieldsByPartOfSpeech).join(" ");
  return [...new Set(fields.split(/\s+/))].sort();
}
