// A client's own transport: nothing starts before the first call, and nothing runs after close(). A call that was
// made before close() counts as such, though it reaches this some promises later.

import type { Failure } from "../protocol/failure.ts";
import {
  type Durability,
  isAboutWrite,
  type Operation,
  type Reach,
  type Reply,
  type Transport,
} from "../protocol/operation.ts";
import type { Lease, MortalTransport } from "./transport-pool.ts";
import { closedFailure } from "./worker-transport.ts";

export interface LazyTransportOptions {
  /** Called at the first call, and again after a death if `restarts`. */
  readonly acquire: () => Promise<Lease>;
  /** Whether a new engine has the old one's data: true for a stored path, false for memory. */
  readonly restarts: boolean;
  /** Of this client's writes; strict when absent. */
  readonly durability?: Durability | undefined;
}

export class LazyTransport implements Transport {
  readonly #options: LazyTransportOptions;
  #transport: MortalTransport | undefined;
  readonly #openCalls = new Set<Promise<unknown>>();
  #lease: Promise<Lease> | undefined;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: LazyTransportOptions) {
    this.#options = options;
  }

  get reach(): Reach | undefined {
    return this.#transport?.reach;
  }

  /** @throws {Failure}  "closed" after `close()`; "worker-start", "worker-died" */
  async call(operation: Operation): Promise<Reply> {
    // Closing waits for the writes that are open, and so for who gives one of them up.
    const isHeard = isAboutWrite(operation) && this.#openCalls.size > 0;
    if (this.#isClosed && !isHeard) throw closedFailure();
    const call = this.#forward(operation);
    this.#openCalls.add(call);
    try {
      return await call;
    } finally {
      this.#openCalls.delete(call);
    }
  }

  /** Waits for the calls that were made before, then gives up the engine. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #forward(operation: Operation): Promise<Reply> {
    const { transport } = await this.#acquire();
    const { durability } = this.#options;
    return transport.call(durability === undefined ? operation : { ...operation, durability });
  }

  #acquire(): Promise<Lease> {
    if (this.#lease) return this.#lease;
    const lease = this.#options.acquire();
    this.#lease = lease;
    const forget = (): void => {
      if (this.#lease === lease) this.#lease = undefined;
    };
    lease.then(({ transport }) => {
      this.#transport = transport;
      if (this.#options.restarts) void transport.dead.then(forget);
    }, forget);
    return lease;
  }

  async #release(): Promise<void> {
    await turn();
    // A client's first write asks for the limits before it is sent.
    await Promise.allSettled(this.#openCalls);
    await turn();
    this.#isClosed = true;
    await Promise.allSettled(this.#openCalls);
    const lease = await this.#lease?.catch((failure: Failure) => failure);
    if (lease && "release" in lease) await lease.release();
  }
}

/** A turn of the event loop: all promises that can go on have gone on. A timer would be held back in a hidden page. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
