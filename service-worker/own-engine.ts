// An engine in this thread as a transport. It is opened by the first call, and again by the next one where
// opening failed: what held the path may be gone by then.

import type { Engine } from "../src/protocol/engine-port.ts";
import { errorToReply } from "../src/protocol/error-reply.ts";
import type { Operation, Reply, Transport } from "../src/protocol/operation.ts";

export class OwnEngine implements Transport {
  readonly #open: () => Promise<Engine>;
  #engine: Promise<Engine> | undefined;

  /** @param open  makes an engine and opens its path */
  constructor(open: () => Promise<Engine>) {
    this.#open = open;
  }

  /** Never rejects: a path that does not open is an error reply. */
  async call(operation: Operation): Promise<Reply> {
    try {
      const engine = await this.#mustGetEngine();
      return await engine.call(operation);
    } catch (error) {
      return errorToReply(error);
    }
  }

  /** Releases the path; a later call opens it again. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    // Where opening failed there is nothing to release, and its caller has been told.
    await engine?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  #mustGetEngine(): Promise<Engine> {
    if (this.#engine !== undefined) return this.#engine;
    const engine = this.#open();
    this.#engine = engine;
    engine.catch(() => {
      if (this.#engine === engine) this.#engine = undefined;
    });
    return engine;
  }
}
