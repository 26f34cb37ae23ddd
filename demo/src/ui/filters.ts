// Part of speech and lexical field, changeable while typing. The fields on offer are those that the
// chosen part of speech has.

import { type DictionaryFilter, fieldsOf } from "../search/dictionary-filter.ts";
import { make, mustFind } from "./element.ts";

export class Filters {
  readonly #parts = mustFind("part-of-speech", HTMLFieldSetElement);
  readonly #field = mustFind("lexical-field", HTMLSelectElement);

  constructor(onChange: () => void) {
    this.#offerFields();
    this.#parts.addEventListener("change", () => {
      this.#offerFields();
      onChange();
    });
    this.#field.addEventListener("change", onChange);
  }

  get filter(): DictionaryFilter {
    return { partOfSpeech: this.#partOfSpeech(), field: this.#field.value };
  }

  /** Lets everything through again. */
  clear(): void {
    this.#parts.querySelector("input")!.checked = true;
    this.#offerFields();
    this.#field.value = "";
  }

  #partOfSpeech(): string {
    return this.#parts.querySelector<HTMLInputElement>("input:checked")?.value ?? "";
  }

  /** Keeps the chosen field where the part of speech has it. */
  #offerFields(): void {
    const chosen = this.#field.value;
    const fields = fieldsOf(this.#partOfSpeech());
    this.#field.replaceChildren(
      make("option", { value: "" }, "any"),
      ...fields.filter((field) => field !== "any").map((field) => make("option", { value: field }, field)),
    );
    this.#field.value = fields.includes(chosen) ? chosen : "";
  }
}
