// The example as its README says to run it: notes are added and found by meaning, and again without a
// network after the Service Worker was stopped and the page reloaded. On a phone, in the dark, by keyboard.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, stopServiceWorkers } from "./site.ts";

const serveScript = fileURLToPath(new URL("../../examples/service-worker/serve.mjs", import.meta.url));

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** The server of the README, on a free port. */
async function startServer(): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [serveScript, "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  return { server, url: line.toString().trim() };
}

async function addNote(page: Page, text: string): Promise<void> {
  await page.getByLabel("New note").fill(text);
  await page.keyboard.press("Enter");
  await page.getByRole("listitem").filter({ hasText: text }).waitFor();
}

async function nearestTo(page: Page, wanted: string): Promise<string | null> {
  await page.getByLabel("Find notes about").fill(wanted);
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: wanted }).waitFor();
  return page.getByRole("listitem").first().textContent();
}

test("notes are found by meaning without a network, after a stop of the Service Worker and a reload", async () => {
  const { server, url } = await startServer();
  const context = await browser.newContext({
    viewport: { width: 360, height: 640 },
    colorScheme: "dark",
    hasTouch: true,
  });
  const errors: string[] = [];
  context.on("weberror", (error) => errors.push(error.error().message));
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole("status").filter({ hasText: "0 notes" }).waitFor();
    for (const note of ["A puppy ran across the lawn", "The price of oil fell", "Rain is coming tomorrow"]) {
      await addNote(page, note);
    }
    expect(await nearestTo(page, "a small dog")).toBe("A puppy ran across the lawn");

    const ended = once(server, "exit");
    server.kill();
    await ended;
    await context.setOffline(true);
    await stopServiceWorkers(context);
    await page.reload();
    await page.getByRole("status").filter({ hasText: "3 notes" }).waitFor();
    expect(await nearestTo(page, "weather forecast")).toBe("Rain is coming tomorrow");
    await addNote(page, "Written without a network");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
    server.kill();
  }
});
