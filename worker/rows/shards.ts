// The shards of one collection, in order of sequence. New records go to the last one until it is large
// enough; a record stays where it is. Ranges of sequences are disjoint and ascend.

import type { SqlJsStatic } from "sql.js";
import type { Inserts, RecordsChange, Updates } from "../change.ts";
import { Keys } from "./keys.ts";
import { Shard } from "./shard.ts";

/** Inserts between two looks at a shard's size, which costs as much as an insert. */
const INSERTS_PER_SIZE_CHECK = 64;

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

  /** Bytes in memory, roughly. */
  get memoryUsed(): number {
    return this.#shards.reduce((bytes, shard) => bytes + shard.memoryUsed, 0);
  }

  [Symbol.iterator](): Iterator<Shard> {
    return this.#shards[Symbol.iterator]();
  }

  /** One more than the highest sequence that a record has or had since the shards were opened. */
  get sequenceEnd(): number {
    return this.#shards.at(-1)?.sequenceEnd ?? 0;
  }

  open(image: Uint8Array): Shard {
    const shard = Shard.open(this.#sql, image, this.keys, this.sequenceEnd);
    this.#shards.push(shard);
    return shard;
  }

  create(): Shard {
    const shard = Shard.create(this.#sql, this.keys, this.sequenceEnd);
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

  /** Applies a change, all of whose ids, sequences and serials are valid. */
  apply({ inserts, updates, deletes = [] }: RecordsChange): void {
    if (inserts !== undefined) this.insert(inserts);
    if (updates !== undefined) this.update(updates);
    for (const sequence of deletes) this.delete(sequence);
  }

  insert({ sequenceStart, serialStart, ids, metadatas, documents, uris }: Inserts): void {
    let shard = this.mustGet(this.#shards.length - 1);
    for (let i = 0; i < ids.length; i++) {
      if (i % INSERTS_PER_SIZE_CHECK === 0 && shard.bytes > this.#bytesMax) shard = this.create();
      shard.begin();
      shard.insert(
        sequenceStart + i,
        serialStart + i,
        ids[i]!,
        metadatas[i] ?? null,
        documents[i] ?? null,
        uris[i] ?? null,
      );
    }
  }

  update({ sequences, serials, metadatas, documents, uris }: Updates): void {
    for (let i = 0; i < sequences.length; i++) {
      const sequence = sequences[i]!;
      const shard = this.of(sequence);
      shard.begin();
      const serial = serials[i] ?? null;
      if (serial !== null) shard.setSerial(sequence, serial);
      const metadata = metadatas[i] ?? null;
      if (metadata !== null) shard.patchMetadata(sequence, metadata);
      const document = documents[i] ?? null;
      if (document !== null) shard.setDocument(sequence, document);
      const uri = uris[i] ?? null;
      if (uri !== null) shard.setUri(sequence, uri);
    }
  }

  delete(sequence: number): void {
    const shard = this.of(sequence);
    shard.begin();
    shard.delete(sequence);
  }

  commit(): void {
    for (const shard of this.#shards) shard.commit();
  }

  close(): void {
    for (const shard of this.#shards) shard.close();
    this.#shards.length = 0;
  }
}
