// Two tabs in Firefox that write to one path without a pause, while they are closed, reloaded, navigated and
// lose their workers. Nothing that was answered may be lost, nothing done twice.

import { setTimeout as elapse } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { serveSite, withProfile, type ServedSite } from "../kill/page-fixture.ts";
import { Model } from "../tabs/model.ts";
import type { Event } from "../tabs/page-script.ts";
import { scripts } from "../tabs/tabs-fixture.ts";
import { Ear } from "./ear.ts";
import { firefoxName, launchFirefox, missing, type Firefox } from "./firefox.ts";

/** `STRIKES=100` looks further; `SEED=n` draws other moments and other tabs. */
const strikes = Number(process.env["STRIKES"] ?? 8);
const seed = Number(process.env["SEED"] ?? 1);

/** How long the tabs write between two strikes, at most. */
const CALM_MS_MAX = 250;

describe.skipIf(missing !== undefined)(firefoxName, () => {
  let site: ServedSite;
  let ear: Ear;
  beforeAll(async () => {
    [site, ear] = await Promise.all([serveSite(scripts), Ear.open()]);
  });
  afterAll(() => Promise.all([site.close(), ear.close()]));

  test(
    "two tabs lose nothing and do nothing twice, whatever ends one of them",
    () =>
      withProfile(async (profile) => {
        const firefox = await launchFirefox(profile);
        const tabs = new FirefoxTabs(firefox, ear, site.url);
        const random = new SeededRandom(seed);
        const pages = [await tabs.open(), await tabs.open()];
        for (let strike = 0; strike < strikes; strike++) {
          // Not a wait for something: this is the moment that the seed draws.
          await elapse(random.below(CALM_MS_MAX));
          const struck = random.below(2);
          pages[struck] = await fates[strike % fates.length]!(tabs, pages[struck]!);
        }
        for (const page of pages) await page.evaluate(() => tabPage.stop());
        const found = await pages[0]!.evaluate(async () => {
          const { ids } = await tabPage.notes.get({ include: [] });
          return {
            ids,
            names: (await tabPage.client.listCollections({ limit: 1000 })).map(({ name }) => name),
          };
        });
        await firefox.close();
        const { model } = tabs;
        expect(model.problems).toEqual([]);
        expect(model.judge(found.ids, found.names)).toEqual({ lost: [], doubled: [] });
        console.info(
          `Firefox, 2 tabs: ${strikes} strikes, ${model.answered} answered writes, 0 lost, 0 doubled`,
        );
        expect(model.answered).toBeGreaterThan(strikes);
      }),
    60_000 + strikes * 10_000,
  );
});

type Strike = (tabs: FirefoxTabs, page: Page) => Promise<Page>;

/** What can happen to a tab; each gives the tab that is there afterwards. */
const fates: readonly Strike[] = [
  async (tabs, page) => {
    await page.close();
    return tabs.open();
  },
  async (tabs, page) => {
    await page.reload();
    return tabs.start(page);
  },
  async (_, page) => {
    await page.evaluate(() => tabPage.endWorkers());
    return page;
  },
  async (tabs, page) => {
    await page.goto(`${page.url()}?again`);
    return tabs.start(page);
  },
];

class FirefoxTabs {
  readonly model = new Model();
  readonly #firefox: Firefox;
  readonly #ear: Ear;
  readonly #url: string;
  #started = 0;

  constructor(firefox: Firefox, ear: Ear, url: string) {
    this.#firefox = firefox;
    this.#ear = ear;
    this.#url = url;
  }

  async open(): Promise<Page> {
    const page = await this.#firefox.newPage();
    page.on("pageerror", (error) => this.model.take(["problem", String(error)]));
    await page.goto(this.#url);
    await this.#ear.expose(page, "tell", (events: readonly Event[]) => {
      for (const event of events) this.model.take(event);
    });
    return this.start(page);
  }

  /** Lets the page that was loaded write. */
  async start(page: Page): Promise<Page> {
    await page.waitForFunction(() => "tabPage" in globalThis);
    await page.evaluate(
      async (tab) => {
        await tabPage.open("chaos");
        tabPage.start(tab);
      },
      `tab${++this.#started}`,
    );
    return page;
  }
}
