// Ids of one collection's records: the index in memory, the ids themselves in the shards. The index is
// made at the first look-up: opening a collection and querying it do without.

import { IdIndex } from "./id-index.ts";
import type { Shards } from "./shards.ts";

export class Ids {
  readonly #shards: Shards;
  #index: IdIndex | undefined;

  constructor(shards: Shards) {
    this.#shards = shards;
  }

  get bytes(): number {
    return this.#index?.bytes ?? 0;
  }

  /** The sequence of each id's record, -1 where there is none. */
  sequencesOf(ids: readonly string[]): Float64Array {
    const sequences = new Float64Array(ids.length);
    const index = this.#open();
    const hasId = (sequence: number, id: string): boolean => this.#shards.of(sequence).hasId(sequence, id);
    for (let i = 0; i < ids.length; i++) sequences[i] = index.find(ids[i]!, hasId);
    return sequences;
  }

  /** Follows an insert. */
  add(id: string, sequence: number): void {
    this.#index?.add(id, sequence);
  }

  /** Follows a delete, while the record's row is still there. */
  remove(sequence: number): void {
    this.#index?.remove(this.#shards.of(sequence).mustGetRecord(sequence).id, sequence);
  }

  #open(): IdIndex {
    if (this.#index !== undefined) return this.#index;
    const index = new IdIndex();
    for (const shard of this.#shards) shard.eachId((sequence, id) => index.add(id, sequence));
    this.#index = index;
    return index;
  }
}
