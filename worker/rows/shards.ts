// The shards of one collection, in order of sequence. New records go to the last one until it is large
// enough; a record stays where it is. Ranges of sequences are disjoint and ascend.

import type { SqlJsStatic } from "sql.js";
import { Keys } from "./keys.ts";
import { Shard } from "./shard.ts";

export class Shards implements Iterable<Shard> {
  readonly keys = new Keys();
  readonly #sql: SqlJsStatic;
  readonly #bytesMax: number;
  readonly #shards: Shard[] = [];

  /** @param bytesMax  new records go to a new shard when the last one is larger */
  constructor(sql: SqlJsStatic, bytesMax: number) {
    this.#sql = sql;
    this.#bytesMax = bytesMax;
  }

  get count(): number {
    return this.#shards.length;
  }

  get bytes(): number {
    return this.#shards.reduce((bytes, shard) => bytes + shard.bytes, 0);
  }

  [Symbol.iterator](): Iterator<Shard> {
    return this.#shards[Symbol.iterator]();
  }

  /** @param sequenceEnd  one more than the highest sequence of the shards before */
  open(image: Uint8Array, sequenceEnd: number): Shard {
    const shard = Shard.open(this.#sql, image, this.keys, sequenceEnd);
    this.#shards.push(shard);
    return shard;
  }

  create(sequenceStart: number): Shard {
    const shard = Shard.create(this.#sql, this.keys, sequenceStart);
    this.#shards.push(shard);
    return shard;
  }

  mustGet(index: number): Shard {
    const shard = this.#shards[index];
    if (shard === undefined) throw new Error(`there is no shard ${index} of ${this.#shards.length}`);
    return shard;
  }

  /** The shard that has the record of this sequence, if any has. */
  of(sequence: number): Shard {
    let i = this.#shards.length - 1;
    while (i > 0 && this.#shards[i]!.sequenceStart > sequence) i--;
    return this.mustGet(i);
  }

  /** Where a new record goes; asking for the size costs as much as an insert. */
  forInsert(sequence: number): Shard {
    const last = this.mustGet(this.#shards.length - 1);
    return last.bytes <= this.#bytesMax ? last : this.create(sequence);
  }

  commit(): void {
    for (const shard of this.#shards) shard.commit();
  }

  close(): void {
    for (const shard of this.#shards) shard.close();
    this.#shards.length = 0;
  }
}
