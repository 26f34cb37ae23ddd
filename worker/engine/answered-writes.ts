// The writes that were answered, with their answers: a write that a page sends again, since its leader
// went before the answer came, is answered from here instead of being done twice. The frames hold the
// writes, each checkpoint's catalog holds all of it; nothing here is derived from a clock. Invariant: whatever
// a client sent before a write that is here, and still waits for, is here too; so nothing is done out of order.

import { Failure } from "../../src/protocol/failure.ts";
import type { Reply, Sender } from "../../src/protocol/operation.ts";
import { encodeValue } from "../msgpack/encode.ts";
import {
  type Answer,
  FORGOTTEN,
  isEmpty,
  isForgotten,
  type Run,
  runsToAnswers,
  toAnswer,
  toReply,
  toRuns,
} from "./answer.ts";

/** Clients whose writes are kept: those that wrote last. */
export const CLIENTS_MAX = 1000;
/** Numbers kept of a client, and so the calls it may have open: `openCallsMax` of the page is this. */
export const WRITES_MAX = 64;
/** Bytes of all answers together; those of most writes are empty. 64 created collections take 350 kB. */
export const ANSWER_BYTES_MAX = 512 * 1024;

/**
 * An answered write as the head of its frame has it. `open` is how many numbers before it the client still
 * waited for, `before` the answers among them that no frame has: of writes that were refused or changed nothing.
 * Builds until November 2026 wrote neither.
 */
export type AnsweredWrite = readonly [
  client: bigint,
  number: number,
  status: number,
  data: unknown,
  open?: number,
  before?: readonly (readonly [number: number, ...Answer])[],
];

/** What a checkpoint keeps: clients with the frame of their last write, the longest silent first. */
export interface AnsweredState {
  /** The last frame of any client that was dropped; 0 while none was. */
  readonly droppedThrough: number;
  readonly clients: readonly (readonly [
    client: bigint,
    lastFrame: number,
    runs: readonly Run[],
    oldest?: number,
  ])[];
}

/** An answer in the table. What no frame has yet is gone with the engine. */
interface Kept {
  answer: Answer;
  bytes: number;
  isLogged: boolean;
}

interface ClientWrites {
  lastFrame: number;
  /** Of those that a frame has. */
  newest: number;
  /** The client has the answers to all numbers before. */
  oldest: number;
  readonly answers: Map<number, Kept>;
}

export class AnsweredWrites {
  /** In the order of their last writes. */
  readonly #byClient = new Map<bigint, ClientWrites>();
  /** Answers that are not empty, in the order in which they were given. */
  readonly #withData = new Set<Kept>();
  #bytes = 0;
  #droppedThrough: number;

  constructor(state: AnsweredState = { droppedThrough: 0, clients: [] }) {
    this.#droppedThrough = state.droppedThrough;
    for (const [client, lastFrame, runs, oldest = 0] of state.clients) {
      const writes = this.#touch(client);
      for (const [number, answer] of runsToAnswers(runs)) this.#log(writes, number, answer, lastFrame);
      this.#forgetBefore(writes, Math.max(oldest, writes.newest - WRITES_MAX + 1));
    }
  }

  /**
   * The answer that a write was given before, or undefined for one that was not carried out yet.
   * @throws {Failure}  "outcome-unknown": it was sent before, and its answer is not kept any more
   */
  find({ client, number, since }: Sender): Reply | undefined {
    const writes = this.#byClient.get(client);
    const answer = writes?.answers.get(number)?.answer;
    if (answer !== undefined && !isForgotten(answer)) return toReply(answer);
    const isSentAgain = since !== undefined;
    const isTooLate =
      writes === undefined
        ? isSentAgain && since < this.#droppedThrough
        : answer !== undefined || number < writes.oldest || (isSentAgain && number < writes.newest);
    if (!isTooLate) return undefined;
    throw new Failure(
      "outcome-unknown",
      "this write was sent before, and too many others came between to know what became of it",
    );
  }

  /** Keeps the answer to a write that no frame will have, since it was refused or changed nothing. */
  note(sender: Sender, reply: Reply): void {
    this.#note(sender.client, sender.number, oldestOf(sender), toAnswer(reply));
  }

  /** Forgets what `note` kept of a write that rested on others which did not become durable. */
  retract({ client, number }: Sender): void {
    const writes = this.#byClient.get(client);
    const kept = writes?.answers.get(number);
    if (kept === undefined || kept.isLogged) return;
    writes!.answers.delete(number);
    this.#release(kept);
  }

  /** Takes over what no frame has from the table of a session that was dropped: it was answered all the same. */
  adopt(dropped: AnsweredWrites): void {
    for (const [client, { oldest, answers }] of dropped.#byClient) {
      for (const [number, { answer, isLogged }] of answers) {
        if (!isLogged) this.#note(client, number, oldest, answer);
      }
    }
  }

  /** An answered write as its frame has to hold it; `record` keeps it once the frame is durable. */
  draft(sender: Sender, { status, data }: { status: number; data: unknown }): AnsweredWrite {
    const { client, number } = sender;
    const oldest = oldestOf(sender);
    const before: (readonly [number, ...Answer])[] = [];
    for (const [other, { answer, isLogged }] of this.#byClient.get(client)?.answers ?? []) {
      if (!isLogged && other >= oldest && other < number) before.push([other, ...answer]);
    }
    const write = [client, number, status, data, number - oldest] as const;
    return before.length > 0 ? [...write, before] : write;
  }

  /** Keeps an answer. `frame` is that of the write, or a later one. */
  record(write: AnsweredWrite, frame: number): void {
    const [client, number, status, data, open = WRITES_MAX - 1, before = []] = write;
    const writes = this.#touch(client);
    for (const [other, ...answer] of before) this.#log(writes, other, answer, frame);
    this.#log(writes, number, [status, data], frame);
    this.#forgetBefore(writes, number - open);
  }

  /** Records the writes of a log, oldest first. Of most nobody waits for the answer any more: they cost next to nothing. */
  replay(sent: readonly (readonly [frame: number, write: AnsweredWrite])[]): void {
    const oldestByClient = new Map<bigint, number>();
    const awaited: (typeof sent)[number][] = [];
    for (const entry of sent.toReversed()) {
      const [, [client, number, , , open = WRITES_MAX - 1]] = entry;
      const oldest = oldestByClient.get(client) ?? 0;
      if (number < oldest) continue;
      oldestByClient.set(client, Math.max(oldest, number - open));
      awaited.push(entry);
    }
    for (const [frame, write] of awaited.reverse()) this.record(write, frame);
  }

  /** As plain data that does not change afterwards. */
  state(): AnsweredState {
    const logged = [...this.#byClient].filter(([, { lastFrame }]) => lastFrame > 0);
    return {
      droppedThrough: this.#droppedThrough,
      clients: logged.map(([client, { lastFrame, answers, oldest }]) => {
        const kept = [...answers].filter(([, { isLogged }]) => isLogged);
        return [client, lastFrame, toRuns(kept.map(([number, { answer }]) => [number, answer])), oldest];
      }),
    };
  }

  #note(client: bigint, number: number, oldest: number, answer: Answer): void {
    const writes = this.#touch(client);
    this.#forgetBefore(writes, oldest);
    if (number >= writes.oldest && !writes.answers.has(number)) this.#keep(writes, number, answer);
  }

  /** The client as the one that wrote last; another is dropped for a new one. */
  #touch(client: bigint): ClientWrites {
    const writes = this.#byClient.get(client) ?? { lastFrame: 0, newest: 0, oldest: 0, answers: new Map() };
    this.#byClient.delete(client);
    this.#byClient.set(client, writes);
    if (this.#byClient.size > CLIENTS_MAX) this.#dropOldest();
    return writes;
  }

  #log(writes: ClientWrites, number: number, answer: Answer, frame: number): void {
    writes.lastFrame = frame;
    writes.newest = Math.max(writes.newest, number);
    const kept = writes.answers.get(number);
    if (kept) kept.isLogged = true;
    else this.#keep(writes, number, answer).isLogged = true;
  }

  #keep(writes: ClientWrites, number: number, answer: Answer): Kept {
    const bytes = isEmpty(answer[1]) ? 0 : encodeValue(answer[1]).length;
    const kept: Kept = { answer, bytes, isLogged: false };
    writes.answers.set(number, kept);
    if (bytes === 0) return kept;
    this.#bytes += bytes;
    this.#withData.add(kept);
    for (const old of this.#withData) {
      if (this.#bytes <= ANSWER_BYTES_MAX) break;
      this.#release(old);
      old.answer = FORGOTTEN;
    }
    return kept;
  }

  #forgetBefore(writes: ClientWrites, oldest: number): void {
    if (oldest <= writes.oldest) return;
    writes.oldest = oldest;
    for (const [number, kept] of writes.answers) {
      if (number >= oldest) continue;
      writes.answers.delete(number);
      this.#release(kept);
    }
  }

  #release(kept: Kept): void {
    if (this.#withData.delete(kept)) this.#bytes -= kept.bytes;
  }

  #dropOldest(): void {
    const [client, { lastFrame, answers }] = this.#byClient.entries().next().value!;
    this.#byClient.delete(client);
    for (const kept of answers.values()) this.#release(kept);
    this.#droppedThrough = Math.max(this.#droppedThrough, lastFrame);
  }
}

/** The first number that the sender may still wait for. */
function oldestOf({ number, oldest = 1 }: Sender): number {
  return Math.max(oldest, number - WRITES_MAX + 1, 1);
}
