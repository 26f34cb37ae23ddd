// A tab's line to the broker (worker/broker.ts), the SharedWorker that hands MessagePorts from tab to tab.
// Where there is none, its script is missing or says nothing, the tab goes without. A broker lives in the
// process of one of the tabs (Chromium 156) and can die with it: then there is another.

import { watchLock } from "../lock-watch.ts";

/** How long a tab does without a broker that says nothing: what hosts it may be busy. */
const brokerTimeoutMs = 1000;

export interface BrokerLinkOptions {
  /** Throws where there is no SharedWorker. */
  readonly start: () => SharedWorker;
  /** The name to be introduced by. */
  readonly tab: string;
  /** Called with each port that another tab hands to this one. */
  readonly onPort: (port: MessagePort) => void;
  /** Called when another broker is asked, since the one before died, and when one answers late. */
  readonly onNewBroker: () => void;
}

export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  readonly #closed = new AbortController();
  #broker: Promise<string | null>;
  #port: MessagePort | undefined;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    this.#broker = this.#connect();
  }

  /** The broker's own name, since tabs of two applications may have brokers of two addresses; null without one. */
  get broker(): Promise<string | null> {
    return this.#broker;
  }

  /** Hands `port` to a tab that the broker knows. */
  introduce(tab: string, port: MessagePort): void {
    this.#port?.postMessage({ to: tab }, [port]);
  }

  close(): void {
    this.#closed.abort();
    this.#port?.postMessage({});
    this.#port?.close();
  }

  async #connect(): Promise<string | null> {
    let worker: SharedWorker;
    try {
      worker = this.#options.start();
    } catch {
      // Workers have no SharedWorker, nor do some browsers; a script of another origin is refused.
      return null;
    }
    const { port } = worker;
    this.#port = port;
    return new Promise((resolve) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        resolve(null);
      }, brokerTimeoutMs);
      const settle = (broker: string | null): void => {
        clearTimeout(timer);
        resolve(broker);
        if (broker === null || this.#port !== port) return;
        this.#watch(broker);
        if (!isLate) return;
        this.#broker = Promise.resolve(broker);
        this.#options.onNewBroker();
      };
      // Chromium 156 keeps each SharedWorker with its port as long as the page, though it is closed.
      const { signal } = this.#closed;
      worker.addEventListener("error", () => settle(null), { signal });
      port.addEventListener(
        "message",
        ({ data, ports }: MessageEvent<{ broker?: string }>) => {
          if (data.broker !== undefined) settle(data.broker);
          else if (ports[0]) this.#options.onPort(ports[0]);
        },
        { signal },
      );
      port.start();
      port.postMessage({ tab: this.#options.tab });
    });
  }

  /** The broker has a Web Lock of its name for as long as it lives. */
  #watch(name: string): void {
    void watchLock(name, this.#closed.signal, () => {
      this.#broker = this.#connect();
      this.#options.onNewBroker();
    });
  }
}
