// A Firefox with a profile on disk, which outlives it, and all of whose processes can be killed. Driven
// over WebDriver BiDi by puppeteer-core, which the set-up installs beside this file where there is a Firefox.

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { findFirefox } from "../../scripts/browser.mjs";

const driver = fileURLToPath(new URL("node_modules/puppeteer-core", import.meta.url));

/** Why nothing can be tested in Firefox here; undefined where it can. */
export const missing =
  findFirefox() === undefined ? "no Firefox" : existsSync(driver) ? undefined : "no puppeteer-core";

/** For the name of a suite that is skipped where `missing` says so. */
export const firefoxName = missing === undefined ? "Firefox" : `Firefox (${missing} on this machine)`;

export interface Firefox {
  /** `Firefox 153.0` */
  readonly version: string;
  newPage(): Promise<Page>;
  /** SIGKILL to the browser and its pages; resolves when the browser is gone. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function launchFirefox(profile: string): Promise<Firefox> {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: findFirefox()!,
    userDataDir: profile,
    headless: true,
  });
  // Preferences that puppeteer would put back when the browser has ended, while the next one starts.
  for (const file of ["prefs.js", "user.js"]) await rm(join(profile, `${file}.puppeteer`), { force: true });
  return {
    version: (await browser.version()).replace("firefox/", "Firefox "),
    newPage: () => browser.newPage(),
    kill: () => kill(browser),
    close: () => browser.close(),
  };
}

async function kill(browser: Browser): Promise<void> {
  const process_ = browser.process()!;
  const gone = new Promise((resolve) => process_.once("exit", resolve));
  // puppeteer starts the browser as the leader of a process group, which its children stay in.
  process.kill(-process_.pid!, "SIGKILL");
  await gone;
}
