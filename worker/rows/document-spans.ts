// Where the documents lie, by slot, as the shards have it by sequence.

import type { TextSpan } from "../change.ts";
import type { Sequences } from "./sequences.ts";
import type { Shards } from "./shards.ts";

export class DocumentSpans {
  readonly #shards: Shards;
  readonly #sequences: Sequences;

  constructor(shards: Shards, sequences: Sequences) {
    this.#shards = shards;
    this.#sequences = sequences;
  }

  /** Records there are, with and without a document. */
  get count(): number {
    return this.#sequences.count;
  }

  /** Calls back with slot and span of each document there is. */
  each(visit: (slot: number, span: TextSpan) => void): void {
    for (const shard of this.#shards) {
      shard.eachDocument((sequence, span) => visit(this.#sequences.slotOf(sequence), span));
    }
  }

  /** The span of one record's document, null where it has none. */
  of(slot: number): TextSpan | null {
    const sequence = this.#sequences.sequenceOf(slot);
    return this.#shards.of(sequence).mustGetRecord(sequence).document;
  }
}
