// Answers that wait for indexing: a caller who writes vectors faster than the graph grows, or than tombstones
// are cleared away, is held back, so that what searches have to scan and memory has to hold stays bounded. The
// writes are durable and visible already; the engine goes on with whatever else it is asked.

import type { Reply } from "../../src/protocol/operation.ts";
import type { LoadedCollections } from "./collections.ts";

/** Vectors before a write that the graph may lack when the write is answered. Its own are not counted. */
const UNINDEXED_MAX = 50_000;

interface Waiting {
  readonly collection: string;
  /** The first slot of the write. */
  readonly slotStart: number;
  readonly answer: () => void;
}

export class Backlog {
  readonly #unindexedMax: number;
  #waiting: Waiting[] = [];

  constructor(unindexedMax = UNINDEXED_MAX) {
    this.#unindexedMax = unindexedMax;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The collection whose graph is waited for longest. */
  get wanted(): string | undefined {
    return this.#waiting[0]?.collection;
  }

  /** Answers a write to `collection` at once, or when the graph has come near enough and tombstones are few. */
  answer(
    { collection, slotStart }: Omit<Waiting, "answer">,
    collections: LoadedCollections,
    reply: (reply: Reply) => void,
    what: Reply,
  ): void {
    const waiting = { collection, slotStart, answer: () => reply(what) };
    if (this.#isAhead(waiting, collections)) this.#waiting.push(waiting);
    else waiting.answer();
  }

  /** Answers those that the graph has come near; without collections, all: nothing is indexed any more. */
  release(collections?: LoadedCollections): void {
    if (this.isEmpty) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      if (collections !== undefined && this.#isAhead(each, collections)) this.#waiting.push(each);
      else each.answer();
    }
  }

  #isAhead({ collection, slotStart }: Waiting, collections: LoadedCollections): boolean {
    const found = collections.get(collection);
    if (found === undefined) return false;
    // A renewal gives lower slots.
    const before = Math.min(slotStart, found.slots) - (found.slots - found.unindexed);
    return before > this.#unindexedMax || found.isCrowded;
  }
}
