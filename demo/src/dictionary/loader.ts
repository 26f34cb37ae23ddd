// Brings the dictionary into its collection, batch by batch. Each batch is stored whole or not at all
// and they come in a fixed order, so the collection's own count is the only bookmark: stop, close the
// page, pull the plug, and loading goes on behind the last record that is there.

import type { Collection } from "chromalite";
import type { English } from "../english.ts";
import type { Library } from "../library.ts";
import type { DictionaryHead } from "./part.ts";

export interface LoadProgress {
  /** Records stored, those of earlier visits included. */
  readonly stored: number;
  readonly wanted: number;
  /** Of this run. */
  readonly recordsPerSecond: number;
}

export class DictionaryLoader {
  /** Records there will be. */
  readonly wanted: number;
  readonly #collection: Collection;
  readonly #english: English;
  readonly #head: DictionaryHead;

  /** @param recordsMax  to load at most */
  constructor({ dictionary, english }: Library, head: DictionaryHead, recordsMax: number) {
    this.#collection = dictionary;
    this.#english = english;
    this.#head = head;
    this.wanted = Math.min(head.records, recordsMax);
  }

  /**
   * Adds what is missing; tells of every batch once it is stored.
   *
   * @returns  whether all is there; false when `signal` stopped it, between two batches
   * @throws {Error}  the data cannot be had
   * @throws {ChromaliteError}  it cannot be stored
   */
  async load(signal: AbortSignal, onProgress: (progress: LoadProgress) => void): Promise<boolean> {
    const first = await this.#collection.count();
    const start = performance.now();
    let stored = first;
    for await (const batch of this.#english.batchesFrom(this.#head, first, this.wanted)) {
      if (signal.aborted) return false;
      await this.#collection.add(batch);
      stored += batch.ids.length;
      const seconds = (performance.now() - start) / 1000;
      onProgress({ stored, wanted: this.wanted, recordsPerSecond: (stored - first) / seconds });
    }
    return true;
  }
}
