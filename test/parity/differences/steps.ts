// Steps that the examples of the table begin with.

import type { Given, Step } from "../step.ts";

export const created: Step = { call: "createCollection", as: "notes", with: { name: "notes" } };

/** Adds records with these columns; their vectors are [0, 1], [1, 1], [2, 1], … */
export function added(columns: Given & { readonly ids: readonly string[] }): Step {
  return {
    call: "add",
    on: "notes",
    with: { embeddings: columns.ids.map((_, index) => [index, 1]), ...columns },
  };
}

export function got(given: Given = {}): Step {
  return { call: "get", on: "notes", with: given };
}

/** A record with a whole number and one with a fraction. */
export const scored: Step = added({ ids: ["one", "half"], metadatas: [{ n: 1 }, { n: 1.5 }] });
