// The engine of a page behind the Service Worker: other pages use it over HTTP. The Service Worker asks for
// it anew whenever it has been ended, and hears of a page that is gone.

import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, register, startOf, withSite } from "./site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface Offering {
  offer: import("chromalite").ServiceWorkerOffer;
  client: import("chromalite").PersistentClient;
}

/** The page opens a path of its own and offers it. */
function offerEngine(page: Page, prefix?: string): Promise<void> {
  return page.evaluate(async (prefix) => {
    const { connectServiceWorker, PersistentClient } = window.chromalite;
    const client = new PersistentClient({ path: "pages-notes" });
    await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
    const offer = connectServiceWorker(client, prefix === undefined ? {} : { prefix });
    Object.assign(window, { client, offer });
  }, prefix);
}

/** Adds a note over HTTP. */
function addNote(page: Page, id: string, embedding: number[]): Promise<void> {
  return page.evaluate(
    async ([id, embedding]) => {
      const { ChromaClient } = window.chromalite;
      const client = new ChromaClient({ host: location.hostname, port: Number(location.port), ssl: false });
      const notes = await client.getCollection({ name: "notes" });
      await notes.add({ ids: [id], embeddings: [embedding], documents: [`The note ${id}`] });
    },
    [id, embedding] as const,
  );
}

function askNotes(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const { ChromaClient } = window.chromalite;
    const client = new ChromaClient({ host: location.hostname, port: Number(location.port), ssl: false });
    const notes = await client.getCollection({ name: "notes" });
    const { ids, documents, distances } = await notes.query({ queryEmbeddings: [[1, 0]], nResults: 2 });
    return { ids, documents, distances };
  });
}

const answer = {
  ids: [["near", "far"]],
  documents: [["The note near", "The note far"]],
  distances: [[1, 2]],
};

/** Status and body of a plain request. */
function heartbeat(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const response = await fetch("/api/v2/tenants/default_tenant");
    return { status: response.status, body: (await response.json()) as unknown };
  });
}

interface Refusal {
  body: { code?: string };
}

const noPage = {
  status: 503,
  body: { error: "InternalError", message: expect.stringMatching(/^No page offers its engine/) as string },
};
const tenant = { status: 200, body: expect.objectContaining({ name: "default_tenant" }) as unknown };

test("a second page uses the first one's engine, also after the Service Worker was stopped, without a network", () =>
  withSite(browser, async ({ openPage, stopServiceWorkers, goOffline }) => {
    const first = await openPage();
    await register(first, "./forward.js");
    await offerEngine(first);
    const second = await openPage();
    await addNote(second, "near", [1, 1]);
    await addNote(first, "far", [0, 1]);
    expect(await askNotes(second)).toEqual(answer);
    const before = await startOf(second);

    await goOffline();
    await stopServiceWorkers();
    expect(await askNotes(second)).toEqual(answer);
    expect(await startOf(second)).not.toBe(before);

    await first.reload();
    await offerEngine(first);
    expect(await askNotes(second)).toEqual(answer);
    await second.reload();
    expect(await askNotes(second)).toEqual(answer);
  }));

test("while no page offers an engine the answer is a 503 that says what is missing", () =>
  withSite(browser, async ({ openPage }) => {
    const page = await openPage();
    await register(page, "./forward.js");
    expect(await heartbeat(page)).toEqual(noPage);
    await offerEngine(page);
    expect(await heartbeat(page)).toEqual(tenant);
    await page.evaluate(() => (window as unknown as Offering).offer.close());
    expect(await heartbeat(page)).toEqual(noPage);
  }));

test("a page that is gone, or whose client is closed, is asked no more", () =>
  withSite(browser, async ({ openPage }) => {
    const plain = await openPage();
    await register(plain, "./forward.js");
    const offering = await openPage();
    await offerEngine(offering);
    expect(await heartbeat(plain)).toEqual(tenant);
    await offering.close();
    // A page's lock comes free some moments after it; until then it is asked, and the answer is that it is gone.
    await expect.poll(() => heartbeat(plain), { timeout: 10_000 }).toEqual(noPage);

    await offerEngine(plain);
    expect(await heartbeat(plain)).toEqual(tenant);
    await plain.evaluate(() => (window as unknown as Offering).client.close());
    // The first call learns that the client is closed, or that the offer has ended with it.
    expect(["closed", "worker-died"]).toContain(((await heartbeat(plain)) as Refusal).body.code);
    await expect.poll(() => heartbeat(plain), { timeout: 10_000 }).toEqual(noPage);
  }));

test("when the page that answers is closed, another that offers the same path goes on", () =>
  withSite(browser, async ({ openPage }) => {
    const plain = await openPage();
    await register(plain, "./forward.js");
    const first = await openPage();
    await offerEngine(first);
    await addNote(plain, "near", [1, 1]);
    const second = await openPage();
    await offerEngine(second);
    await first.close();
    await expect.poll(() => heartbeat(plain), { timeout: 10_000 }).toEqual(tenant);
    await addNote(plain, "far", [0, 1]);
    expect(await askNotes(plain)).toEqual(answer);
  }));

test("a page that offers for one prefix is not asked for another", () =>
  withSite(browser, async ({ openPage }) => {
    const page = await openPage();
    await register(page, "./prefixed.js");
    const status = (): Promise<number> =>
      page.evaluate(async () => (await fetch("/forwarded/api/v2/heartbeat")).status);
    await offerEngine(page, "/other");
    expect(await status()).toBe(503);
    await offerEngine(page, "/forwarded/");
    expect(await status()).toBe(200);
  }));
