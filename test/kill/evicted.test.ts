// A browser that takes an origin's storage away behind its pages, all but localStorage, as under storage pressure:
// told as lost, with the time of creation, by an error and an event, never as an empty database.

import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { serveSite, withProfile, type ServedSite } from "./page-fixture.ts";
import type { KillPage } from "./page-script.ts";

declare const killPage: KillPage;

type Backend = "opfs" | "indexeddb";

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

const backends: readonly Backend[] = ["opfs", "indexeddb"];
const place = (backend: Backend) => ({ path: `evicted-${backend}`, backend });

async function clear(page: Page, storageTypes: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin: new URL(page.url()).origin, storageTypes });
}

async function withPage(profile: string, use: (page: Page) => Promise<void>): Promise<void> {
  const { context } = await launchChromium(profile);
  try {
    await use(await site.loadPage(context));
  } finally {
    await context.close();
  }
}

/** Run in the page: stores a record; when the path was created. The client stays open. */
async function store({ path, backend }: { path: string; backend: Backend }): Promise<number> {
  const client = new killPage.PersistentClient({ path, backend });
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
  Object.assign(globalThis, { client, notes });
  return (await client.storage.info()).createdAt!;
}

/** What a page is told. */
interface Told {
  readonly names?: string[];
  readonly code?: string | undefined;
  readonly createdAt?: unknown;
  /** Of the events that were dispatched meanwhile. */
  readonly events: { path: string; createdAt: number }[];
}

/** Run in the page: lists the collections, with a client of its own or the one that is open. */
async function list({
  afterEviction,
  ...options
}: {
  path: string;
  backend: Backend;
  afterEviction?: "start-empty";
  isOpen?: boolean;
}): Promise<Told> {
  const events: Told["events"] = [];
  const listen = (event: Event): void => {
    const { path, createdAt } = (event as CustomEvent<{ path: string; createdAt: Date }>).detail;
    events.push({ path, createdAt: createdAt.getTime() });
  };
  addEventListener("chromaliteevicted", listen);
  const { PersistentClient } = killPage;
  const open = Reflect.get(globalThis, "client") as InstanceType<typeof PersistentClient> | undefined;
  const client = options.isOpen ? open! : new PersistentClient({ ...options, afterEviction });
  try {
    return { names: (await client.listCollections()).map(({ name }) => name), events };
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { createdAt?: number } };
    return { code, createdAt: details?.createdAt, events };
  } finally {
    removeEventListener("chromaliteevicted", listen);
    await client.close();
  }
}

const lost = (backend: Backend, createdAt: number): Told => ({
  code: "data-evicted",
  createdAt,
  events: [{ path: place(backend).path, createdAt }],
});

const accepting = (backend: Backend) => ({ ...place(backend), afterEviction: "start-empty" }) as const;

const begunAnew = (backend: Backend, createdAt: number): Told => ({
  names: [],
  events: lost(backend, createdAt).events,
});

const found = (...names: string[]): Told => ({ names, events: [] });

test("what was cleared is told as lost at each opening, until the loss is accepted", () =>
  withProfile((profile) =>
    withPage(profile, async (page) => {
      for (const backend of backends) {
        const createdAt = await page.evaluate(store, place(backend));
        await page.reload();
        expect(await page.evaluate(list, place(backend))).toEqual(found("notes"));
        await clear(page, "file_systems,indexeddb");
        expect(await page.evaluate(list, place(backend))).toEqual(lost(backend, createdAt));
        await page.reload();
        expect(await page.evaluate(list, place(backend))).toEqual(lost(backend, createdAt));
        expect(await page.evaluate(list, accepting(backend))).toEqual(begunAnew(backend, createdAt));
        expect(await page.evaluate(store, place(backend))).toBeGreaterThan(createdAt);
        await page.reload();
        expect(await page.evaluate(list, place(backend))).toEqual(found("notes"));
      }
    }),
  ));

/** Run in the page: adds records one by one until one is refused; those that were answered, and the refusal's code. */
async function addUntilRefused(): Promise<{ ids: string[]; code: string | undefined }> {
  const { notes } = globalThis as unknown as {
    notes: Awaited<ReturnType<InstanceType<KillPage["PersistentClient"]>["createCollection"]>>;
  };
  const ids: string[] = [];
  for (;;) {
    const id = `${ids.length}`;
    try {
      await notes.add({ ids: [id], embeddings: [[1, ids.length]] });
    } catch (error) {
      return { ids, code: (error as { code?: string }).code };
    }
    ids.push(id);
  }
}

test("OPFS that is cleared under an open client refuses writes within a second; what was answered comes back from the journal of a path so young", () =>
  withProfile((profile) =>
    withPage(profile, async (page) => {
      await page.evaluate(store, place("opfs"));
      await clear(page, "file_systems");
      const { ids, code } = await page.evaluate(addUntilRefused);
      expect(code).toBe("outcome-unknown");
      const told = await page.evaluate(list, { ...place("opfs"), isOpen: true });
      expect(told).toEqual(found("notes"));
      await page.reload();
      // The write whose outcome is unknown may be among them.
      const kept = await page.evaluate(idsOf, place("opfs"));
      expect(kept.slice(0, ids.length + 1)).toEqual(["a", ...ids]);
    }),
  ));

// On OPFS the path has to move: Chromium 156 keeps the names of files locked that it clears under open handles.
test("what is cleared under an open client is told as lost, not as empty, and the path can be used again", () =>
  withProfile((profile) =>
    withPage(profile, async (page) => {
      for (const backend of backends) {
        const createdAt = await page.evaluate(store, place(backend));
        await clear(page, "file_systems,indexeddb");
        expect(await page.evaluate(addUntilRefused)).toEqual({ ids: [], code: "outcome-unknown" });
        const told = await page.evaluate(list, { ...place(backend), isOpen: true });
        expect(told).toEqual(lost(backend, createdAt));
        expect(await page.evaluate(list, place(backend))).toEqual(lost(backend, createdAt));
        expect(await page.evaluate(list, accepting(backend))).toEqual(begunAnew(backend, createdAt));
        await page.evaluate(store, place(backend));
        await page.reload();
        expect(await page.evaluate(list, place(backend))).toEqual(found("notes"));
      }
    }),
  ));

/** Run in the page: the ids of the records. */
async function idsOf({ path, backend }: { path: string; backend: Backend }): Promise<string[]> {
  const client = new killPage.PersistentClient({ path, backend });
  const notes = await client.getCollection({ name: "notes" });
  const found = await notes.get();
  await client.close();
  return found.ids;
}
