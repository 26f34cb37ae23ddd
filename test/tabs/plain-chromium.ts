// A Chromium as people have it: tabs behind others are hidden and can be frozen, and pages that are left
// go into the back/forward cache. Playwright, where it launches the browser, keeps every page in front.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { chromium, type BrowserContext } from "playwright";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";
import { withProfile } from "../kill/page-fixture.ts";

/** Runs `use` with a browser of a new profile. */
export function withPlainChromium(use: (context: BrowserContext) => Promise<void>): Promise<void> {
  return withProfile(async (profile) => {
    const executable = findChromium() ?? chromium.executablePath();
    const flags = [
      ...chromiumFlags,
      "--headless",
      "--no-default-browser-check",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
    ];
    const process = spawn(executable, flags, { stdio: ["ignore", "ignore", "pipe"] });
    const ended = once(process, "exit");
    try {
      const browser = await chromium.connectOverCDP(await debuggerUrl(process.stderr), { noDefaults: true });
      await use(browser.contexts()[0]!);
      await browser.close();
    } finally {
      process.kill();
      await ended;
    }
  });
}

async function debuggerUrl(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stderr)) {
    const url = /^DevTools listening on (\S+)$/.exec(line)?.[1];
    if (url !== undefined) {
      // What it goes on to say would fill the pipe.
      stderr.resume();
      return url;
    }
  }
  throw new Error("Chromium ended without a debugger");
}
