// Tells screen readers what changed, once it stays so: every letter typed changes the results.

import { mustFind } from "./element.ts";

const quietMs = 800;

export class Announcer {
  readonly #element = mustFind("announcer", HTMLParagraphElement);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#element.textContent = text;
    }, quietMs);
  }
}
