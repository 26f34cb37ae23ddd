// The rows of docs/COMPATIBILITY.md's differences that replies show. What clients are made with, and
// Python's clients, have rows too: their cases are in test/semantics.

import type { Difference } from "../difference.ts";
import { collections } from "./collections.ts";
import { filters } from "./filters.ts";
import { reading } from "./reading.ts";
import { replies } from "./replies.ts";
import { writing } from "./writing.ts";

export const differences: readonly Difference[] = [
  ...filters,
  ...reading,
  ...writing,
  ...collections,
  ...replies,
];

/** Rows about records and collections that no example can show for sure. */
export const unshown: Readonly<Record<string, string>> = {
  "order-of-calls": "the network's order is chance, and a program waits for each step",
};
