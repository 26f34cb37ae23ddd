// Relaxed durability in a browser's pages: when the disk is waited for, and that no end of a page takes what was
// answered. What a power cut takes is shown where power can be cut: test/durability.

import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Durability } from "../../src/protocol/operation.ts";
import { withPlainChromium } from "../tabs/plain-chromium.ts";
import { serveSite, type ServedSite } from "./page-fixture.ts";
import type { KillPage } from "./page-script.ts";

declare const killPage: KillPage;

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

/** What a tab's worker has done: files flushed, and flushes that its page asked for. */
interface Counts {
  readonly flushed: number;
  readonly asked: number;
}

/** Run in the page: opens the path with a worker that counts, and tells it on a channel. */
async function open(durability: Durability): Promise<void> {
  const name = crypto.randomUUID();
  const script = `
    import ${JSON.stringify(new URL("dist/worker.js", location.href).href)};
    const counts = { flushed: 0, asked: 0 };
    const { prototype } = FileSystemSyncAccessHandle;
    const { flush } = prototype;
    prototype.flush = function () {
      counts.flushed += 1;
      return flush.call(this);
    };
    addEventListener("message", ({ data }) => {
      if (data.argumentList?.[0]?.value?.route === "/chromalite/flush") counts.asked += 1;
    });
    const channel = new BroadcastChannel(${JSON.stringify(name)});
    channel.onmessage = () => channel.postMessage(counts);`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = (): Worker => new Worker(url, { type: "module" });
  const client = new killPage.PersistentClient({ path: "relaxed", backend: "opfs", durability, worker });
  const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
  const channel = new BroadcastChannel(name);
  const count = (): Promise<Counts> =>
    new Promise((resolve) => {
      channel.onmessage = ({ data }: MessageEvent<Counts>) => resolve(data);
      channel.postMessage("count");
    });
  Object.assign(globalThis, { client, notes, count });
}

/** What the functions that are sent to a page find there. */
interface OpenPage {
  readonly client: InstanceType<KillPage["PersistentClient"]>;
  readonly notes: Awaited<ReturnType<OpenPage["client"]["getOrCreateCollection"]>>;
  readonly count: () => Promise<Counts>;
}

async function openTab(load: () => Promise<Page>, durability: Durability): Promise<Page> {
  const page = await load();
  await page.evaluate(open, durability);
  return page;
}

/** Run in the page: one record a call. */
async function add(ids: readonly string[]): Promise<void> {
  const { notes } = globalThis as unknown as OpenPage;
  for (const id of ids) await notes.add({ ids: [id], embeddings: [[1, 2]], documents: [id] });
}

async function idsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await (globalThis as unknown as OpenPage).notes.get()).ids);
}

const countsOf = (page: Page): Promise<Counts> =>
  page.evaluate(() => (globalThis as unknown as OpenPage).count());
const flush = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as OpenPage).client.storage.flush());
const reachOf = (page: Page): Promise<string> =>
  page.evaluate(async () => (await (globalThis as unknown as OpenPage).client.storage.info()).reach);

test("relaxed writes wait for no disk; flush(), hiding the page and another tab's strict write flush them; no end of a page loses them", () =>
  withPlainChromium(async (context) => {
    const leader = await openTab(() => site.loadPage(context), "relaxed");
    await flush(leader);
    const start = await countsOf(leader);
    await leader.evaluate(add, ["a", "b", "c"]);
    expect(await countsOf(leader)).toEqual(start);

    await flush(leader);
    const flushed = await countsOf(leader);
    expect(flushed.flushed).toBeGreaterThan(start.flushed);
    await flush(leader);
    expect((await countsOf(leader)).flushed).toBe(flushed.flushed);

    await leader.evaluate(add, ["d"]);
    const unflushed = await countsOf(leader);
    expect(unflushed.flushed).toBe(flushed.flushed);
    // A tab in front of it hides it.
    const other = await site.loadPage(context);
    await other.bringToFront();
    await expect.poll(() => leader.evaluate(() => document.visibilityState)).toBe("hidden");
    await expect.poll(async () => (await countsOf(leader)).asked).toBe(unflushed.asked + 1);
    await expect.poll(async () => (await countsOf(leader)).flushed).toBeGreaterThan(unflushed.flushed);

    await openTab(async () => other, "strict");
    expect(await reachOf(other)).toBe("message-port");
    const before = (await countsOf(leader)).flushed;
    await leader.evaluate(add, ["e"]);
    expect((await countsOf(leader)).flushed).toBe(before);
    await other.evaluate(add, ["f"]);
    expect((await countsOf(leader)).flushed).toBeGreaterThan(before);

    await leader.evaluate(add, ["g", "h"]);
    await leader.close();
    expect(await idsOf(other)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
    await openTab(async () => {
      await other.reload();
      return other;
    }, "relaxed");
    await other.evaluate(add, ["i"]);
    await other.reload();
    await other.evaluate(open, "relaxed" as Durability);
    expect(await idsOf(other)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
  }));
