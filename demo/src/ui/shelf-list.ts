// The notes there are, each with a button to read and one to delete it.

import type { Note } from "../notes/note-shelf.ts";
import { make, mustFind } from "./element.ts";
import { formatDate, formatNumberOf } from "./quantity.ts";

export interface ShelfListEvents {
  onRead(note: Note): void;
  onRemove(note: Note): void;
}

export class ShelfList {
  readonly #list = mustFind("shelf", HTMLUListElement);
  readonly #empty = mustFind("shelf-empty", HTMLParagraphElement);
  readonly #events: ShelfListEvents;

  constructor(events: ShelfListEvents) {
    this.#events = events;
  }

  show(notes: readonly Note[]): void {
    this.#empty.hidden = notes.length > 0;
    this.#list.replaceChildren(...notes.map((note) => this.#makeNote(note)));
  }

  /** Until the list is shown again, the way back from a deletion stands above it. */
  offerUndo({ title }: Note, undo: () => void): void {
    const button = make("button", { class: "link-button", type: "button" }, "Undo");
    button.addEventListener("click", undo);
    this.#list.prepend(
      make("li", { class: "note" }, make("span", { class: "note-gone" }, `${title} deleted`), button),
    );
    // The button that was pressed is gone.
    button.focus();
  }

  #makeNote(note: Note): HTMLLIElement {
    const read = make("button", { class: "note-title", type: "button" }, note.title);
    read.addEventListener("click", () => this.#events.onRead(note));
    const remove = make(
      "button",
      { class: "link-button", type: "button", "aria-label": `Delete ${note.title}` },
      "Delete",
    );
    remove.addEventListener("click", () => this.#events.onRemove(note));
    const about = `${formatNumberOf(note.passages, "passage")} · ${formatDate(note.addedAt)}`;
    return make("li", { class: "note" }, read, make("span", { class: "note-about" }, about), remove);
  }
}
