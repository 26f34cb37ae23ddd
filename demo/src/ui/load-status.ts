// The dictionary's line at the foot of the page: opening, loading, stopped, or there.

import type { LoadProgress } from "../dictionary/loader.ts";
import { mustFind } from "./element.ts";
import { formatCount, formatMs } from "./quantity.ts";

export class LoadStatus {
  readonly #text = mustFind("load-text", HTMLSpanElement);
  readonly #button = mustFind("load-button", HTMLButtonElement);
  readonly #bar = mustFind("load-progress", HTMLProgressElement);
  #onButton: () => void = () => {};

  constructor() {
    this.#button.addEventListener("click", () => this.#onButton());
  }

  showOpening(): void {
    this.#show("opening", "Opening…");
  }

  showLoading({ stored, wanted, recordsPerSecond }: LoadProgress, stop: () => void): void {
    const rate = recordsPerSecond > 0 ? ` · ${formatCount(recordsPerSecond)} records/s` : "";
    this.#show("loading", `Loading ${formatCount(stored)} of ${formatCount(wanted)}${rate}`, "Stop", stop);
    this.#bar.value = stored / wanted;
  }

  showWaiting(): void {
    this.#show("waiting", "Another tab is loading the records");
  }

  showStopped(stored: number, wanted: number, resume: () => void): void {
    this.#show("stopped", `Stopped at ${formatCount(stored)} of ${formatCount(wanted)}`, "Go on", resume);
    this.#bar.value = stored / wanted;
  }

  showLoaded({ stored, recordsPerSecond }: LoadProgress): void {
    this.#show("ready", `${formatCount(stored)} records loaded, ${formatCount(recordsPerSecond)} a second`);
  }

  showOpened(records: number, ms: number): void {
    this.#show("ready", `${formatCount(records)} stored records opened in ${formatMs(ms)}`);
  }

  showFailed(): void {
    this.#show("failed", "Not available");
  }

  #show(state: string, text: string, button = "", onButton: () => void = () => {}): void {
    document.documentElement.dataset["load"] = state;
    this.#text.textContent = text;
    this.#button.textContent = button;
    this.#button.hidden = button === "";
    this.#onButton = onButton;
  }
}
