// The part of puppeteer-core's interface that is used, so that the style check passes where it is not
// installed. Calls that Playwright has in the same form are given by Playwright's declaration.

declare module "puppeteer-core" {
  import type { ChildProcess } from "node:child_process";
  import type { Page as PlaywrightPage } from "playwright";

  export interface Page extends Pick<PlaywrightPage, "evaluate" | "bringToFront" | "url"> {
    goto(url: string): Promise<unknown>;
    reload(): Promise<unknown>;
    close(): Promise<void>;
    waitForFunction(run: () => unknown): Promise<unknown>;
    /** For every document to come in this page. */
    evaluateOnNewDocument<Argument>(run: (argument: Argument) => void, argument: Argument): Promise<unknown>;
    on(event: "pageerror", listener: (error: Error) => void): void;
    setViewport(viewport: { width: number; height: number }): Promise<void>;
    screenshot(options: { path: `${string}.png`; fullPage?: boolean }): Promise<Uint8Array>;
  }

  export interface Browser {
    newPage(): Promise<Page>;
    version(): Promise<string>;
    /** The browser's own process, leader of the group that its pages' processes are in. */
    process(): ChildProcess | null;
    close(): Promise<void>;
  }

  const puppeteer: {
    launch(options: {
      browser: "firefox";
      executablePath: string;
      userDataDir: string;
      headless: boolean;
      extraPrefsFirefox?: Readonly<Record<string, unknown>>;
    }): Promise<Browser>;
  };
  export default puppeteer;
}
