// The engine of a page as a transport. Which page is found out when a call has none: every window is asked,
// and the first that answers is used until it is gone. The page's end is src/clients/connect-service-worker.ts.

import { type EngineWanted, offerLockStart } from "../src/protocol/engine-offer.ts";
import { errorToReply } from "../src/protocol/error-reply.ts";
import { Failure, isFailure } from "../src/protocol/failure.ts";
import type { Operation, Reply, Transport } from "../src/protocol/operation.ts";
import { WorkerTransport } from "../src/transport/worker-transport.ts";
import type { Windows } from "./scope.ts";

/** A page that offers an engine may be busy, or frozen: how long it may take to answer. */
const ANSWER_MS_MAX = 5000;

export class PagesEngine implements Transport {
  readonly #windows: Windows;
  readonly #prefix: string;
  #page: Promise<WorkerTransport | undefined> | undefined;

  /** @param prefix  canonical; pages that offer for another are not asked */
  constructor(windows: Windows, prefix: string) {
    this.#windows = windows;
    this.#prefix = prefix;
  }

  /** Never rejects: that no page answers, or that it went before it did, is an error reply. */
  async call(operation: Operation): Promise<Reply> {
    try {
      const page = await this.#getPage();
      return page === undefined ? noPageReply() : await page.call(operation);
    } catch (error) {
      if (!isFailure(error) || error.code !== "worker-died") return errorToReply(error);
      const gone = "The page whose engine was asked is gone: whether a write was done is not known";
      return errorToReply(new Failure("worker-died", gone));
    }
  }

  async close(): Promise<void> {
    const page = this.#page;
    this.#page = undefined;
    (await page)?.end();
  }

  #getPage(): Promise<WorkerTransport | undefined> {
    if (this.#page !== undefined) return this.#page;
    const page = this.#findPage();
    this.#page = page;
    const forget = (): void => {
      if (this.#page === page) this.#page = undefined;
    };
    page.then((found) => (found === undefined ? forget() : void found.dead.then(forget)), forget);
    return page;
  }

  async #findPage(): Promise<WorkerTransport | undefined> {
    if (!(await isOffered(this.#prefix))) return undefined;
    const windows = await this.#windows.matchAll({ type: "window", includeUncontrolled: true });
    const answers = windows.map((window) => {
      const { port1, port2 } = new MessageChannel();
      const wanted: EngineWanted = { chromalite: "engine wanted", prefix: this.#prefix };
      window.postMessage(wanted, [port2]);
      return connect(port1);
    });
    const first = await Promise.any(answers).catch(() => undefined);
    for (const answer of answers) {
      answer.then(
        (page) => {
          if (page !== first) page.end();
        },
        // A window without an engine to offer.
        () => undefined,
      );
    }
    return first;
  }
}

/** A page's engine has its path open, so that a greeting is all. */
function connect(port: MessagePort): Promise<WorkerTransport> {
  const page = {
    endpoint: port,
    // The page's lock tells, in every browser.
    onDeath() {},
    keepAlive() {},
    terminate: () => port.close(),
  };
  return WorkerTransport.greet(page, { startTimeoutMs: ANSWER_MS_MAX });
}

/** Whether any page says that it would answer. */
async function isOffered(prefix: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name?.startsWith(offerLockStart(prefix)));
}

/** Chroma's server has no such error; its clients show the message of any 5xx. */
function noPageReply(): Reply {
  const message =
    "No page offers its engine to the Service Worker: expected one to be open that called connectServiceWorker(client)";
  return { ok: false, error: { status: 503, name: "InternalError", message } };
}
