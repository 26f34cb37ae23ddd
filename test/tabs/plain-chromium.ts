// A Chromium as people have it: tabs behind others are hidden and can be frozen, and pages that are left
// go into the back/forward cache. Playwright, where it launches the browser, keeps every page in front.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { chromium, type Browser, type BrowserContext } from "playwright";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";
import { withProfile } from "../kill/page-fixture.ts";

const CONNECT_MS_MAX = 10_000;

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
      const browser = await connect(await debuggerUrl(process.stderr));
      await use(browser.contexts()[0]!);
      await browser.close();
    } finally {
      process.kill();
      await ended;
    }
  });
}

/** The first connection to a browser that is still starting at times gets no answer; the next one does. */
async function connect(url: string, attempts = 3): Promise<Browser> {
  try {
    return await chromium.connectOverCDP(url, { noDefaults: true, timeout: CONNECT_MS_MAX });
  } catch (error) {
    if (attempts === 1) throw error;
    return connect(url, attempts - 1);
  }
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
