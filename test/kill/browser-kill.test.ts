// Chromium killed while a page writes: what the page was told is stored is there when it comes back.

import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { killOptions, killTimeoutMs, printFigures } from "./figures.ts";
import { runKills, settingsOf } from "./kill-run.ts";
import { serveSite, withProfile, type ServedSite } from "./page-fixture.ts";
import { PageSubject } from "./page-subject.ts";

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

test.each(["opfs", "indexeddb"] as const)(
  "no kill of the browser loses an acknowledged operation or shows half of one, on %s",
  (backend) =>
    withProfile(async (profile) => {
      const launch = async (start: number): Promise<PageSubject> => {
        const browser = await launchChromium(profile);
        const page = await site.loadPage(browser.context);
        return PageSubject.start({
          page,
          client: { path: "kill", backend, settings: settingsOf(start) },
          kill: () => browser.kill(),
          close: () => browser.context.close(),
        });
      };
      const figures = await runKills(launch, killOptions);
      printFigures(`Chromium, ${backend}`, figures);
      expect(figures.acknowledged).toBeGreaterThan(killOptions.kills);
      expect(figures.reopenMs.length).toBeGreaterThan(1);
    }),
  killTimeoutMs,
);
