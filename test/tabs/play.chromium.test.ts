// What people do with tabs that no plan foresees: two clients in one page of which one is closed, a leader
// that is closed while others wait for it, tabs that were never looked at, pages without Web Locks.

import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveSite, type ServedSite } from "../kill/page-fixture.ts";
import { withPlainChromium } from "./plain-chromium.ts";
import { scripts } from "./tabs-fixture.ts";

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite(scripts);
});
afterAll(() => site.close());

async function openTab(context: BrowserContext, path: string): Promise<Page> {
  const page = await site.loadPage(context);
  await page.waitForFunction(() => "tabPage" in globalThis);
  await page.evaluate((name) => tabPage.open(name), path);
  return page;
}

/** Begins so many adds, which nobody waits for yet. */
async function beginAdds(page: Page, prefix: string, count: number): Promise<void> {
  await page.evaluate(
    ([name, calls]) => {
      const adds = Array.from({ length: calls }, (_, i) =>
        tabPage.notes.add({ ids: [`${name} ${i}`], embeddings: [[i, 1]] }),
      );
      Object.assign(globalThis, { adds: Promise.all(adds).then(() => "all") });
    },
    [prefix, count] as const,
  );
}

function addsOf(page: Page): Promise<string> {
  return page.evaluate(() => (globalThis as unknown as { adds: Promise<string> }).adds);
}

function countOf(page: Page): Promise<number> {
  return page.evaluate(() => tabPage.notes.count());
}

function reachOf(page: Page): Promise<string> {
  return page.evaluate(async () => (await tabPage.client.storage.info()).reach);
}

test.each(["leads", "follows"])(
  "of two clients in a page that %s one is closed while the other writes",
  (role) =>
    withPlainChromium(async (context) => {
      const first = await openTab(context, "two");
      const page = role === "leads" ? first : await openTab(context, "two");
      const third = await openTab(context, "two");
      expect(await reachOf(page)).toBe(role === "leads" ? "own-worker" : "message-port");
      await beginAdds(third, "third", 200);
      const told = await page.evaluate(async () => {
        const other = new tabPage.PersistentClient({ path: "./two", backend: "opfs" });
        await other.heartbeat();
        const adds = Array.from({ length: 200 }, (_, i) =>
          tabPage.notes.add({ ids: [`page ${i}`], embeddings: [[i, 2]] }),
        );
        await Promise.all([other.close(), other.close()]);
        await Promise.all(adds);
        return other.heartbeat().then(
          () => "an answer",
          (error: { code: string }) => error.code,
        );
      });
      expect(told).toBe("closed");
      expect(await addsOf(third)).toBe("all");
      expect(await countOf(page)).toBe(400);
    }),
);

test("a leader's client is closed over the open calls of two that follow: all are answered, once", () =>
  withPlainChromium(async (context) => {
    const leader = await openTab(context, "closing");
    const followers = [await openTab(context, "closing"), await openTab(context, "closing")];
    await Promise.all(followers.map((page, i) => beginAdds(page, `follower ${i}`, 300)));
    await leader.evaluate(() => tabPage.client.close());
    for (const page of followers) expect(await addsOf(page)).toBe("all");
    for (const page of followers) expect(await countOf(page)).toBe(600);
    // Its page goes on with a new client.
    await leader.evaluate(() => tabPage.open("closing"));
    expect([await countOf(leader), await reachOf(leader)]).toEqual([600, "message-port"]);
  }));

test("a tab that names no backend takes over the files of one that did; one that names another is refused", () =>
  withPlainChromium(async (context) => {
    const path = "named-backend";
    const openClient = async (backend?: "opfs" | "indexeddb"): Promise<Page> => {
      const page = await site.loadPage(context);
      await page.waitForFunction(() => "tabPage" in globalThis);
      await page.evaluate(
        ([name, where]) => {
          tabPage.client = new tabPage.PersistentClient({ path: name, backend: where });
        },
        [path, backend] as const,
      );
      return page;
    };
    const list = (page: Page): Promise<string[]> =>
      page.evaluate(async () => {
        const named = tabPage.client.listCollections().then((all) => all.map(({ name }) => name));
        return named.catch((error: { code: string }) => [error.code]);
      });
    const backendOf = (page: Page): Promise<string> =>
      page.evaluate(async () => (await tabPage.client.storage.info()).backend);
    const leader = await openClient("indexeddb");
    await leader.evaluate(() => tabPage.client.createCollection({ name: "notes", embeddingFunction: null }));
    const other = await openClient("opfs");
    expect(await list(other)).toEqual(["path-locked"]);
    await other.close();
    const follower = await openClient();
    expect(await list(follower)).toEqual(["notes"]);
    await leader.close();
    expect([await list(follower), await reachOf(follower), await backendOf(follower)]).toEqual([
      ["notes"],
      "own-worker",
      "indexeddb",
    ]);
  }));

test("tabs that were opened behind another one follow, lead when it goes, and hand on", () =>
  withPlainChromium(async (context) => {
    const front = await openTab(context, "hidden");
    // Opened by the page, without coming to the front.
    const behind = async (): Promise<Page> => {
      const session = await context.browser()!.newBrowserCDPSession();
      const opened = context.waitForEvent("page");
      await session.send("Target.createTarget", { url: site.url, background: true });
      const page = await opened;
      await page.waitForFunction(() => "tabPage" in globalThis, undefined, { polling: 100 });
      await page.evaluate(() => tabPage.open("hidden"));
      return page;
    };
    const hidden = [await behind(), await behind()];
    await front.bringToFront();
    for (const page of hidden) {
      expect(await page.evaluate(() => document.visibilityState)).toBe("hidden");
      expect(await reachOf(page)).toBe("message-port");
      await page.evaluate(() => tabPage.notes.add({ ids: [crypto.randomUUID()], embeddings: [[0, 1]] }));
    }
    await front.evaluate(() => tabPage.client.close());
    await Promise.all(hidden.map((page, i) => beginAdds(page, `hidden ${i}`, 100)));
    for (const page of hidden) expect(await addsOf(page)).toBe("all");
    const reaches = await Promise.all(hidden.map(reachOf));
    expect(reaches.toSorted()).toEqual(["message-port", "own-worker"]);
    await hidden[reaches.indexOf("own-worker")]!.close();
    const last = hidden[reaches.indexOf("message-port")]!;
    expect([await countOf(last), await reachOf(last)]).toEqual([202, "own-worker"]);
  }));

/** Over the time-out of the first wire, and into that of the second. */
const busyFor = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
};

test.each(["page", "worker"])(
  "a tab that opens while the %s of the leader is busy ends up on a port",
  (who) =>
    withPlainChromium(async (context) => {
      const leader = await openTab(context, "busy");
      const follower = await site.loadPage(context);
      await follower.waitForFunction(() => "tabPage" in globalThis);
      const [worker] = leader.workers();
      expect(worker).toBeDefined();
      const busy = who === "page" ? leader.evaluate(busyFor, 1600) : worker!.evaluate(busyFor, 2500);
      await follower.evaluate(() => tabPage.open("busy"));
      await busy;
      // At first over a channel, it may be: the broker lives in the leader's process.
      await expect.poll(() => reachOf(follower), { timeout: 10_000 }).toBe("message-port");
      expect(await countOf(follower)).toBe(0);
    }),
);

test("a page that stands at a dialog keeps nobody waiting: its worker answers for itself", () =>
  withPlainChromium(async (context) => {
    const leader = await openTab(context, "dialog");
    await leader.evaluate(() => tabPage.notes.add({ ids: ["a"], embeddings: [[1, 0]] }));
    const dialog = leader.waitForEvent("dialog");
    const standing = leader.evaluate(() => alert("Sure?"));
    const asked = await dialog;
    const other = await openTab(context, "dialog");
    await other.evaluate(() => tabPage.notes.add({ ids: ["b"], embeddings: [[0, 1]] }));
    expect(await countOf(other)).toBe(2);
    await asked.dismiss();
    await standing;
    expect(await countOf(leader)).toBe(2);
    await expect.poll(() => reachOf(other), { timeout: 10_000 }).toBe("message-port");
  }));

test("a tab that wants the path elsewhere than the one that leads is refused, and nothing is split", () =>
  withPlainChromium(async (context) => {
    const leader = await openTab(context, "where");
    await leader.evaluate(() => tabPage.notes.add({ ids: ["a"], embeddings: [[1, 0]] }));
    const other = await site.loadPage(context);
    await other.waitForFunction(() => "tabPage" in globalThis);
    const told = (): Promise<string> =>
      other.evaluate(() =>
        tabPage.open("where", "indexeddb").then(
          () => "opened",
          (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
        ),
      );
    expect(await told()).toMatch(/^path-locked: .*open in another tab on opfs: expected indexeddb/);
    expect(await countOf(leader)).toBe(1);
    await leader.close();
    // The page remembers where there is a path of this name.
    expect(await told()).toMatch(/^path-locked: .*lies on opfs: expected indexeddb/);
    expect(await countOf(await openTab(context, "where"))).toBe(1);
  }));

test("a page without Web Locks, since it came over http, is told what it lacks, and has memory", () =>
  withPlainChromium(async (context) => {
    const insecure = "http://chromalite.test/";
    await context.route(`${insecure}**`, async (route) => {
      const url = route.request().url().replace(insecure, site.url);
      await route.fulfill({ response: await route.fetch({ url }) });
    });
    const page = await context.newPage();
    await page.goto(insecure);
    await page.waitForFunction(() => "tabPage" in globalThis);
    const told = await page.evaluate(() =>
      tabPage.open("insecure").then(
        () => "opened",
        (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
      ),
    );
    expect(told).toMatch(/^storage-unavailable: .*expected a secure context \(https or localhost\)/);
    // Memory needs nothing of that.
    const nearest = await page.evaluate(async () => {
      const client = new tabPage.EphemeralClient();
      const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
      const embeddings = [
        [1, 0],
        [0, 1],
      ];
      await notes.add({ ids: ["a", "b"], embeddings });
      const { ids } = await notes.query({ queryEmbeddings: [[0.1, 1]], nResults: 1 });
      await client.close();
      return ids;
    });
    expect(nearest).toEqual([["b"]]);
  }));
