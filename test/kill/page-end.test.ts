// Ends of a page that are no kill of the browser: reloaded, closed, crashed, or its worker gone, in the
// middle of adding. The lock of the path must come free, and what was acknowledged be there.

import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killOptions, killTimeoutMs, printFigures } from "./figures.ts";
import { runKills, type KillFigures, type Scene } from "./kill-run.ts";
import { serveSite, withChromium, type ServedSite } from "./page-fixture.ts";
import { PageSubject } from "./page-subject.ts";

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

const client = { path: "ends" };

/** Half as many as kills of the browser: what differs is who lets go of the path, not what is stored. */
const endings = Math.ceil(killOptions.kills / 2);

/** Ends the page's program by `end`, time and again; a page that is closed then is followed by a new one. */
async function endAgainAndAgain(
  context: BrowserContext,
  end: (page: Page) => Promise<unknown>,
  { scenes, ownWorker = false }: { scenes: readonly Scene[]; ownWorker?: boolean },
): Promise<KillFigures> {
  let page: Page | undefined;
  const launch = async (): Promise<PageSubject> => {
    if (page === undefined || page.isClosed()) page = await site.loadPage(context);
    const current = page;
    return PageSubject.start({
      page: current,
      client,
      ownWorker,
      kill: async () => {
        await end(current);
      },
      close: async () => undefined,
    });
  };
  return runKills(launch, { kills: endings, seed: killOptions.seed, scenes });
}

const ends: readonly [string, (page: Page) => Promise<unknown>][] = [
  ["reloaded", (page) => page.reload()],
  ["closed", (page) => page.close()],
  ["crashed", crash],
];

test.each(ends)(
  "a page %s while it opens or adds loses nothing, and its path opens again",
  (name, end) =>
    withChromium(async (context) => {
      const figures = await endAgainAndAgain(context, end, { scenes: ["writing", "opening"] });
      printFigures(`Page ${name}`, figures);
      expect(figures.acknowledged).toBeGreaterThan(endings);
    }),
  killTimeoutMs,
);

test(
  "a worker terminated while it adds loses nothing, and a new client goes on in the same page",
  () =>
    withChromium(async (context) => {
      const figures = await endAgainAndAgain(context, terminateWorker, {
        scenes: ["writing"],
        ownWorker: true,
      });
      printFigures("Worker terminated", figures);
      expect(figures.acknowledged).toBeGreaterThan(endings);
    }),
  killTimeoutMs,
);

test("calls that are open when a worker is terminated are answered by the next, once each", () =>
  withChromium(async (context) => {
    const page = await site.loadPage(context);
    const outcome = await page.evaluate(async () => {
      const { PersistentClient } = killPage;
      let posted = 0;
      let callsUntilEnd = Infinity;
      /** Ends itself once it was posted so many calls. */
      const startMortalWorker = (): Worker => {
        const worker = killPage.startWorker();
        const post = worker.postMessage.bind(worker) as (...given: unknown[]) => void;
        worker.postMessage = (...given: unknown[]) => {
          post(...given);
          posted++;
          if (posted === callsUntilEnd) worker.terminate();
        };
        return worker;
      };
      const options = { path: "mortal", worker: startMortalWorker };
      const old = new PersistentClient(options);
      const notes = await old.createCollection({ name: "notes", embeddingFunction: null });
      await notes.add({ ids: ["acknowledged"], embeddings: [[1, 0]] });

      callsUntilEnd = posted + 4;
      const openCalls = [
        notes.add({ ids: ["open-1"], embeddings: [[2, 0]] }),
        notes.upsert({ ids: ["open-2"], embeddings: [[3, 0]] }),
        notes.query({ queryEmbeddings: [[1, 0]] }),
        notes.count(),
      ];
      const settled = await Promise.allSettled(openCalls);
      const errors = settled.flatMap((call) => (call.status === "rejected" ? [String(call.reason)] : []));

      callsUntilEnd = Infinity;
      const fresh = new PersistentClient(options);
      const found = await (await fresh.getCollection({ name: "notes" })).get();
      await notes.add({ ids: ["after"], embeddings: [[4, 0]] });
      const after = await notes.get({ ids: ["after"] });
      await Promise.all([old.close(), fresh.close()]);
      return { errors, found: found.ids, after: after.ids };
    });
    expect(outcome.errors).toEqual([]);
    expect(outcome.found).toEqual(["acknowledged", "open-1", "open-2"]);
    expect(outcome.after).toEqual(["after"]);
  }));

/** Returns when the page has noticed; before that a new client would share the dead worker. */
function terminateWorker(page: Page): Promise<void> {
  return page.evaluate(async () => {
    killPage.program.stop();
    killPage.terminateWorker();
    await killPage.program.open().catch(() => undefined);
  });
}

/** The tab's process ends as by a bug of the browser; what is left of the tab is closed. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It never answers.
  session.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
}
