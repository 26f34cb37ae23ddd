// Searches to begin with, drawn from the held-out questions of bench/embedder/paraphrases.json that the
// measurement answers; test/demo checks both.

import { make, mustFind } from "./element.ts";

export const exampleQueries: readonly string[] = [
  "the comfortable soft stuff that you lie on at night",
  "naval vessel that travels underwater",
  "put off your homework until tomorrow",
  "running from battle because of fright",
  "no longer recall a name",
];

export function showExamples(onChoose: (query: string) => void): void {
  mustFind("examples", HTMLUListElement).replaceChildren(
    ...exampleQueries.map((query) => {
      const button = make("button", { class: "example", type: "button" }, query);
      button.addEventListener("click", () => onChoose(query));
      return make("li", {}, button);
    }),
  );
}
