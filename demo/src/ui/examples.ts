// Searches to begin with, of the held-out questions that the measurement answers
// (bench/embedder/answered.json; test/demo asks them all), about words that are loaded early.

import { make, mustFind } from "./element.ts";

export const exampleQueries: readonly string[] = [
  "Dutch tower with turning sails that grinds grain",
  "deep sadness when a relative has died",
  "volume where you look up definitions and spellings",
  "cash for kidnappers so that they release the hostage",
  "trip of two lovers to Venice right after their bridal day",
  "grey animal with a trunk and ivory tusks",
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
