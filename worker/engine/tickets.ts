// Operations under way: how far each is, and whether it was given up. Those with a name are followed.

import { Failure } from "../../src/protocol/failure.ts";
import { macrotask } from "./macrotask.ts";

/** A request that came while a write runs waits for about this long. */
const SLICE_MS = 8;

/** How far one operation is. */
export class Ticket {
  #done = 0;
  #isCancelled = false;
  #turnedAt = performance.now();

  /** Records taken in so far. */
  get done(): number {
    return this.#done;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
  }

  /**
   * Says how far the write is, and lets those in who ask.
   * @throws {Failure}  "cancelled"
   */
  async turn(done: number): Promise<void> {
    this.#done = done;
    if (performance.now() - this.#turnedAt < SLICE_MS) return;
    await macrotask();
    this.#turnedAt = performance.now();
    if (this.#isCancelled) throw cancelledFailure();
  }
}

/** Tickets by name. */
export class Tickets {
  readonly #byName = new Map<string, Ticket>();

  /** A ticket for an operation that begins; of one sent twice both have the same. Most have no name. */
  begin(name: string | undefined): Ticket {
    if (name === undefined) return new Ticket();
    const ticket = this.#byName.get(name) ?? new Ticket();
    this.#byName.set(name, ticket);
    return ticket;
  }

  find(name: string): Ticket | undefined {
    return this.#byName.get(name);
  }

  end(name: string | undefined): void {
    if (name !== undefined) this.#byName.delete(name);
  }
}

export function cancelledFailure(): Failure {
  return new Failure("cancelled", "the write was cancelled: nothing of it was kept");
}
