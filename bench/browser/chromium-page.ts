// A page in a headless Chromium with a profile of its own on disk: in a context without a profile OPFS
// would lie in memory, and durability would cost nothing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright";
import { createServer } from "vite";
import type { PageCalls } from "./page.ts";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";

/** Chromalite needs neither; with them the page's clock has steps of 5 µs instead of 100. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface ChromiumPage extends AsyncDisposable {
  readonly page: Page;
  /** `Chromium 156.0.…` */
  readonly version: string;
  /** Calls a function of the page's `bench` object; argument and result are cloned. */
  call<Name extends keyof PageCalls>(
    name: Name,
    argument: Parameters<PageCalls[Name]>[0],
  ): Promise<Awaited<ReturnType<PageCalls[Name]>>>;
  /** Loads the page anew, with nothing left of what it held in memory. */
  reload(): Promise<void>;
}

/** @param folder  the bench folder; its pages, the build and the data are served */
export async function openChromiumPage(folder: string): Promise<ChromiumPage> {
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    server: { port: 0, hmr: false, watch: null, fs: { allow: [join(folder, "..")] }, headers: isolation },
    optimizeDeps: { include: ["hnswlib-wasm"], noDiscovery: true },
  });
  await server.listen();
  const profile = mkdtempSync(join(tmpdir(), "chromalite-bench-"));
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath ? { executablePath } : {}),
    args: chromiumFlags,
    headless: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => console.error(error));
  page.on("console", (message) => {
    if (message.type() === "error") console.error(message.text());
  });
  const library = `/@fs${join(folder, "../dist/chromalite.js")}`;
  const load = async (): Promise<void> => {
    await page.goto(
      `${server.resolvedUrls!.local[0]}browser/index.html?library=${encodeURIComponent(library)}`,
    );
    await page.waitForFunction("globalThis.bench !== undefined");
  };
  await load();
  return {
    page,
    version: `Chromium ${context.browser()?.version() ?? ""}`.trim(),
    call: (name, argument) =>
      page.evaluate(
        ({ name: called, argument: given }) =>
          (globalThis as unknown as { bench: Record<string, (value: unknown) => unknown> }).bench[called]!(
            given,
          ),
        { name, argument },
      ) as Promise<never>,
    reload: load,
    async [Symbol.asyncDispose]() {
      await context.close();
      await server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
