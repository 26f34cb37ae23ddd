// Web Locks, which Node 20 has not: names, both modes, a line for each name, requests that are given up.

interface Request {
  readonly name: string;
  readonly isShared: boolean;
  readonly grant: () => void;
}

type Callback<T> = (lock: object | null) => T | Promise<T>;

export class FakeLocks {
  readonly #held = new Set<Request>();
  readonly #waiting: Request[] = [];

  async request<T>(name: string, ...rest: [LockOptions, Callback<T>] | [Callback<T>]): Promise<T> {
    const callback = rest.at(-1) as Callback<T>;
    const { mode, ifAvailable, signal } = rest.length === 2 ? rest[0] : {};
    const { promise, resolve, reject } = withResolvers();
    const request: Request = { name, isShared: mode === "shared", grant: resolve };
    signal?.addEventListener("abort", () => {
      const place = this.#waiting.indexOf(request);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(signal.reason);
    });
    this.#waiting.push(request);
    this.#grant();
    if (ifAvailable === true && !this.#held.has(request)) {
      this.#waiting.splice(this.#waiting.indexOf(request), 1);
      return callback(null);
    }
    await promise;
    try {
      return await callback({ name });
    } finally {
      this.#held.delete(request);
      this.#grant();
    }
  }

  /** Holds a lock until the returned function is called. */
  hold(name: string): () => void {
    const { promise, resolve } = withResolvers();
    void this.request(name, () => promise);
    return resolve;
  }

  /** Whether somebody waits for it. */
  isAwaited(name: string): boolean {
    return this.#waiting.some((other) => other.name === name);
  }

  /** Puts this in the place of what a browser has. */
  install(): this {
    const place: object = globalThis.navigator ?? Object.assign(globalThis, { navigator: {} }).navigator;
    Object.defineProperty(place, "locks", { configurable: true, value: this });
    return this;
  }

  #grant(): void {
    const blocked = new Set<string>();
    for (const request of this.#waiting.slice()) {
      const { name, isShared, grant } = request;
      const others = [...this.#held].filter((other) => other.name === name);
      if (blocked.has(name) || others.some((other) => !isShared || !other.isShared)) {
        blocked.add(name);
        continue;
      }
      this.#waiting.splice(this.#waiting.indexOf(request), 1);
      this.#held.add(request);
      grant();
    }
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((settle, refuse) => {
    resolve = settle;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
