// Chromium killed while a page writes to files that are younger than a minute, and then without the names of those
// files, as after a power cut (it makes them durable 32 to 40 s later): the journal has all that was answered.

import { afterAll, beforeAll, expect, test } from "vitest";
import { pathFiles } from "../../worker/path/open-path.ts";
import { launchChromium } from "./chromium.ts";
import { killOptions, killTimeoutMs, printFigures } from "./figures.ts";
import { runKills } from "./kill-run.ts";
import { serveSite, withProfile, type ServedSite } from "./page-fixture.ts";
import { PageSubject } from "./page-subject.ts";

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

/** In CI two: what differs from other kills is where the bytes come from. */
const kills = Math.ceil(killOptions.kills / 3);

/** After one power cut all names are gone, after the next one of them: which one goes first is not ours to say. */
function namesLost(start: number): readonly string[] {
  return start % 2 === 1 ? pathFiles : [pathFiles[(start >> 1) % pathFiles.length]!];
}

/** Run in the page: takes the names away. @returns  how many writes the journal has */
async function loseNames([path, names]: readonly [string, readonly string[]]): Promise<number> {
  const origin = await navigator.storage.getDirectory();
  const directory = await (await origin.getDirectoryHandle("chromalite")).getDirectoryHandle(path);
  for (const name of names) await directory.removeEntry(name);
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("the request failed"));
    });
  const journal = await settled(indexedDB.open(`chromalite-new:${path}`));
  const entries = await settled(journal.transaction("writes").objectStore("writes").count());
  journal.close();
  return entries;
}

test(
  "no kill in a path's first minute loses what was answered, though the names of its files are lost, too",
  () =>
    withProfile(async (profile) => {
      const replayed: number[] = [];
      const launch = async (start: number): Promise<PageSubject> => {
        const browser = await launchChromium(profile);
        const page = await site.loadPage(browser.context);
        if (start > 0) replayed.push(await page.evaluate(loseNames, ["young", namesLost(start)] as const));
        return PageSubject.start({
          page,
          client: { path: "young", backend: "opfs" },
          kill: () => browser.kill(),
          close: () => browser.context.close(),
        });
      };
      const figures = await runKills(launch, { kills, seed: killOptions.seed, scenes: ["writing"] });
      printFigures("Chromium, first minute", figures);
      console.info(
        `The journal made the files again ${replayed.length} times, of ${replayed.join(", ")} writes`,
      );
      expect(figures.acknowledged).toBeGreaterThan(kills);
      expect(replayed.length).toBe(kills + 1);
      expect(Math.min(...replayed)).toBeGreaterThan(0);
    }),
  killTimeoutMs,
);
