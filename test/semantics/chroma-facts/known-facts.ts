// What is known of Chroma: facts by matter, each with the cases that hold it.

/** Titles of facts in ../facts and ../rest/facts, or paths of tests elsewhere. */
export type Cases = readonly string[];

/** By matter, then by fact. */
export type KnownFacts = Readonly<Record<string, Readonly<Record<string, Cases>>>>;
