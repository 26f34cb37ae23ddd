// Dictionary or notes: two tabs over one panel, since both are searched with the same words.

import { mustFind } from "./element.ts";
import { formatCount } from "./quantity.ts";

export type TabName = "dictionary" | "notes";

const names: readonly TabName[] = ["dictionary", "notes"];

export class Tabs {
  readonly #buttonByName = new Map(names.map((name) => [name, mustFind(`tab-${name}`, HTMLButtonElement)]));
  readonly #panel = mustFind("panel", HTMLDivElement);
  readonly #onChange: () => void;
  #selected: TabName = "dictionary";

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    for (const [name, button] of this.#buttonByName) {
      button.addEventListener("click", () => this.select(name));
      button.addEventListener("keydown", ({ key }) => {
        if (key === "ArrowLeft" || key === "ArrowRight") this.#focusOther(name);
      });
    }
  }

  get selected(): TabName {
    return this.#selected;
  }

  select(selected: TabName): void {
    if (selected === this.#selected) return;
    this.#selected = selected;
    for (const [name, button] of this.#buttonByName) {
      button.setAttribute("aria-selected", String(name === selected));
      button.tabIndex = name === selected ? 0 : -1;
    }
    this.#panel.setAttribute("aria-labelledby", `tab-${selected}`);
    this.#onChange();
  }

  setCount(name: TabName, count: number): void {
    const badge = this.#buttonByName.get(name)!.querySelector(".tab-count")!;
    badge.textContent = count > 0 ? formatCount(count) : "";
  }

  #focusOther(name: TabName): void {
    const other = names.find((each) => each !== name)!;
    this.select(other);
    this.#buttonByName.get(other)!.focus();
  }
}
