// How long the others wait when the tab that leads goes, for each way of going; what a call costs a tab
// that does not lead; and a tab that comes back from the back/forward cache.

import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveSite, type ServedSite } from "../kill/page-fixture.ts";
import { withPlainChromium } from "./plain-chromium.ts";
import type { TabBackend } from "./page-script.ts";
import { crash, freeze, scripts } from "./tabs-fixture.ts";

const isFull = process.env["CHROMALITE_FULL"] !== undefined;
const rounds = isFull ? 10 : 1;

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite(scripts);
});
afterAll(() => site.close());

async function openTab(context: BrowserContext, path: string, backend?: TabBackend): Promise<Page> {
  const page = await site.loadPage(context);
  await page.waitForFunction(() => "tabPage" in globalThis);
  await page.evaluate(([name, where]) => tabPage.open(name, where), [path, backend] as const);
  return page;
}

function reachOf(page: Page): Promise<string> {
  return page.evaluate(async () => (await tabPage.client.storage.info()).reach);
}

const ways: Readonly<Record<string, (leader: Page) => Promise<unknown>>> = {
  close: (leader) => leader.close(),
  reload: async (leader) => {
    await leader.reload();
  },
  crash,
  "worker killed": (leader) => leader.evaluate(() => tabPage.endWorkers()),
  freeze,
  "back/forward cache": async (leader) => {
    await leader.goto(`${leader.url()}?away`);
  },
};

/** The stated goal is 150 ms on a machine that does nothing else; a test must not fail for a neighbour's load. */
const GAP_MS_MAX = 3000;

/** On IndexedDB the short form has the way that leaves most behind. */
const takeOvers = (["opfs", "indexeddb"] as const).flatMap((backend) =>
  Object.keys(ways)
    .filter((way) => backend === "opfs" || isFull || way === "crash")
    .map((way) => [way, backend] as const),
);

test.each(takeOvers)("after %s on %s another tab leads soon", (way, backend) =>
  withPlainChromium(async (context) => {
    const gaps: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const path = `takeover-${round}`;
      const leader = await openTab(context, path, backend);
      const follower = await openTab(context, path, backend);
      expect(await reachOf(leader)).toBe("own-worker");
      expect(await reachOf(follower)).toBe("message-port");
      await follower.bringToFront();
      await follower.evaluate(() => tabPage.probe());
      await ways[way]!(leader);
      gaps.push(await follower.evaluate(() => tabPage.stopProbing(700)));
      expect(await reachOf(follower)).toBe("own-worker");
      await follower.close();
      if (!leader.isClosed()) await leader.close();
    }
    const shown = gaps.toSorted((a, b) => a - b).map((gap) => gap.toFixed(0));
    console.info(
      `take-over after ${way} on ${backend}: longest wait of the other tab ${shown.join(", ")} ms`,
    );
    expect(Math.max(...gaps)).toBeLessThan(GAP_MS_MAX);
  }),
);

/** Whether the page was kept: a browser under pressure gives it up, and loads it anew. */
async function comesBack(context: BrowserContext, path: string): Promise<boolean> {
  const leader = await openTab(context, path);
  const other = await openTab(context, path);
  await leader.evaluate(() => {
    // Begun, and then the page is put away.
    Object.assign(globalThis, {
      added: tabPage.notes.add({ ids: ["from the one that left"], embeddings: [[1, 0]] }),
    });
    location.search = "away";
  });
  await leader.waitForURL("**/?away");
  await other.evaluate(() => tabPage.notes.add({ ids: ["meanwhile"], embeddings: [[2, 0]] }));
  await leader.evaluate(() => history.back());
  await leader.waitForURL((url) => url.search === "", { waitUntil: "commit" });
  const wasKept = await leader.evaluate(() => "added" in globalThis);
  if (wasKept) {
    // Nothing is loaded: the page is there as it was.
    expect(await leader.evaluate(() => tabPage.shown)).toEqual([false, true]);
    const found = await leader.evaluate(async () => {
      await (globalThis as unknown as { added: Promise<void> }).added;
      return (await tabPage.notes.get()).ids;
    });
    expect(found.toSorted()).toEqual(["from the one that left", "meanwhile"]);
    expect(await reachOf(leader)).toBe("message-port");
  }
  await Promise.all([leader.close(), other.close()]);
  return wasKept;
}

test("a tab that comes back from the back/forward cache goes on, and its open calls are answered", () =>
  withPlainChromium(async (context) => {
    for (const path of ["back", "back again", "and again"]) {
      if (await comesBack(context, path)) return;
    }
    throw new Error("no page was kept in the back/forward cache");
  }));

test("a query of a tab that follows costs little more than one of the tab that leads", () =>
  withPlainChromium(async (context) => {
    const leader = await openTab(context, "cost");
    const follower = await openTab(context, "cost");
    const calls = isFull ? 5000 : 300;
    await leader.evaluate(() => tabPage.time("add", 400));
    const lines: string[] = [];
    const added: number[] = [];
    for (const work of ["query", "add"] as const) {
      const leading: number[] = [];
      const following: number[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const times = turn % 2 === 0 ? leading : following;
        const page = turn % 2 === 0 ? leader : follower;
        await page.bringToFront();
        times.push(await page.evaluate(([what, n]) => tabPage.time(what, n), [work, calls] as const));
      }
      const [lead, follow] = [Math.min(...leading), Math.min(...following)];
      added.push(follow - lead);
      lines.push(`${work} ${lead.toFixed(3)} ms leading, ${follow.toFixed(3)} ms following`);
    }
    console.info(lines.join("; "));
    // 0.15 ms on a machine that does nothing else.
    expect(added[0]).toBeLessThan(1);
  }));

test("where tabs have no broker in common a BroadcastChannel is the wire", () =>
  withPlainChromium(async (context) => {
    await context.route("**/broker.js", (route) => route.abort());
    const leader = await openTab(context, "without");
    const follower = await openTab(context, "without");
    expect(await reachOf(follower)).toBe("broadcast-channel");
    const row = await follower.evaluate(async () => {
      await tabPage.notes.add({ ids: ["far"], embeddings: [Float32Array.of(0.5, 0.25)] });
      const { embeddings } = await tabPage.notes.get({ ids: ["far"], include: ["embeddings"] });
      return embeddings[0];
    });
    expect(row).toEqual([0.5, 0.25]);
    expect(await leader.evaluate(() => tabPage.notes.count())).toBe(1);
    await leader.close();
    expect(await follower.evaluate(() => tabPage.notes.count())).toBe(1);
  }));

test("a worker of the origin may hold a client too: it follows over a BroadcastChannel, and leads when alone", () =>
  withPlainChromium(async (context) => {
    const page = await openTab(context, "worker");
    await page.evaluate(() => tabPage.notes.add({ ids: ["by the page"], embeddings: [[1, 0]] }));
    const ask = (): Promise<unknown> =>
      page.evaluate(async () => {
        const held = globalThis as unknown as { clientWorker?: Worker };
        const script = `
          import { PersistentClient } from "${new URL("dist/chromalite.js", location.href).href}";
          const client = new PersistentClient({ path: "worker" });
          onmessage = async () => {
            const notes = await client.getCollection({ name: "notes" });
            await notes.upsert({ ids: ["by the worker"], embeddings: [[0, 1]] });
            postMessage([(await client.storage.info()).reach, (await notes.get()).ids]);
          };
          postMessage("ready");`;
        const next = (worker: Worker): Promise<unknown> =>
          new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = (event) => reject(new Error(event.message));
          });
        if (!held.clientWorker) {
          const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
          held.clientWorker = new Worker(url, { type: "module" });
          await next(held.clientWorker);
        }
        held.clientWorker.postMessage(null);
        return next(held.clientWorker);
      });
    const ids = ["by the page", "by the worker"];
    expect(await ask()).toEqual(["broadcast-channel", ids]);
    expect(await page.evaluate(async () => (await tabPage.notes.get()).ids)).toEqual(ids);
    await page.evaluate(() => tabPage.client.close());
    expect(await ask()).toEqual(["own-worker", ids]);
  }));
