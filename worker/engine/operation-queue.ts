// The queue of one path: operations run one after another in the order they came; writes that wait
// together share one append. Between them, and when there are none, background work runs in slices.
// It knows nothing of what an operation does.

import { macrotask } from "./macrotask.ts";

/** One operation that waits. */
export interface Task {
  /** Tasks of one group are handed over together; a task without a group runs alone. */
  readonly isGroupable: boolean;
}

export interface QueueHost<T extends Task> {
  /** Runs tasks: one, or several groupable ones. Never rejects. */
  run(tasks: readonly T[]): Promise<void>;
  /** Called after each run: a moment when nothing is half done. */
  betweenRuns(): Promise<void>;
  /** Does a slice of background work; false when there is none. Never rejects. */
  background(): Promise<boolean>;
  /** Called when everything is done. */
  idle(): void;
}

export class OperationQueue<T extends Task> {
  readonly #host: QueueHost<T>;
  readonly #groupMax: number;
  readonly #waiting: T[] = [];
  #running: Promise<void> | undefined;

  constructor(host: QueueHost<T>, groupMax: number) {
    this.#host = host;
    this.#groupMax = groupMax;
  }

  push(task: T): void {
    this.#waiting.push(task);
    this.wake();
  }

  /** Starts running when it is not: there may be background work. */
  wake(): void {
    // A microtask later, so that tasks pushed in one turn of the event loop form a group.
    this.#running ??= Promise.resolve()
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined;
        if (this.#waiting.length > 0) this.wake();
        else this.#host.idle();
      });
  }

  /** Resolves when nothing waits and background work is done. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      // Messages that wait at the door come in first: writes among them share one flush.
      if (this.#waiting[0]?.isGroupable === true) await macrotask();
      const group = this.#nextGroup();
      if (group.length > 0) {
        await this.#host.run(group);
        await this.#host.betweenRuns();
      } else if (!(await this.#host.background())) {
        return;
      } else {
        await macrotask();
      }
    }
  }

  /** The first task that waits and is wanted, out of its turn: for who runs while others may go on. */
  take(isWanted: (task: T) => boolean): T | undefined {
    const at = this.#waiting.findIndex(isWanted);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #nextGroup(): T[] {
    const first = this.#waiting[0];
    if (first === undefined) return [];
    if (!first.isGroupable) return this.#waiting.splice(0, 1);
    let length = 1;
    while (length < this.#groupMax && this.#waiting[length]?.isGroupable === true) length++;
    return this.#waiting.splice(0, length);
  }
}
