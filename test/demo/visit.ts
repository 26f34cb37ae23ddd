// A visitor: a browser profile, the page in it, and what was noticed on the way.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";

export interface Answer {
  readonly id: string;
  readonly distance: string;
}

/** What the page's own observers saw since it was opened. */
export interface Noticed {
  /** Milliseconds of each task that kept the main thread longer than 50. */
  readonly longTasks: readonly number[];
  /** Sum of the layout shifts that no input of the visitor explains. */
  readonly layoutShift: number;
}

/** Runs in the page before anything else. Only what happened since the observer counts, so it is first. */
const observe = `
  globalThis.noticed = { longTasks: [], layoutShift: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noticed.longTasks.push(Math.round(duration));
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) noticed.layoutShift += value;
  }).observe({ type: "layout-shift", buffered: true });`;

export class Visitor {
  readonly #profile: string;
  readonly #context: BrowserContext;
  /** Errors that nobody caught, and addresses that were asked for, since the last `open`. */
  readonly troubles: string[] = [];
  readonly requests: string[] = [];

  private constructor(profile: string, context: BrowserContext) {
    this.#profile = profile;
    this.#context = context;
  }

  /** @param flags  of Chromium, besides the usual */
  static async arrive(flags: readonly string[] = []): Promise<Visitor> {
    const profile = await mkdtemp(join(tmpdir(), "chromalite-visitor-"));
    const executablePath = findChromium();
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath && { executablePath }),
      args: [...chromiumFlags, ...flags],
    });
    await context.addInitScript(observe);
    const visitor = new Visitor(profile, context);
    context.on("weberror", (error) => visitor.troubles.push(error.error().message));
    context.on("request", (request) => visitor.requests.push(request.url()));
    return visitor;
  }

  get browser(): Browser {
    const browser = this.#context.browser();
    if (!browser) throw new Error("the visitor has left");
    return browser;
  }

  async open(url: string): Promise<Page> {
    this.requests.length = 0;
    const page = await this.#context.newPage();
    await page.goto(url, { waitUntil: "commit" });
    return page;
  }

  async leave(): Promise<void> {
    await this.#context.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

/** The line at the foot, once it says that all records are there. */
export async function whenReady(page: Page, timeout = 60_000): Promise<string> {
  await page.waitForFunction('document.documentElement.dataset.load === "ready"', undefined, { timeout });
  return page.locator("#load-text").innerText();
}

/** Types a question and returns the hits of this very question, nearest first. */
export async function ask(page: Page, query: string): Promise<Answer[]> {
  await page.locator("#query").fill("");
  await page.locator("#query").fill(query);
  await page.locator(".hit").first().waitFor();
  return answers(page);
}

export async function answers(page: Page): Promise<Answer[]> {
  return page.locator(".hit").evaluateAll((hits) =>
    hits.map((hit) => ({
      id: (hit as HTMLElement).dataset["id"] ?? "",
      distance: hit.querySelector(".hit-distance")?.textContent ?? "",
    })),
  );
}

export async function noticed(page: Page): Promise<Noticed> {
  return page.evaluate(() => (globalThis as unknown as { noticed: Noticed }).noticed);
}
