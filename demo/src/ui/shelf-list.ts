// The notes there are, each with a button to read and one to delete it.

import type { Note } from "../notes/note-shelf.ts";
import { make, mustFind } from "./element.ts";
import { formatNumberOf } from "./quantity.ts";

export interface ShelfListEvents {
  onRead(note: Note): void;
  onRemove(note: Note): void;
}

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

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

  #makeNote(note: Note): HTMLLIElement {
    const read = make("button", { class: "note-title", type: "button" }, note.title);
    read.addEventListener("click", () => this.#events.onRead(note));
    const remove = make(
      "button",
      { class: "link-button", type: "button", "aria-label": `Delete ${note.title}` },
      "Delete",
    );
    remove.addEventListener("click", () => this.#events.onRemove(note));
    const about = `${formatNumberOf(note.passages, "passage")} · ${dateFormat.format(note.addedAt)}`;
    return make("li", { class: "note" }, read, make("span", { class: "note-about" }, about), remove);
  }
}
