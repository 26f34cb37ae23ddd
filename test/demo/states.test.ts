// What a visitor meets besides the good day: a load that is stopped, a second tab, a page without
// storage, a small window.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildDemo } from "../../scripts/demo.mjs";
import { Site } from "./site.ts";
import { longestTaskMs } from "./task-time.ts";
import { ask, noticed, Visitor, whenReady } from "./visit.ts";

let site: Site;
let visitor: Visitor;
beforeAll(async () => {
  site = new Site(await buildDemo({ log: () => {} }));
  await site.start();
});
afterAll(() => site?.stop());
beforeEach(async () => {
  visitor = await Visitor.arrive();
});
afterEach(() => visitor.leave());

const storedIn = (text: string): number => Number(/([\d,]+) of/.exec(text)?.[1]?.replaceAll(",", ""));

test("loading stops when asked to, goes on when asked to, and after a reload where it stopped", async () => {
  let page = await visitor.open(`${site.url}?limit=10000`);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText(/^Stopped at/).waitFor();
  const stopped = storedIn(await page.locator("#load-text").innerText());
  expect(stopped).toBeLessThan(10_000);

  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText(/^Loading/).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText(/^Stopped at/).waitFor();
  const stoppedAgain = storedIn(await page.locator("#load-text").innerText());
  expect(stoppedAgain).toBeGreaterThanOrEqual(stopped);
  await page.close();

  page = await visitor.open(`${site.url}?limit=10000`);
  expect(await whenReady(page)).toMatch(/^10,000 records loaded/);
  const partsBefore = Math.floor(stoppedAgain / 2000);
  const parts = visitor.requests.filter((url) => url.includes("/data/part-"));
  expect(parts.length).toBe(5 - partsBefore);
});

test("a second tab has what the first one stored, and goes on when the first is closed", async () => {
  const first = await visitor.open(`${site.url}?limit=500`);
  await whenReady(first);
  const second = await visitor.open(`${site.url}?limit=500`);
  expect(await whenReady(second)).toMatch(/^500 stored records opened/);
  const found = await ask(second, "a person");
  expect(found).toHaveLength(10);
  await first.close();
  expect(await ask(second, "an animal")).not.toEqual(found);
  expect(await ask(second, "a person")).toEqual(found);
  expect(await second.locator("#problem").innerText()).toBe("");
});

test("while one tab loads another waits for it, and goes on where it was left", async () => {
  // So many that the first is still loading when it is closed, however fast the machine.
  const limit = "?limit=100000";
  const first = await visitor.open(site.url + limit);
  await first.getByText(/^Loading/).waitFor();
  const second = await visitor.open(site.url + limit);
  await second.getByText("Another tab is loading the records").waitFor();
  const loaded = storedIn(await first.locator("#load-text").innerText());
  await first.close();
  await second.getByText(/^Loading/).waitFor();
  await second.getByRole("button", { name: "Stop" }).click();
  await second.getByText(/^Stopped at/).waitFor();
  expect(storedIn(await second.locator("#load-text").innerText())).toBeGreaterThanOrEqual(loaded);
});

test("a page that gets no storage says so instead of pretending", async () => {
  // Only a secure context has storage worth the name, and plain HTTP from a host with a name is none.
  const stranger = await Visitor.arrive(["--host-resolver-rules=MAP dictionary.test 127.0.0.1"]);
  const page = await stranger.open(`http://dictionary.test:${site.port}/?limit=500`);
  await page.getByRole("heading", { name: "no storage" }).waitFor();
  expect(await page.locator("#load-text").innerText()).toBe("Not available");
  expect(await page.getByRole("button", { name: "Try again" }).isVisible()).toBe(true);
  expect(stranger.troubles).toEqual([]);
  await stranger.leave();
});

test("filters that let nothing through say so and offer the way out", async () => {
  const page = await visitor.open(`${site.url}?limit=500`);
  await whenReady(page);
  await ask(page, "rain");
  await page.getByText("Verbs", { exact: true }).click();
  await page.locator("#lexical-field").selectOption("weather");
  await page.getByText("None of 500 records passes the filters").waitFor();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.locator(".hit").first().waitFor();
});

test("a task that does keep the thread is noticed, by the page and in a trace", async () => {
  const ms = await longestTaskMs(visitor.browser, site.url, async () => {
    const page = await visitor.open(`${site.url}?limit=500`);
    await whenReady(page);
    // In a task of the page: what a debugger evaluates is none.
    await page.evaluate(() => {
      setTimeout(() => {
        for (let left = 3e8; left > 0; left--);
      });
    });
    await expect.poll(async () => (await noticed(page)).longTasks.some((task) => task >= 80)).toBe(true);
  });
  expect(ms).toBeGreaterThanOrEqual(50);
});

test.each([320, 390])("nothing sticks out of a window %i pixels wide", async (width) => {
  const page = await visitor.open(`${site.url}?limit=500`);
  await page.setViewportSize({ width, height: 700 });
  await whenReady(page);
  await ask(page, "a person");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await page.getByRole("tab", { name: "Your notes" }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});
