// The calls of one tab that are not answered yet. Each is kept as it was packed, so that it can be sent
// again when the engine that was to answer is gone. Invariant: calls are sent in their order, and the numbers
// of the writes that are open lie within `openCallsMax`, those that an engine remembers of a client.
// A call is given up when so many of this tab's own workers crashed while they had it. Other ends say nothing
// about it: a page that sleeps, an engine that is closed, a leader elsewhere that is gone, where a closed tab and
// a crashed one look the same. What every engine dies of comes to this tab's worker when its turn to lead does.

import { Failure, isFailure } from "../../protocol/failure.ts";
import { isAboutWrite, type Operation, type Reply } from "../../protocol/operation.ts";
import type { Link } from "./link.ts";

/**
 * An engine remembers the answers of so many numbers; see worker/engine/answered-writes.ts. As many reads are on
 * their way at a time, so that other tabs have their turn.
 */
export const openCallsMax = 64;

/** A call that so many of our workers crashed over is not given to another engine: it may be what they die of. */
export const crashesMax = 5;

interface OpenCall {
  /** Undefined for a read: it is sent again as it is, and waits for no write that is not before it. */
  readonly number: number | undefined;
  readonly operation: Operation;
  readonly settle: (reply: Reply) => void;
  readonly refuse: (error: unknown) => void;
  /** Where it was sent last, and the log's last frame that was known when it was sent first. */
  link: Link | undefined;
  since: number | undefined;
  /** How many engines it was sent to. */
  sends: number;
  crashes: number;
}

export interface OutboxOptions {
  /** Whether this tab's settings allow `reset`. */
  readonly allowReset: boolean;
  /** Called when an engine answers, by `reply`, that it is no longer the one to ask. */
  onLeaving(link: Link, reply: Reply): void;
}

export class Outbox {
  readonly #client = drawClient();
  readonly #options: OutboxOptions;
  /** In order. */
  readonly #open = new Set<OpenCall>();
  #nextNumber = 1;
  #link: Link | undefined;
  #lastFrame = 0;
  #answered = 0;
  #onFinish: (() => void) | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** How many calls an engine has answered so far. */
  get answered(): number {
    return this.#answered;
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /**
   * Sends `operation` to the engine that leads, now and again until one has answered. What is about a write under
   * way is sent once, to the engine there is: it must not wait for that write, nor take a number from the others.
   */
  submit(operation: Operation): Promise<Reply> {
    if (isAboutWrite(operation)) {
      return this.#link?.call(operation) ?? Promise.resolve({ ok: true, status: 200, data: {} });
    }
    return new Promise((settle, refuse) => {
      const number = isRead(operation) ? undefined : this.#nextNumber++;
      const rest = { link: undefined, since: undefined, sends: 0, crashes: 0 };
      this.#open.add({ number, operation, settle, refuse, ...rest });
      this.#pump();
    });
  }

  /**
   * From now on calls go to `link`, those first that another engine has not answered. Without one they wait.
   * @param lastFrame  of the log that the engine has open
   */
  route(link: Link | undefined, lastFrame = 0): void {
    this.#link = link;
    this.#lastFrame = Math.max(this.#lastFrame, lastFrame);
    this.#pump();
  }

  /** Our worker behind `link` crashed. Called before calls go to another engine. */
  crashed(link: Link): void {
    for (const call of this.#open) {
      if (call.link !== link || ++call.crashes < crashesMax) continue;
      const over = `${crashesMax} workers of this page died while this call was open`;
      this.#finish(call, () => call.refuse(new Failure("worker-died", over)));
    }
  }

  /** Resolves when `link` has answered what it was sent; for a link that calls no longer go to. */
  answeredBy(link: Link): Promise<void> {
    return new Promise((resolve) => {
      this.#onFinish = () => {
        if ([...this.#open].every((call) => call.link !== link)) resolve();
      };
      this.#onFinish();
    });
  }

  /** Answers every call that is open: with `reply`, or with `unsure` a write that an engine may have carried out. */
  answerAll(reply: Reply, unsure: Reply): void {
    for (const { number, settle, link, sends } of this.#open) {
      settle(number === undefined || (link === undefined && sends <= 1) ? reply : unsure);
    }
    this.#open.clear();
  }

  #pump(): void {
    if (this.#link === undefined) return;
    let reads = 0;
    let oldest: number | undefined;
    for (const call of this.#open) {
      const { number } = call;
      const places = number === undefined ? ++reads : number - (oldest ??= number) + 1;
      if (places > openCallsMax) return;
      if (call.link !== this.#link) this.#send(call, this.#link, oldest);
    }
  }

  #send(call: OpenCall, link: Link, oldest = 1): void {
    const { number, since } = call;
    const { allowReset } = this.#options;
    const sender = number !== undefined && {
      client: this.#client,
      number,
      oldest,
      allowReset,
      ...(since !== undefined && { since }),
    };
    call.link = link;
    call.sends += 1;
    call.since ??= this.#lastFrame;
    link.call({ ...call.operation, ...(sender && { sender }) }).then(
      (reply) => this.#answer(call, link, reply),
      (error: unknown) => {
        // The link's death is told by the link; anything else is about this call, which cannot be cloned, say.
        if (!isFailure(error)) this.#finish(call, () => call.refuse(error));
      },
    );
  }

  #answer(call: OpenCall, link: Link, reply: Reply): void {
    if (isLeaving(reply)) {
      // This one has not carried it out, and is sent no more.
      if (call.link === link) call.link = undefined;
      if (this.#link === link) this.#link = undefined;
      this.#options.onLeaving(link, reply);
      this.#onFinish?.();
      return;
    }
    this.#answered += 1;
    this.#finish(call, () => call.settle(reply));
  }

  #finish(call: OpenCall, settle: () => void): void {
    if (!this.#open.delete(call)) return;
    settle();
    this.#onFinish?.();
    this.#pump();
  }
}

/** Of what else reads, and is rare, the answers are kept like those of writes. */
export function isRead({ method, route }: Operation): boolean {
  return method === "get" || /\/(get|query|search)$/.test(route);
}

/** The engine is being closed, or lost its path to another tab, or the path its files, while it opened it anew. */
function isLeaving(reply: Reply): boolean {
  return !reply.ok && ["closed", "path-locked", "data-evicted"].includes(reply.error.code ?? "");
}

function drawClient(): bigint {
  return crypto.getRandomValues(new BigInt64Array(1))[0]!;
}
