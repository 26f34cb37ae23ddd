// A worker's engine as a transport, whether this page started it or another tab. Comlink never settles a
// call whose worker died, so every call races against the worker's death. The counterpart is worker/serve.ts.

import { transfer, wrap, type Remote } from "comlink";
import { handshakeVersion, isIntroduced, isReady } from "../protocol/engine-port.ts";
import type { EngineOptions, Hello, HostPort, Introduced, Ready } from "../protocol/engine-port.ts";
import { Failure } from "../protocol/failure.ts";
import type { Operation, Reply, Transport } from "../protocol/operation.ts";
import type { EngineWorker } from "./engine-worker.ts";
import { watchLock } from "./lock-watch.ts";
import { operationBuffers } from "./pack.ts";

/** How long a worker's script may take to load and answer, where no page says that the worker is alive. */
const startTimeoutMsDefault = 30_000;

export interface WorkerTransportOptions {
  /** A canonical path, or null: memory. */
  readonly path: string | null;
  readonly engine: EngineOptions;
  readonly startTimeoutMs?: number;
}

/** What every call after `close()` is told. */
export function closedFailure(): Failure {
  return new Failure("closed", "The client is closed");
}

/** One engine in one worker. */
export class WorkerTransport implements Transport {
  /** Resolves with the reason when the worker can answer no more; after `close()` too. */
  readonly dead: Promise<Failure>;
  readonly #worker: EngineWorker;
  readonly #remote: Remote<HostPort<MessagePort>>;
  readonly #keepsOperations: boolean;
  readonly #die: (failure: Failure) => void;
  readonly #lockWatch = new AbortController();
  /** Held by the worker as long as it lives. Unknown until it has answered, or is introduced. */
  #lock: string | null | undefined;
  #isWatched: Promise<boolean> | undefined;
  /** What ends each open call when the worker dies. A race with `dead` would keep every reply as long as the worker. */
  readonly #openCalls = new Set<(failure: Failure) => void>();
  #death: Failure | undefined;

  /**
   * Waits for the worker's greeting, then opens the path.
   *
   * @throws {Failure}  "worker-start": no greeting in time, an error before it, or another build's
   *     worker. "worker-died": the worker died while opening.
   * @returns  the transport and the engine's reply to opening; after an error reply the worker is gone
   */
  static async start(
    worker: EngineWorker,
    { path, engine, startTimeoutMs }: WorkerTransportOptions,
  ): Promise<{ transport: WorkerTransport; opened: Reply }> {
    const transport = await WorkerTransport.greet(worker, { ...(startTimeoutMs && { startTimeoutMs }) });
    const opened = await transport.open(path, engine);
    if (!opened.ok) transport.end();
    return { transport, opened };
  }

  /**
   * Waits for the worker's greeting; what it is to open is said by `open`.
   *
   * @param keepsOperations  whether operations are copied to the worker, since they may have to be sent again
   * @throws {Failure}  "worker-start", as `start`
   */
  static async greet(
    worker: EngineWorker,
    { startTimeoutMs = startTimeoutMsDefault, keepsOperations = false } = {},
  ): Promise<WorkerTransport> {
    const transport = new WorkerTransport(worker, keepsOperations);
    try {
      const ready = await transport.#greet(startTimeoutMs);
      // Its lock is free: it died just now, or we cannot see the lock. Who answers once more is done without it.
      if (!(await transport.#watchLock(ready))) await transport.#greet(startTimeoutMs);
      return transport;
    } catch (error) {
      transport.end();
      throw error;
    }
  }

  private constructor(worker: EngineWorker, keepsOperations: boolean) {
    this.#worker = worker;
    this.#keepsOperations = keepsOperations;
    const { promise, resolve } = withResolvers<Failure>();
    this.dead = promise;
    this.#die = resolve;
    worker.onDeath(resolve);
    // What no longer answers, or should not, is not left running: it may hold the path.
    void promise.then((failure) => {
      this.#death = failure;
      this.#lockWatch.abort();
      worker.terminate();
      for (const end of this.#openCalls) end(failure);
    });
    this.#remote = wrap<HostPort<MessagePort>>(worker.endpoint);
  }

  /**
   * Opens a path, once. An engine whose answer is an error has nothing open; whoever asked ends it.
   * @throws {Failure}  "worker-died"
   */
  open(path: string | null, engine: EngineOptions): Promise<Reply> {
    return this.#race<Reply>(async () => this.#remote.open(path, engine));
  }

  /** See `HostPort`. */
  rouse(): Promise<Reply> {
    return this.#race<Reply>(async () => this.#remote.rouse());
  }

  /** Brings another tab to the worker; see `HostPort`. That tab is told at once: the worker may be busy. */
  connect(wire: MessagePort | string): Promise<Reply> {
    const introduced: Introduced = { chromalite: "introduced", lock: this.#lock ?? null };
    if (typeof wire === "string") {
      const channel = new BroadcastChannel(wire);
      channel.postMessage(introduced);
      channel.close();
    } else wire.postMessage(introduced);
    return this.#race<Reply>(async () =>
      this.#remote.connect(typeof wire === "string" ? wire : transfer(wire, [wire])),
    );
  }

  /** @throws {Failure}  "worker-died": whether a write was done is not known. */
  call(operation: Operation): Promise<Reply> {
    const sent = this.#keepsOperations ? operation : transfer(operation, operationBuffers(operation));
    return this.#race<Reply>(async () => this.#remote.call(sent));
  }

  /** Gives the worker up, whatever it is doing. Idempotent. */
  end(): void {
    this.#die(new Failure("worker-died", "The worker was given up"));
  }

  /** Lets the engine release its path, then ends the worker. Idempotent; a dead worker has nothing to release. */
  async close(): Promise<void> {
    await this.#race<Reply>(async () => this.#remote.close()).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
    });
    this.#die(closedFailure());
  }

  /** The call, or the worker's death, whichever comes first. The process lives while a call is open. */
  async #race<T>(call: () => Promise<T>): Promise<T> {
    if (this.#death !== undefined) throw this.#death;
    let end: (failure: Failure) => void = () => undefined;
    const death = new Promise<never>((_, reject) => {
      end = reject;
    });
    if (this.#openCalls.size === 0) this.#worker.keepAlive(true);
    this.#openCalls.add(end);
    try {
      return await Promise.race([call(), death]);
    } finally {
      this.#openCalls.delete(end);
      if (this.#openCalls.size === 0) this.#worker.keepAlive(false);
    }
  }

  async #greet(timeoutMs: number): Promise<Ready> {
    const { endpoint } = this.#worker;
    const { promise, resolve } = withResolvers<Ready>();
    const timer = setTimeout(
      () => this.#die(new Failure("worker-start", `The worker did not answer in ${timeoutMs} ms`)),
      timeoutMs,
    );
    const listener = (event: Event): void => {
      const { data } = event as MessageEvent<unknown>;
      if (isReady(data)) resolve(data);
      if (!isIntroduced(data)) return;
      // From now on its death tells, not the clock.
      void this.#watchLock(data).then((isWatched) => isWatched && clearTimeout(timer));
    };
    endpoint.addEventListener("message", listener);
    endpoint.start?.();
    endpoint.postMessage({ chromalite: "hello" } satisfies Hello);
    try {
      const ready = await this.#race(() => promise);
      if (ready.version === handshakeVersion) return ready;
    } catch (cause) {
      if (cause instanceof Failure && cause.code === "worker-start") throw cause;
      throw new Failure("worker-start", "The worker could not be started", {}, { cause });
    } finally {
      clearTimeout(timer);
      endpoint.removeEventListener("message", listener);
    }
    throw new Failure("worker-start", "The worker is of another build of Chromalite: reload the page");
  }

  /** The worker holds this lock as long as it lives. False where it is free; null is a worker that needs none. */
  async #watchLock({ lock }: Pick<Ready, "lock">): Promise<boolean> {
    if (this.#lock !== lock) this.#isWatched = undefined;
    this.#lock = lock;
    if (lock === null || typeof navigator === "undefined" || !("locks" in navigator)) return true;
    this.#isWatched ??= watchLock(lock, this.#lockWatch.signal, () =>
      this.#die(new Failure("worker-died", "The worker was terminated")),
    );
    return this.#isWatched;
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
