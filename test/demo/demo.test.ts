// A visit to the demo from the first paint to a reload without a network, on a part of the dictionary;
// with CHROMALITE_FULL on all of it. The tests follow one visitor and build on each other.

import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleQueries } from "../../demo/src/ui/examples.ts";
import { buildDemo } from "../../scripts/demo.mjs";
import { answerable, draw, type Question } from "./questions.ts";
import { Site } from "./site.ts";
import { longestTaskMs } from "./task-time.ts";
import { type Answer, answers, ask, noticed, Visitor, whenReady } from "./visit.ts";

const isFull = process.env["CHROMALITE_FULL"] !== undefined;
const recordsMax = isFull ? 117_791 : 20_000;
const loadMsMax = isFull ? 480_000 : 120_000;
const search = isFull ? "" : `?limit=${recordsMax}`;
const countShown = recordsMax.toLocaleString("en");

let site: Site;
let visitor: Visitor;
let page: Page;
let questions: Question[];
/** By query, as answered once all was loaded. */
const answersByQuery = new Map<string, Answer[]>();
const longTasks: number[] = [];

beforeAll(async () => {
  const folder = await buildDemo({ log: () => {} });
  site = new Site(folder);
  await site.start();
  [visitor, questions] = await Promise.all([Visitor.arrive(), answerable(folder, recordsMax)]);
});
afterAll(async () => {
  await visitor?.leave();
  await site?.stop();
});

/** Shuts the page as a visitor does, keeping what it noticed. */
async function shut(): Promise<void> {
  longTasks.push(...(await noticed(page)).longTasks);
  await page.close();
}

test("a search answers while the dictionary is being loaded, from the records so far", async () => {
  page = await visitor.open(site.url + search);
  const hits = await ask(page, exampleQueries[0]!);
  expect(hits).toHaveLength(10);
  const outcome = await page.locator("#outcome").innerText();
  const records = Number(/of ([\d,]+) records in [\d.,]+ m?s$/.exec(outcome)?.[1]?.replaceAll(",", ""));
  expect(records).toBeGreaterThan(0);
  expect(records).toBeLessThan(recordsMax);
  const msAfterPaint = await page.evaluate(
    () => performance.now() - performance.getEntriesByName("first-contentful-paint")[0]!.startTime,
  );
  console.info(`first answer ${Math.round(msAfterPaint)} ms after the first paint, of ${records} records`);
});

test(
  "loading shows records a second, reaches all, and moves nothing on the page",
  async () => {
    await expect
      .poll(() => page.locator("#load-text").innerText())
      .toMatch(/Loading [\d,]+ of .* records\/s/);
    const ready = await whenReady(page, loadMsMax);
    console.info(ready);
    expect(ready).toMatch(new RegExp(`^${countShown} records loaded, [\\d,]+ a second$`));
    expect((await noticed(page)).layoutShift).toBeLessThan(0.05);
  },
  loadMsMax,
);

test("ten descriptions find their words among the first five", async () => {
  expect(questions.length).toBeGreaterThanOrEqual(10);
  const asked = draw(questions, 10);
  for (const { query, synset, word } of asked) {
    const hits = await ask(page, query);
    answersByQuery.set(query, hits);
    expect(
      hits.slice(0, 5).map(({ id }) => id),
      `${word}: ${query}`,
    ).toContain(synset);
  }
});

test("every example on the page is a held-out question, and is answered", async () => {
  const questionByQuery = new Map(questions.map((question) => [question.query, question]));
  for (const query of exampleQueries) {
    await page.locator("#query").fill("");
    await page.getByRole("button", { name: query }).click();
    await page.locator(".hit").first().waitFor();
    const hits = (await answers(page)).slice(0, 5).map(({ id }) => id);
    expect(hits, query).toContain(questionByQuery.get(query)?.synset);
  }
});

test("part of speech and field filter what is found, while the question stays", async () => {
  await ask(page, "seize somebody and hold them hostage");
  await page.getByText("Verbs", { exact: true }).click();
  await page.locator("#lexical-field").selectOption("contact");
  await expect
    .poll(() => page.locator(".hit-label").allInnerTexts())
    .toEqual(Array.from({ length: 10 }, () => ["verb", "contact"]).flat());
  expect((await answers(page)).map(({ id }) => id)).toContain("v01473673");
  await page.locator("#lexical-field").selectOption("weather");
  await expect.poll(() => page.locator(".hit-label").allInnerTexts()).not.toContain("contact");
  await page.getByText("All", { exact: true }).click();
  await page.locator("#lexical-field").selectOption("");
});

test("the keyboard reaches everything: slash, arrows, Escape", async () => {
  await page.locator("#query").fill("");
  await expect.poll(() => page.locator(".hit").count()).toBe(0);
  await page.locator("h1").click();
  await page.keyboard.press("/");
  await page.keyboard.type("deep sadness");
  await page.locator(".hit").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const second = page.locator(".hit").nth(1);
  // The answer to the last letters may still put new hits in the place of the old.
  await expect.poll(() => second.evaluate((hit) => hit === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("query");
  await page.keyboard.press("Escape");
  expect(await page.locator("#query").inputValue()).toBe("");
  expect(await page.locator(".hit").count()).toBe(0);
});

test("notes typed and chosen as files are found by meaning, with file and place", async () => {
  await page.getByRole("tab", { name: "Your notes" }).click();
  await page.locator("#note-text").fill("Bring an umbrella to Hamburg, it rains there all autumn long.");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.locator("#note-files").setInputFiles([
    { name: "bread.md", mimeType: "text/markdown", buffer: Buffer.from(bread) },
    { name: "photo.png", mimeType: "image/png", buffer: Buffer.from([137, 80, 78, 71]) },
  ]);
  await expect
    .poll(() => page.locator(".note-title").allInnerTexts())
    .toEqual(["bread.md", expect.any(String)]);
  expect(await page.locator("#composer-message").innerText()).toContain("photo.png is no .txt or .md file.");

  await ask(page, "why the loaf did not rise");
  const [hit] = await page.locator(".hit").allInnerTexts();
  expect(hit).toContain("bread.md");
  expect(hit).toContain("When it fails");
  expect(hit).toContain("line 9");
  await page.locator(".hit").first().click();
  expect(await page.locator("dialog mark").innerText()).toContain("flat loaf");
  await page.keyboard.press("Escape");
});

test("a deleted note is no longer found, and can be brought back", async () => {
  await page.locator("#query").fill("");
  await page.getByRole("button", { name: "Delete bread.md" }).click();
  await expect.poll(() => page.locator(".note-title").count()).toBe(1);
  await ask(page, "why the loaf did not rise");
  expect(await page.locator("#results").innerText()).not.toContain("bread.md");
  await page.locator("#query").fill("");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => page.locator(".note-title").count()).toBe(2);
});

test("the storage line tells where the records lie, and what the browser said to keeping them", async () => {
  const line = page.locator("#storage-text");
  await expect.poll(() => line.innerText()).toMatch(/^OPFS · [\d.]+ MB · not persistent/);
  await page.getByRole("button", { name: "Persist" }).click();
  const isGranted = await page.evaluate(() => navigator.storage.persist());
  await expect.poll(() => line.innerText()).toContain(isGranted ? " persistent" : "declined to persist");
  await shut();
});

test("reopened, the page answers the same from what is stored, and loads nothing", async () => {
  page = await visitor.open(site.url + search);
  const ready = await whenReady(page);
  console.info(ready);
  expect(ready).toMatch(new RegExp(`^${countShown} stored records opened in [\\d,.]+ m?s$`));
  for (const [query, hits] of answersByQuery) expect(await ask(page, query)).toEqual(hits);
  expect(visitor.requests.filter((url) => url.includes("/data/part-"))).toEqual([]);
  await page.getByRole("tab", { name: "Your notes" }).click();
  await page.locator("#query").fill("");
  await expect.poll(() => page.locator(".note-title").count()).toBe(2);
  await shut();
});

test("with the server stopped, a reload opens and searches", async () => {
  page = await visitor.open(site.url + search);
  await expect
    .poll(() => page.locator("#storage-text").innerText(), { timeout: 30_000 })
    .toContain("works offline");
  await site.stop();
  await page.reload({ waitUntil: "commit" });
  expect(await whenReady(page)).toContain(countShown);
  for (const [query, hits] of answersByQuery) expect(await ask(page, query)).toEqual(hits);
  await site.start();
  await shut();
});

test(
  "no task of the page keeps its thread longer than 50 ms, and no error went unnoticed",
  async () => {
    expect(visitor.troubles).toEqual([]);
    if (longTasks.length === 0) return;
    console.info(`tasks of ${longTasks.join(", ")} ms: again, to see how much was waiting for a processor`);
    const newcomer = await Visitor.arrive();
    try {
      const ms = await longestTaskMs(newcomer.browser, site.url, () => loadSearchReload(newcomer));
      console.info(`the longest task computed for ${Math.round(ms)} ms`);
      expect(ms).toBeLessThan(50);
    } finally {
      await newcomer.leave();
    }
  },
  2 * loadMsMax,
);

async function loadSearchReload(newcomer: Visitor): Promise<void> {
  for (const _ of ["load", "reload"]) {
    page = await newcomer.open(site.url + search);
    await ask(page, exampleQueries[0]!);
    await whenReady(page, loadMsMax);
    for (const query of exampleQueries) await ask(page, query);
    await page.close();
  }
}

const bread = `# Sourdough

Mix flour, water and the starter, and let it rest overnight in a cool place.

## When it fails



A flat loaf stood too long before it was baked: it rose and sank again.
`;
