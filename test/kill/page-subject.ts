// The program in a page. How the page ends, with its browser, its tab or its worker, is the test's to say.

import type { Page } from "playwright";
import type { PersistentClientOptions } from "../../src/index.ts";
import type { KillPage } from "./page-script.ts";
import type { FoundCollection, Probe } from "./program.ts";
import type { Steps, Subject } from "./subject.ts";

/** What the functions that are sent to the page find there. */
declare global {
  var killPage: KillPage;
}

/** Names the binding of each write: it outlives a reload, and its name cannot be used again. */
let writes = 0;

/** What is asked of whatever drives the browser. */
export interface DrivenPage extends Pick<Page, "evaluate"> {
  exposeFunction(name: string, listener: (argument: never) => unknown): Promise<unknown>;
}

export interface PageSubjectOptions {
  /** A page of the site, loaded. */
  readonly page: DrivenPage;
  readonly client: Pick<PersistentClientOptions, "path" | "backend" | "settings">;
  /** Whether the client is given a worker that the test can terminate. */
  readonly ownWorker?: boolean;
  kill(): Promise<void>;
  /** Called when the client is closed. */
  close(): Promise<void>;
}

export class PageSubject implements Subject {
  readonly #options: PageSubjectOptions;
  readonly #page: DrivenPage;
  #isKilled = false;

  private constructor(options: PageSubjectOptions) {
    this.#options = options;
    this.#page = options.page;
  }

  static async start(options: PageSubjectOptions): Promise<PageSubject> {
    const { page, client, ownWorker = false } = options;
    await page.evaluate(
      ([given, isOwn]) =>
        killPage.start({ ...given, ...(isOwn && { worker: () => killPage.startWorker() }) }),
      [client, ownWorker] as const,
    );
    return new PageSubject(options);
  }

  open(): Promise<number> {
    return this.#page.evaluate(() => killPage.program.open());
  }

  readBack(): Promise<FoundCollection[]> {
    return this.#page.evaluate(() => killPage.program.readBack());
  }

  nearest(probes: readonly Probe[]): Promise<(string | undefined)[]> {
    return this.#page.evaluate((given) => killPage.program.nearest(given), probes);
  }

  async write({ seed, from, until }: Steps, acknowledged: (step: number) => void): Promise<void> {
    const binding = `acknowledge${++writes}`;
    await this.#page.exposeFunction(binding, acknowledged);
    try {
      await this.#page.evaluate(
        (steps) => {
          const acknowledge = Reflect.get(globalThis, steps.binding) as (step: number) => Promise<void>;
          return killPage.program.write(steps.seed, steps.from, steps.until ?? Infinity, acknowledge);
        },
        { seed, from, until, binding },
      );
    } catch (error) {
      if (!this.#isKilled) throw error;
    }
  }

  async kill(): Promise<void> {
    if (this.#isKilled) return;
    this.#isKilled = true;
    await this.#options.kill();
  }

  async close(): Promise<void> {
    await this.#page.evaluate(() => killPage.program.close());
    await this.#options.close();
  }
}
