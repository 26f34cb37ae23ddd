// Functions of the test that a page in Firefox can call. What puppeteer offers for it takes 60 ms a call
// there, longer than the writes that are to be acknowledged; a request to a server of ours takes one.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "puppeteer-core";

export class Ear {
  readonly #functions = new Map<string, (argument: never) => unknown>();
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.#functions.get(request.url!)?.(JSON.parse(Buffer.concat(chunks).toString()) as never);
      response.writeHead(204).end();
    });
  });

  static async open(): Promise<Ear> {
    const ear = new Ear();
    await new Promise<void>((resolve) => ear.#server.listen(0, "127.0.0.1", resolve));
    return ear;
  }

  /**
   * Gives `page`, now and after each load, a global function of one argument; its promise is resolved once
   * `listener` has run.
   */
  async expose(page: Page, name: string, listener: (argument: never) => unknown): Promise<void> {
    const path = `/${this.#functions.size}/${name}`;
    this.#functions.set(path, listener);
    const given = { name, url: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}` };
    await page.evaluateOnNewDocument(define, given);
    await page.evaluate(define, given);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** Runs in the page. */
function define({ name, url }: { name: string; url: string }): void {
  let isLeaving = false;
  addEventListener("beforeunload", () => (isLeaving = true));
  const call = async (argument: unknown): Promise<void> => {
    try {
      // The answer cannot be read by another origin, but it tells that the request arrived.
      await fetch(url, {
        method: "POST",
        mode: "no-cors",
        keepalive: true,
        body: JSON.stringify(argument),
      });
    } catch (error) {
      // Firefox gives up the requests of a page that is left, in the moments that its scripts still run.
      if (!isLeaving) throw error;
      await new Promise(() => undefined);
    }
  };
  Object.assign(globalThis, { [name]: call });
}
