// Composes the page: opens the library, hands its collections to the search, the loading and the notes,
// and shows what went wrong wherever it did.

import { DictionaryLoading } from "./dictionary/loading.ts";
import { DictionaryLoader } from "./dictionary/loader.ts";
import { fetchHead } from "./dictionary/part.ts";
import type { Library } from "./library.ts";
import { NoteDesk } from "./notes/note-desk.ts";
import { keepPageOffline } from "./offline.ts";
import type { PageParameters } from "./page-parameters.ts";
import { Searching } from "./search/searching.ts";
import { Announcer } from "./ui/announcer.ts";
import { mustFind } from "./ui/element.ts";
import { LoadStatus } from "./ui/load-status.ts";
import { Problem } from "./ui/problem.ts";
import { StorageLine } from "./ui/storage-line.ts";
import { Tabs } from "./ui/tabs.ts";

export class App {
  readonly #parameters: PageParameters;
  readonly #announcer = new Announcer();
  readonly #problem = new Problem();
  readonly #storageLine = new StorageLine();
  readonly #tabs: Tabs = new Tabs(() => this.#onTab());
  readonly #notes = new NoteDesk(
    this.#tabs,
    this.#announcer,
    () => this.#onNotes(),
    (error) => this.#fail(error),
  );
  readonly #searching = new Searching(
    this.#tabs,
    this.#announcer,
    (hit) => this.#notes.openHit(hit),
    (error) => this.#fail(error),
  );
  readonly #loading = new DictionaryLoading(
    new LoadStatus(),
    (stored) => this.#onRecords(stored),
    (error) => this.#fail(error),
  );
  #library: Library | undefined;
  #isKeptOffline = false;

  constructor(parameters: PageParameters) {
    this.#parameters = parameters;
    this.#onTab();
  }

  /** Opens what is stored and goes on loading what is missing; also the way back after a failure. */
  async open(): Promise<void> {
    const start = performance.now();
    this.#loading.showOpening();
    try {
      await this.#library?.close();
      const head = await fetchHead();
      // The client and its engine come behind the page itself: what can be seen is there first.
      const { openLibrary } = await import("./library.ts");
      const library = await openLibrary(this.#parameters.path, head.edition);
      this.#library = library;
      this.#storageLine.setStorage(library.storage);
      this.#searching.setLibrary(library);
      await this.#notes.setLibrary(library);
      const loader = new DictionaryLoader(library, head, this.#parameters.recordsMax);
      await this.#loading.open(loader, library, start);
    } catch (error) {
      this.#fail(error);
    }
    void this.#keepOffline();
  }

  #onTab(): void {
    for (const element of document.querySelectorAll<HTMLElement>("[data-for]")) {
      element.hidden = element.dataset["for"] !== this.#tabs.selected;
    }
    this.#searching.refresh();
  }

  #onRecords(stored: number): void {
    this.#tabs.setCount("dictionary", stored);
    this.#searching.onMoreRecords();
    void this.#storageLine.refresh();
    void this.#keepOffline();
  }

  async #keepOffline(): Promise<void> {
    if (this.#isKeptOffline) return;
    this.#isKeptOffline = true;
    if (await keepPageOffline()) this.#storageLine.setOffline();
  }

  #onNotes(): void {
    this.#searching.refresh();
    void this.#storageLine.refresh();
  }

  #fail(error: unknown): void {
    this.#loading.showFailed();
    this.#problem.show(error, () => void this.open());
    mustFind("problem", HTMLDivElement).scrollIntoView({ block: "nearest" });
  }
}
