// The writes that were answered, with their answers: a write that a page sends again, since its leader
// went before the answer came, is answered from here instead of being done twice. The frames hold the
// writes, each checkpoint's catalog holds all of it; nothing here is derived from a clock.

import { Failure } from "../../src/protocol/failure.ts";
import type { Reply, Sender } from "../../src/protocol/operation.ts";

/** Clients whose writes are kept: those that wrote last. */
export const CLIENTS_MAX = 1000;
/** Numbers kept of a client, and so the calls it may have open: `openCallsMax` of the page is this. */
export const WRITES_MAX = 64;

/** An answered write as the head of its frame has it. */
export type AnsweredWrite = readonly [client: bigint, number: number, status: number, data: unknown];

/** Writes in a row with one answer; without `data` it is `{}`, as it is for writes of records. */
type Run = readonly [first: number, count: number, status: number, data?: unknown];

/** What a checkpoint keeps: clients with the frame of their last write, the longest silent first. */
export interface AnsweredState {
  /** The last frame of any client that was dropped; 0 while none was. */
  readonly droppedThrough: number;
  readonly clients: readonly (readonly [client: bigint, lastFrame: number, runs: readonly Run[]])[];
}

type Answer = readonly [status: number, data: unknown];

interface ClientWrites {
  lastFrame: number;
  newest: number;
  readonly answers: Map<number, Answer>;
}

export class AnsweredWrites {
  /** In the order of their last writes. */
  readonly #byClient = new Map<bigint, ClientWrites>();
  #droppedThrough: number;

  constructor(state: AnsweredState = { droppedThrough: 0, clients: [] }) {
    this.#droppedThrough = state.droppedThrough;
    for (const [client, lastFrame, runs] of state.clients) {
      for (const [first, count, status, data = {}] of runs) {
        for (let i = 0; i < count; i++) this.record([client, first + i, status, data], lastFrame);
      }
    }
  }

  /**
   * The answer that a write was given before, or undefined for one that was not carried out yet.
   * @throws {Failure}  "outcome-unknown": it was sent before, and so long ago that nobody knows any more
   */
  find({ client, number, since }: Sender): Reply | undefined {
    const writes = this.#byClient.get(client);
    const isForgotten =
      writes === undefined
        ? since !== undefined && since < this.#droppedThrough
        : number <= writes.newest - WRITES_MAX;
    if (isForgotten) {
      throw new Failure(
        "outcome-unknown",
        "this write was sent before, and too many others came between to know whether it was carried out",
      );
    }
    const answer = writes?.answers.get(number);
    return answer && { ok: true, status: answer[0], data: answer[1] };
  }

  /** Keeps an answer. `frame` is that of the write, or a later one. */
  record([client, number, status, data]: AnsweredWrite, frame: number): void {
    const writes = this.#byClient.get(client) ?? {
      lastFrame: 0,
      newest: 0,
      answers: new Map<number, Answer>(),
    };
    this.#byClient.delete(client);
    this.#byClient.set(client, writes);
    writes.lastFrame = frame;
    writes.answers.set(number, [status, data]);
    if (number > writes.newest) {
      writes.newest = number;
      for (const old of writes.answers.keys()) if (old <= number - WRITES_MAX) writes.answers.delete(old);
    }
    if (this.#byClient.size > CLIENTS_MAX) this.#dropOldest();
  }

  /** As plain data that does not change afterwards. */
  state(): AnsweredState {
    return {
      droppedThrough: this.#droppedThrough,
      clients: [...this.#byClient].map(([client, { lastFrame, answers }]) => [
        client,
        lastFrame,
        toRuns(answers),
      ]),
    };
  }

  #dropOldest(): void {
    const [client, { lastFrame }] = this.#byClient.entries().next().value!;
    this.#byClient.delete(client);
    this.#droppedThrough = Math.max(this.#droppedThrough, lastFrame);
  }
}

function toRuns(answers: ReadonlyMap<number, Answer>): Run[] {
  const runs: Run[] = [];
  for (const [number, [status, data]] of [...answers].sort(([a], [b]) => a - b)) {
    const run = runs.at(-1);
    if (!isEmpty(data)) runs.push([number, 1, status, data]);
    else if (run?.length === 3 && run[0] + run[1] === number && run[2] === status) {
      runs[runs.length - 1] = [run[0], run[1] + 1, status];
    } else runs.push([number, 1, status]);
  }
  return runs;
}

function isEmpty(data: unknown): boolean {
  return typeof data === "object" && data !== null && Object.keys(data).length === 0;
}
