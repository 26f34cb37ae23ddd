// A note as it was cut, in a dialog, with the passage that was found marked and in sight.

import { formatLines, type StoredPassage } from "../notes/note-shelf.ts";
import { make, mustFind } from "./element.ts";

export class Reader {
  readonly #dialog = mustFind("reader", HTMLDialogElement);

  constructor() {
    // A click on the backdrop is one on the dialog itself: its content lies on a child.
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  /** @param found  the id of the passage to mark */
  open(passages: readonly StoredPassage[], found?: string): void {
    const close = make("button", { class: "button", type: "button" }, "Close");
    close.addEventListener("click", () => this.#dialog.close());
    const title = passages[0]?.place.title ?? "This note is gone";
    this.#dialog.replaceChildren(
      make(
        "article",
        { class: "reader" },
        make("header", {}, make("h2", { id: "reader-title" }, title), close),
        make(
          "div",
          { class: "reader-text" },
          ...passages.flatMap((each, at) => makePassage(each, passages[at - 1], found)),
        ),
      ),
    );
    this.#dialog.showModal();
    this.#dialog.querySelector("mark")?.scrollIntoView({ block: "center" });
  }
}

function makePassage(
  { id, text, place }: StoredPassage,
  before: StoredPassage | undefined,
  found: string | undefined,
): HTMLElement[] {
  const isNewHeading = place.heading !== "" && place.heading !== before?.place.heading;
  return [
    ...(isNewHeading ? [make("h3", {}, place.heading)] : []),
    make(
      "p",
      {},
      make("span", { class: "reader-lines" }, formatLines(place)),
      id === found ? make("mark", {}, text) : text,
    ),
  ];
}
