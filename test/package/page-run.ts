// A page in a headless Chromium that must not reach any host but its own, and what it said.

import { chromium, type Browser, type Page } from "playwright";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";

export interface PageRun {
  readonly page: Page;
  /** Requests to other hosts, errors that nobody caught, error messages of the console. */
  readonly troubles: readonly string[];
}

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({ ...(executablePath && { executablePath }), args: chromiumFlags });
}

/**
 * Opens `url` in a profile of its own, kept for reloads.
 * @param server  an origin besides its own that the page may reach
 */
export async function openPage(browser: Browser, url: string, server?: string): Promise<PageRun> {
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`console: ${message.text()}`);
  });
  await page.route(
    ({ origin, protocol }) =>
      origin !== new URL(url).origin && origin !== server && protocol.startsWith("http"),
    (route) => {
      troubles.push(`request to ${route.request().url()}`);
      return route.abort();
    },
  );
  await page.goto(url);
  return { page, troubles };
}

/** What the page wrote into its output once it was done: see notes.js. */
export async function readOutcome({ page, troubles }: PageRun): Promise<unknown> {
  const output = page.locator("output");
  await output
    .filter({ hasText: /./ })
    .waitFor({ state: "attached", timeout: 20_000 })
    .catch(() => {
      throw new Error(`the page said nothing: ${troubles.join("; ") || "no error either"}`);
    });
  return JSON.parse((await output.textContent()) ?? "null") as unknown;
}
