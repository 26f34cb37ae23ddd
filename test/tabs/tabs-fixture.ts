// A browser with tabs of one site, what they said, and the ways in which a tab can go.

import type { BrowserContext, Page } from "playwright";
import type { SeededRandom } from "../../worker/storage/seeded-random.ts";
import type { ServedSite } from "../kill/page-fixture.ts";
import { Model } from "./model.ts";
import type { Event, TabBackend } from "./page-script.ts";

export const scripts = [new URL("page-script.ts", import.meta.url)];

/** What can happen to a tab. */
export type Fate = "close" | "reload" | "crash" | "end workers" | "freeze" | "navigate";

export class Tabs {
  readonly model = new Model();
  readonly #context: BrowserContext;
  readonly #site: ServedSite;
  readonly #path: string;
  readonly #backend: TabBackend;
  readonly #pages: Page[] = [];
  #opened = 0;

  constructor(context: BrowserContext, site: ServedSite, path: string, backend: TabBackend) {
    this.#context = context;
    this.#site = site;
    this.#path = path;
    this.#backend = backend;
  }

  get pages(): readonly Page[] {
    return this.#pages;
  }

  async open(): Promise<Page> {
    const page = await this.#site.loadPage(this.#context);
    page.on("pageerror", (error) => this.model.take(["problem", String(error)]));
    await page.exposeFunction("tell", (events: readonly Event[]) => {
      for (const event of events) this.model.take(event);
    });
    await this.#start(page);
    this.#pages.push(page);
    return page;
  }

  /** Lets `fate` come over a tab, and puts another in its place where it does not come back. */
  async strike(page: Page, fate: Fate): Promise<void> {
    switch (fate) {
      case "close":
        this.#forget(page);
        await page.close();
        await this.open();
        break;
      case "reload":
        await page.reload();
        await this.#start(page);
        break;
      case "navigate":
        await page.goto(`${page.url()}?again`);
        await this.#start(page);
        break;
      case "crash":
        this.#forget(page);
        await crash(page);
        await this.open();
        break;
      case "end workers":
        await page.evaluate(() => tabPage.endWorkers());
        break;
      case "freeze": {
        await this.#pages.find((other) => other !== page)?.bringToFront();
        const thaw = await freeze(page);
        await this.#otherAnswers(page);
        await thaw();
        break;
      }
    }
  }

  pick(random: SeededRandom): Page {
    return random.pick(this.#pages);
  }

  /** Ends the programs, with every open call answered. */
  async stop(): Promise<void> {
    await Promise.all(this.#pages.map((page) => page.evaluate(() => tabPage.stop())));
  }

  async #start(page: Page): Promise<void> {
    await page.waitForFunction(() => "tabPage" in globalThis);
    await page.evaluate(
      async ([path, backend, tab]) => {
        await tabPage.open(path, backend);
        tabPage.start(tab);
      },
      [this.#path, this.#backend, `tab${++this.#opened}`] as const,
    );
  }

  /** With the leader frozen another tab has to take over. */
  async #otherAnswers(frozen: Page): Promise<void> {
    const other = this.#pages.find((page) => page !== frozen);
    await other?.evaluate(() => tabPage.notes.count());
  }

  #forget(page: Page): void {
    this.#pages.splice(this.#pages.indexOf(page), 1);
  }
}

/**
 * What the browser does to a tab that was hidden for long: nothing in it runs any more.
 * The page must not be in front. Returns how to bring it back.
 */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  return async () => {
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await session.detach();
  };
}

/** The tab's process ends as by a bug of the browser; what is left of the tab is closed. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It never answers.
  session.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
}
