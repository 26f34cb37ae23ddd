// What was found, one button a hit: arrows move through them, Enter opens one, Escape goes back.

import type { Hit } from "../search/hits.ts";
import { make, mustFind } from "./element.ts";

export interface ResultsEvents {
  onOpen(hit: Hit): void;
  /** The visitor moved up beyond the first, or pressed Escape. */
  onLeave(): void;
}

/** What a hit shows; the distance is added to each. */
export interface HitFace {
  readonly title: string;
  /** Beside the title: synonyms, or nothing. */
  readonly aside: string;
  readonly text: string;
  /** Small words about it: part of speech and field, or file and place. */
  readonly labels: readonly string[];
  /** What opening it does. */
  readonly action: string;
}

export class Results {
  readonly #list = mustFind("results", HTMLOListElement);
  readonly #events: ResultsEvents;

  constructor(events: ResultsEvents) {
    this.#events = events;
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Who is on the third hit stays on the third, though it may be another. */
  show(hits: readonly Hit[], faceOf: (hit: Hit) => HitFace): void {
    const focused = this.#focused();
    this.#list.replaceChildren(
      ...hits.map((hit) => {
        const button = makeHit(hit, faceOf(hit));
        button.addEventListener("click", () => this.#events.onOpen(hit));
        return make("li", {}, button);
      }),
    );
    if (focused >= 0) this.#buttons()[focused]?.focus();
  }

  clear(): void {
    this.#list.replaceChildren();
  }

  /** Whether the visitor is inside: then nothing may move under the hand. */
  get isInUse(): boolean {
    return this.#list.contains(document.activeElement) || this.#list.matches(":hover");
  }

  focusFirst(): void {
    this.#buttons()[0]?.focus();
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#list.querySelectorAll("button")];
  }

  /** -1 where the visitor is elsewhere. */
  #focused(): number {
    return this.#buttons().findIndex((button) => button === document.activeElement);
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const at = this.#focused();
    const targetByKey: Record<string, number> = {
      ArrowDown: Math.min(at + 1, buttons.length - 1),
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
      Escape: -1,
    };
    const target = targetByKey[event.key];
    if (target === undefined) return;
    event.preventDefault();
    if (target < 0) this.#events.onLeave();
    else buttons[target]?.focus();
  }
}

function makeHit({ id, distance }: Hit, { title, aside, text, labels, action }: HitFace): HTMLButtonElement {
  const meter = make("span", { class: "hit-meter", "aria-hidden": "true" });
  // 0 is the same meaning; hardly anything useful lies beyond 1.
  meter.style.setProperty("--near", String(Math.max(0, Math.min(1, 1 - distance))));
  return make(
    "button",
    { class: "hit", type: "button", title: action, "data-id": id },
    make(
      "span",
      { class: "hit-head" },
      make("span", { class: "hit-title" }, title),
      ...(aside ? [make("span", { class: "hit-aside" }, aside)] : []),
    ),
    make("span", { class: "hit-text" }, text),
    make(
      "span",
      { class: "hit-foot" },
      ...labels.map((label) => make("span", { class: "hit-label" }, label)),
      make(
        "span",
        { class: "hit-distance" },
        meter,
        make("span", { class: "visually-hidden" }, "distance "),
        distance.toFixed(3),
      ),
    ),
  );
}
