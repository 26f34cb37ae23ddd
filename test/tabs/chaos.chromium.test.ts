// Two and three tabs that write to one path without a pause, while they are closed, reloaded, navigated,
// crashed, frozen, and lose their workers. Nothing that was answered may be lost, nothing done twice,
// and every call of a tab that lives is answered.

import { setTimeout as elapse } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { serveSite, type ServedSite } from "../kill/page-fixture.ts";
import { withPlainChromium } from "./plain-chromium.ts";
import { scripts, Tabs, type Fate } from "./tabs-fixture.ts";

const isFull = process.env["CHROMALITE_FULL"] !== undefined;
/** `STRIKES=200` looks further; `SEED=n` draws other moments and other fates. */
const strikes = Number(process.env["STRIKES"] ?? (isFull ? 120 : 12));
const seed = Number(process.env["SEED"] ?? 1);

/** How long the tabs write between two strikes, at most. */
const CALM_MS_MAX = 250;

const fates: readonly Fate[] = ["close", "reload", "crash", "end workers", "freeze", "navigate"];

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite(scripts);
});
afterAll(() => site.close());

/** In the short form what costs most to start is run once. */
const runs = [
  [2, "opfs"],
  [3, "opfs"],
  ...(isFull ? ([[2, "indexeddb"]] as const) : []),
  [3, "indexeddb"],
] as const;

test.each(runs)(
  "%i tabs on %s lose nothing and do nothing twice, whatever ends one of them",
  (count, backend) =>
    withPlainChromium(async (context) => {
      const random = new SeededRandom(seed * 10 + count);
      const tabs = new Tabs(context, site, "chaos", backend);
      for (let i = 0; i < count; i++) await tabs.open();
      for (let strike = 0; strike < strikes; strike++) {
        // Not a wait for something: this is the moment that the seed draws.
        await elapse(random.below(CALM_MS_MAX));
        // In turn, so that a short run has each of them.
        const fate = fates[strike % fates.length]!;
        await tabs.strike(tabs.pick(random), fate);
      }
      await tabs.stop();
      const { model } = tabs;
      expect(model.problems).toEqual([]);
      const found = await tabs.pages[0]!.evaluate(async () => {
        const { ids } = await tabPage.notes.get({ include: [] });
        const names: string[] = [];
        for (let offset = 0; ; offset += 1000) {
          const page = await tabPage.client.listCollections({ limit: 1000, offset });
          names.push(...page.map(({ name }) => name));
          if (page.length < 1000) return { ids, names };
        }
      });
      expect(model.judge(found.ids, found.names)).toEqual({ lost: [], doubled: [] });
      console.info(
        `${count} tabs on ${backend}: ${strikes} strikes, ${model.answered} answered writes, 0 lost, 0 doubled`,
      );
      expect(model.answered).toBeGreaterThan(strikes);
    }),
  60_000 + strikes * 5000,
);
