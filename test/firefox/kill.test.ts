// Firefox killed while a page writes: what the page was told is stored is there when it comes back.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { killTimeoutMs, printFigures } from "../kill/figures.ts";
import { runKills, settingsOf } from "../kill/kill-run.ts";
import { serveSite, withProfile, type ServedSite } from "../kill/page-fixture.ts";
import { PageSubject } from "../kill/page-subject.ts";
import { Ear } from "./ear.ts";
import { firefoxName, launchFirefox, missing } from "./firefox.ts";

/** A start of Firefox takes five seconds: five kills have each scene. `KILLS=100` looks further. */
const kills = Number(process.env["KILLS"] ?? 5);
const seed = Number(process.env["SEED"] ?? 1);

describe.skipIf(missing !== undefined)(firefoxName, () => {
  let site: ServedSite;
  let ear: Ear;
  beforeAll(async () => {
    [site, ear] = await Promise.all([serveSite(), Ear.open()]);
  });
  afterAll(() => Promise.all([site.close(), ear.close()]));

  test.each(["opfs", "indexeddb"] as const)(
    "no kill of the browser loses an acknowledged operation or shows half of one, on %s",
    (backend) =>
      withProfile(async (profile) => {
        const launch = async (start: number): Promise<PageSubject> => {
          const firefox = await launchFirefox(profile);
          const page = await firefox.newPage();
          await page.goto(site.url);
          return PageSubject.start({
            page: {
              evaluate: page.evaluate.bind(page),
              exposeFunction: (name, listener) => ear.expose(page, name, listener),
            },
            client: { path: "kill", backend, settings: settingsOf(start) },
            kill: () => firefox.kill(),
            close: () => firefox.close(),
          });
        };
        const figures = await runKills(launch, { kills, seed });
        printFigures(`Firefox, ${backend}`, figures);
        expect(figures.acknowledged).toBeGreaterThan(kills);
        expect(figures.reopenMs.length).toBeGreaterThan(1);
      }),
    killTimeoutMs + kills * 10_000,
  );
});
