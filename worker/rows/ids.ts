// Ids of one collection's records: the index in memory, the ids themselves in the shards. The index covers one
// shard after the other from the first look-up on; shards that it does not have yet are searched. Opening a
// collection and querying it do without.

import { IdIndex } from "./id-index.ts";
import type { Shards } from "./shards.ts";

const MISSING = -1;
const SEARCHED_IDS_MAX = 4;
const SEARCHES_MAX = 4;

export class Ids {
  readonly #shards: Shards;
  readonly #index = new IdIndex();
  /** Shards before it are in the index. */
  #covered = 0;
  #isWanted = false;
  #searches = 0;

  constructor(shards: Shards) {
    this.#shards = shards;
  }

  get bytes(): number {
    return this.#index.bytes;
  }

  /** The sequence of each id's record, -1 where there is none. Cost: a search of 10,000 records takes about 2 ms. */
  sequencesOf(ids: readonly string[]): Float64Array {
    this.#isWanted = true;
    this.#searches++;
    this.coverShard();
    // A search for many costs as much as the index of all, and so do a few for one.
    if (ids.length > SEARCHED_IDS_MAX || this.#searches > SEARCHES_MAX) while (this.coverShard());
    const sequences = new Float64Array(ids.length);
    const hasId = (sequence: number, id: string): boolean => this.#shards.of(sequence).hasId(sequence, id);
    for (let i = 0; i < ids.length; i++) sequences[i] = this.#index.find(ids[i]!, hasId);
    if (this.#covered < this.#shards.count) this.#search(ids, sequences);
    return sequences;
  }

  /** Takes one shard more into the index, once ids have been looked up; false when there is none. */
  coverShard(): boolean {
    if (!this.#isWanted || this.#covered >= this.#shards.count) return false;
    this.#shards.mustGet(this.#covered).eachId((sequence, id) => this.#index.add(id, sequence));
    this.#covered++;
    return true;
  }

  /** Follows an insert. */
  add(id: string, sequence: number): void {
    if (sequence < this.#coveredEnd) this.#index.add(id, sequence);
  }

  /** Follows a delete, while the record's row is still there. */
  remove(sequence: number): void {
    if (sequence >= this.#coveredEnd) return;
    this.#index.remove(this.#shards.of(sequence).mustGetRecord(sequence).id, sequence);
  }

  get #coveredEnd(): number {
    return this.#covered < this.#shards.count ? this.#shards.mustGet(this.#covered).sequenceStart : Infinity;
  }

  #search(ids: readonly string[], sequences: Float64Array): void {
    const missing = new Set(ids.filter((_, i) => sequences[i] === MISSING));
    const found = new Map<string, number>();
    for (let shard = this.#covered; shard < this.#shards.count && missing.size > 0; shard++) {
      for (const [id, sequence] of this.#shards.mustGet(shard).search([...missing])) {
        found.set(id, sequence);
        missing.delete(id);
      }
    }
    for (let i = 0; i < ids.length; i++) {
      if (sequences[i] === MISSING) sequences[i] = found.get(ids[i]!) ?? MISSING;
    }
  }
}
