// The demo as a visitor with Firefox has it: loaded, asked, and still there after the browser was started anew.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleQueries } from "../../demo/src/ui/examples.ts";
import { buildDemo } from "../../scripts/demo.mjs";
import { Site } from "../demo/site.ts";
import { withProfile } from "../kill/page-fixture.ts";
import { firefoxName, launchFirefox, missing, type Firefox } from "./firefox.ts";

const records = "2,000";

describe.skipIf(missing !== undefined)(firefoxName, () => {
  let site: Site;
  beforeAll(async () => {
    site = new Site(await buildDemo({ log: () => {} }));
    await site.start();
  }, 600_000);
  afterAll(() => site.stop());

  /** What the page says at its foot once all is loaded, and the hits of a question, nearest first. */
  async function visit(firefox: Firefox): Promise<{ foot: string; hits: string[] }> {
    const page = await firefox.newPage();
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(`${site.url}?limit=2000`);
    await page.waitForFunction(() => document.documentElement.dataset["load"] === "ready");
    await page.evaluate((query) => {
      const input = document.querySelector<HTMLInputElement>("#query")!;
      input.value = query;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }, exampleQueries[0]!);
    await page.waitForFunction(() => document.querySelectorAll(".hit").length === 10);
    // `SCREENSHOT=demo.png` shows what the visitor sees.
    const picture = process.env["SCREENSHOT"];
    if (picture !== undefined) await page.screenshot({ path: picture as `${string}.png` });
    return page.evaluate(() => ({
      foot: document.querySelector<HTMLElement>("#load-text")!.innerText,
      hits: [...document.querySelectorAll<HTMLElement>(".hit")].map((hit) => hit.dataset["id"] ?? ""),
    }));
  }

  test("the demo loads, answers, and has its records when Firefox is started again", () =>
    withProfile(async (profile) => {
      const first = await launchFirefox(profile);
      const loaded = await visit(first);
      expect(loaded.foot).toContain(`${records} records loaded`);
      await first.close();
      const second = await launchFirefox(profile);
      const found = await visit(second);
      await second.close();
      expect(found.foot).toContain(records);
      expect(found.foot).not.toContain("a second");
      expect(found.hits).toEqual(loaded.hits);
    }));
});
