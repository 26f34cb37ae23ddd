// Where the visitor types. `/` comes here from anywhere, Escape empties it, arrow down goes to the results.

import { mustFind } from "./element.ts";

export interface SearchBoxEvents {
  /** The text changed, by hand or by `setText`. */
  onText(): void;
  /** The visitor wants to move into the results. */
  onLeaveDown(): void;
}

export class SearchBox {
  readonly #input = mustFind("query", HTMLInputElement);
  readonly #events: SearchBoxEvents;

  constructor(events: SearchBoxEvents) {
    this.#events = events;
    this.#input.addEventListener("input", () => events.onText());
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      events.onText();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      event.preventDefault();
      this.focus();
    });
  }

  get text(): string {
    return this.#input.value.trim();
  }

  setText(text: string): void {
    this.#input.value = text;
    this.#events.onText();
  }

  setPlaceholder(text: string): void {
    this.#input.placeholder = text;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.#events.onLeaveDown();
    } else if (event.key === "Escape" && this.#input.value !== "") {
      event.preventDefault();
      this.setText("");
    }
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
