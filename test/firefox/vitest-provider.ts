// Lets vitest run its browser tests in Firefox: all that it asks of a browser is to open its page.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBrowserProvider } from "@vitest/browser";
import type { BrowserProvider, BrowserProviderOption } from "vitest/node";
import { launchFirefox, type Firefox } from "./firefox.ts";

export function firefoxProvider(): BrowserProviderOption {
  return defineBrowserProvider({
    name: "firefox-bidi",
    supportedBrowser: ["firefox"],
    providerFactory: () => new FirefoxProvider(),
  });
}

class FirefoxProvider implements BrowserProvider {
  readonly name = "firefox-bidi";
  readonly supportsParallelism = false;
  #opened: { firefox: Firefox; profile: string } | undefined;

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_sessionId: string, url: string): Promise<void> {
    const page = await (await this.#open()).newPage();
    await page.goto(url);
  }

  async close(): Promise<void> {
    const { firefox, profile } = this.#opened ?? {};
    this.#opened = undefined;
    await firefox?.close();
    if (profile !== undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #open(): Promise<Firefox> {
    if (this.#opened === undefined) {
      const profile = await mkdtemp(join(tmpdir(), "chromalite-firefox-"));
      this.#opened = { firefox: await launchFirefox(profile), profile };
    }
    return this.#opened.firefox;
  }
}
