// The columns of the keys that filters have used so far. A column is read from the rows once, and from
// then on told of every change.

import type { MetadataPatch } from "../../src/protocol/metadata.ts";
import { Column } from "./column.ts";
import type { Sequences } from "./sequences.ts";
import type { Shards } from "./shards.ts";

export class Columns {
  readonly #shards: Shards;
  readonly #sequences: Sequences;
  readonly #columnByKey = new Map<string, Column>();

  constructor(shards: Shards, sequences: Sequences) {
    this.#shards = shards;
    this.#sequences = sequences;
  }

  get bytes(): number {
    let bytes = 0;
    for (const column of this.#columnByKey.values()) bytes += column.bytes;
    return bytes;
  }

  /** The column of a key, undefined where no record ever had the key. */
  get(name: string): Column | undefined {
    const loaded = this.#columnByKey.get(name);
    const key = this.#shards.keys.getNumber(name);
    if (loaded !== undefined || key === undefined) return loaded;
    const column = new Column();
    for (const shard of this.#shards) {
      shard.eachValue(key, (sequence, element, value) => {
        const slot = this.#sequences.slotOf(sequence);
        if (element < 0) column.setScalar(slot, value);
        else column.push(slot, value);
      });
    }
    this.#columnByKey.set(name, column);
    return column;
  }

  /** Replaces the values of a record's keys; null clears one. */
  patch(slot: number, patch: MetadataPatch): void {
    if (this.#columnByKey.size === 0) return;
    for (const [name, value] of Object.entries(patch)) {
      const column = this.#columnByKey.get(name);
      if (column === undefined) continue;
      column.clear(slot);
      if (value !== null) column.set(slot, value);
    }
  }

  move(from: number, to: number): void {
    for (const column of this.#columnByKey.values()) column.move(from, to);
  }

  clear(slot: number): void {
    for (const column of this.#columnByKey.values()) column.clear(slot);
  }

  /** Slots are given anew: the i-th of `kept` becomes slot i. */
  renumber(kept: Uint32Array): void {
    for (const column of this.#columnByKey.values()) column.renumber(kept);
  }

  release(): void {
    this.#columnByKey.clear();
  }
}
