// A site with the package as built, and a browser profile that visits it. The package is copied, so that a
// build beside the tests does not disturb them.

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { serveFolders } from "../../examples/service-worker/serve.mjs";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";

declare global {
  interface Window {
    readonly chromalite: typeof import("chromalite");
  }
}

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface Site {
  readonly context: BrowserContext;
  readonly url: string;
  /** Where its files are: a test may change them. */
  readonly folder: string;
  /** A page whose `window.chromalite` is the package's entry. */
  readonly openPage: () => Promise<Page>;
  /** Ends every Service Worker, as the browser does when they are idle. */
  readonly stopServiceWorkers: () => Promise<void>;
  /** From here on nothing answers: the server is closed, the network is off. Never with a stopped Service Worker: Playwright waits for it. */
  readonly goOffline: () => Promise<void>;
}

export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({ ...(executablePath && { executablePath }), args: chromiumFlags });
}

/**
 * Runs `use` with a site and a profile of its own, and fails where a page had an error that nobody caught.
 * @param source  the folder of the site; the package is served at `/chromalite/`
 */
export async function withSite(
  browser: Browser,
  use: (site: Site) => Promise<void>,
  source = fromRoot("test/service-worker/fixtures"),
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "chromalite-service-worker-"));
  await cp(source, folder, { recursive: true });
  await cp(fromRoot("dist"), join(folder, "chromalite"), { recursive: true });
  const server = await serveFolders({ "/": folder });
  const context = await browser.newContext();
  const troubles: string[] = [];
  context.on("weberror", (error) => troubles.push(error.error().message));
  try {
    await use({
      context,
      url: server.url,
      folder,
      openPage: () => openPage(context, server.url),
      stopServiceWorkers: () => stopServiceWorkers(context),
      async goOffline() {
        await server.close();
        await context.setOffline(true);
      },
    });
    if (troubles.length > 0) throw new Error(`uncaught in a page: ${troubles.join("; ")}`);
  } finally {
    await context.close();
    await server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Makes `script` the Service Worker of the site; it answers the page's requests when this resolves. */
export function register(page: Page, script: string, type: WorkerType = "module"): Promise<void> {
  return page.evaluate(
    async ([script, type]) => {
      const { serviceWorker } = navigator;
      const controlled = new Promise((resolve) =>
        serviceWorker.addEventListener("controllerchange", resolve, { once: true }),
      );
      await serviceWorker.register(script, { type });
      await controlled;
    },
    [script, type] as const,
  );
}

/** What tells one start of the Service Worker from another. */
export function startOf(page: Page): Promise<string> {
  return page.evaluate(async () => (await fetch("/start")).text());
}

/** Ends every Service Worker of the profile, as the browser does when they are idle. */
export async function stopServiceWorkers(context: BrowserContext): Promise<void> {
  const [page] = context.pages();
  if (page === undefined) throw new Error("expected an open page to speak to the browser through");
  const session = await context.newCDPSession(page);
  const running = new Set<string>();
  await new Promise<void>((stopped, failed) => {
    let isAsked = false;
    session.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
      for (const { versionId, runningStatus } of versions) {
        if (runningStatus === "stopped") running.delete(versionId);
        else running.add(versionId);
      }
      if (isAsked && running.size === 0) stopped();
    });
    session
      .send("ServiceWorker.enable")
      .then(() => {
        isAsked = true;
        return session.send("ServiceWorker.stopAllWorkers");
      })
      .catch(failed);
  });
  await session.detach();
}
