// A Chromium with a profile on disk, which outlives it, and all of whose processes can be killed.

import { chromium, type BrowserContext } from "playwright";
import { chromiumFlags, findChromium } from "../../scripts/browser.mjs";

export interface Chromium {
  readonly context: BrowserContext;
  /** SIGKILL to the browser, its pages and its services; resolves when the browser is gone. */
  kill(): Promise<void>;
}

export interface ChromiumOptions {
  /** Flags beside those of all tests. */
  readonly flags?: readonly string[] | undefined;
  /** Flags of Playwright's that the browser shall not get. */
  readonly ignoreDefaultArgs?: string[];
}

export async function launchChromium(
  profile: string,
  { flags = [], ignoreDefaultArgs = [] }: ChromiumOptions = {},
): Promise<Chromium> {
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath && { executablePath }),
    args: [...chromiumFlags, ...flags],
    ignoreDefaultArgs,
  });
  const browserProcess = await findBrowserProcess(context);
  return {
    context,
    async kill() {
      const gone = new Promise((resolve) => context.once("close", resolve));
      // Playwright starts the browser as the leader of a process group, which its children stay in.
      process.kill(-browserProcess, "SIGKILL");
      await gone;
    },
  };
}

async function findBrowserProcess(context: BrowserContext): Promise<number> {
  const session = await context.browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const browser = processInfo.find(({ type }) => type === "browser");
  if (!browser) throw new Error("Chromium does not name its browser process");
  return browser.id;
}
