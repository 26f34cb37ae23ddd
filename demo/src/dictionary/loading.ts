// The dictionary from opening to the last record: what is stored first, then what is missing, with a
// button to stop and one to go on.

import type { Collection } from "chromalite";
import type { Library } from "../library.ts";
import { findByMeaning } from "../search/hits.ts";
import type { LoadStatus } from "../ui/load-status.ts";
import type { DictionaryLoader, LoadProgress } from "./loader.ts";

/** Of the Web Lock that the tab holds which loads. */
const turnName = "chromalite-demo-loading";

/** Between two looks of the page at how far it is. */
const showEveryMs = 250;

export class DictionaryLoading {
  readonly #status: LoadStatus;
  readonly #onRecords: (stored: number) => void;
  readonly #onFailure: (error: unknown) => void;

  /**
   * @param onRecords  there are this many to search; a few times a second while they are loaded
   * @param onFailure  loading ended early; what is stored can be searched all the same
   */
  constructor(status: LoadStatus, onRecords: (stored: number) => void, onFailure: (error: unknown) => void) {
    this.#status = status;
    this.#onRecords = onRecords;
    this.#onFailure = onFailure;
  }

  showOpening(): void {
    this.#status.showOpening();
  }

  showFailed(): void {
    this.#status.showFailed();
  }

  /**
   * Shows what is stored as soon as it answers, then loads the rest.
   *
   * @param start  when opening began, on the clock of `performance.now()`
   * @throws {ChromaliteError}  the stored dictionary does not answer
   */
  async open(loader: DictionaryLoader, { dictionary }: Library, start: number): Promise<void> {
    const stored = await dictionary.count();
    if (stored > 0) {
      // Opened is what has answered a search: before the first one nothing is read.
      await findByMeaning(dictionary, "word");
      this.#onRecords(stored);
    }
    if (stored < loader.wanted) await this.#loadInTurn(loader, dictionary);
    else this.#status.showOpened(stored, performance.now() - start);
  }

  /** One tab loads at a time. Those that wait find the work done, or go on where it was left. */
  async #loadInTurn(loader: DictionaryLoader, dictionary: Collection): Promise<void> {
    const start = performance.now();
    const load = async (): Promise<void> => {
      const stored = await dictionary.count();
      if (stored < loader.wanted) return this.#load(loader, dictionary, stored);
      this.#onRecords(stored);
      this.#status.showOpened(stored, performance.now() - start);
    };
    const isOurs = await navigator.locks.request(turnName, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await load();
      return lock !== null;
    });
    if (isOurs) return;
    this.#status.showWaiting();
    await navigator.locks.request(turnName, load);
  }

  async #load(loader: DictionaryLoader, dictionary: Collection, first: number): Promise<void> {
    const stop = new AbortController();
    let shownAt = 0;
    let last: LoadProgress = { stored: first, wanted: loader.wanted, recordsPerSecond: 0 };
    const show = (progress: LoadProgress): void => {
      const isFirst = last.stored === 0;
      last = progress;
      const now = performance.now();
      if (!isFirst && now - shownAt < showEveryMs) return;
      shownAt = now;
      this.#status.showLoading(progress, () => stop.abort());
      if (progress.stored > 0) this.#onRecords(progress.stored);
    };
    let isComplete = false;
    try {
      show(last);
      isComplete = await loader.load(stop.signal, show);
    } catch (error) {
      this.#onFailure(error);
    }
    if (isComplete) this.#status.showLoaded(last);
    else this.#showStopped(last.stored, loader, dictionary);
    if (last.stored > 0) this.#onRecords(last.stored);
  }
  #showStopped(stored: number, loader: DictionaryLoader, dictionary: Collection): void {
    const goOn = (): void => void this.#loadInTurn(loader, dictionary).catch(this.#onFailure);
    this.#status.showStopped(stored, loader.wanted, goOn);
  }
}
