// A quota that is used up, in a real browser: a write that does not fit is refused whole, reading goes on,
// deletes go through, and once there is room writing does; on OPFS deleting makes room.

import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveSite, withChromium, type ServedSite } from "./page-fixture.ts";
import type { KillPage } from "./page-script.ts";

declare const killPage: KillPage;

/** More than one path's fixed part and less than a minute of adding. */
const QUOTA_BYTES = 12 * 2 ** 20;

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

type Backend = "opfs" | "indexeddb";

/** Run in the page: adds to a new collection until that is refused, and says what was, or until `most` are kept. */
async function fill([backend, name, most]: readonly [Backend, string, number]) {
  const client = new killPage.PersistentClient({ path: `quota-${backend}`, backend });
  const collection = await client.createCollection({ name, embeddingFunction: null });
  for (let from = 0; from < most; from += 50) {
    const ids = Array.from({ length: 50 }, (_, i) => `id-${from + i}`);
    // Chromium's SQLite compresses what can be.
    const embeddings = ids.map(() => Float32Array.from({ length: 384 }, Math.random));
    const refusal = await collection.add({ ids, embeddings }).then(
      () => undefined,
      (error: Error & { code?: string }) => ({ name: error.name, code: error.code, added: from }),
    );
    if (refusal) return refusal;
  }
  return { added: most };
}

/** Run in the page: counts the collections there are. */
async function countAll(backend: Backend): Promise<Record<string, number>> {
  const client = new killPage.PersistentClient({ path: `quota-${backend}`, backend });
  const counts: Record<string, number> = {};
  for (const collection of await client.listCollections()) {
    counts[collection.name] = await collection.count();
  }
  return counts;
}

const of = (backend: Backend, name: string, most = 100_000) => [backend, name, most] as const;

const refused = { name: "ChromaQuotaExceededError", code: "storage-full" };

type UsePage = (page: Page, limit: (bytes: number) => Promise<void>) => Promise<void>;

async function withQuota(use: UsePage, flags?: readonly string[]) {
  await withChromium(async (context) => {
    const page = await site.loadPage(context);
    const session = await context.newCDPSession(page);
    const { origin } = new URL(page.url());
    const limit = async (quotaSize: number): Promise<void> => {
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
    };
    await limit(QUOTA_BYTES);
    await use(page, limit);
  }, flags);
}

test("OPFS past its quota refuses whole writes, goes on reading, lets deletes through, and writes again after them", async () => {
  await withQuota(async (page) => {
    const first = await page.evaluate(fill, of("opfs", "first"));
    expect(first).toMatchObject(refused);
    expect(first.added).toBeGreaterThan(1000);
    expect(await page.evaluate(countAll, "opfs" as Backend)).toEqual({ first: first.added });
    await page.evaluate(async () => {
      const client = new killPage.PersistentClient({ path: "quota-opfs", backend: "opfs" });
      await client.deleteCollection({ name: "first" });
    });
    const second = await page.evaluate(fill, of("opfs", "second"));
    expect(second).toMatchObject(refused);
    expect(second.added).toBeGreaterThan(first.added / 4);
    await page.reload();
    expect(await page.evaluate(countAll, "opfs" as Backend)).toEqual({ second: second.added });
  });
});

/** Run in the page: adds single records until one is refused, or `most` are kept. */
async function addSingly([prefix, most]: readonly [string, number]) {
  const client = new killPage.PersistentClient({ path: "quota-indexeddb", backend: "indexeddb" });
  const collection = await client.getCollection({ name: "first" });
  const embeddings = [Float32Array.from({ length: 384 }, Math.random)];
  for (let kept = 0; kept < most; kept += 1) {
    const refusal = await collection.add({ ids: [`${prefix}-${kept}`], embeddings }).then(
      () => undefined,
      (error: Error & { code?: string }) => ({ name: error.name, code: error.code }),
    );
    if (refusal) return { kept, refusal };
  }
  return { kept: most };
}

test("IndexedDB past its quota refuses whole writes, goes on reading, also when opened anew, and writes when there is room", async () => {
  await withQuota(async (page, limit) => {
    const { added, ...refusal } = await page.evaluate(fill, of("indexeddb", "first"));
    expect(refusal).toEqual(refused);
    expect(added).toBeGreaterThan(1000);
    expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual({ first: added });
    // Fifty records did not fit; a single one may, and opening anew may have made room for a few.
    const alone = await page.evaluate(addSingly, ["alone", 1000] as const);
    expect(alone.refusal).toEqual(refused);
    const full = added + alone.kept;
    expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual({ first: full });
    await page.reload();
    expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual({ first: full });
    const again = await page.evaluate(addSingly, ["again", 5000] as const);
    expect(again.refusal).toEqual(refused);
    await limit(20 * QUOTA_BYTES);
    expect(await page.evaluate(addSingly, ["room", 1] as const)).toEqual({ kept: 1 });
    await page.reload();
    const last = full + again.kept + 1;
    expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual({ first: last });
  });
});

/** Run in the page: makes collections with some records each. */
async function makeCollections(names: readonly string[]) {
  const client = new killPage.PersistentClient({ path: "quota-indexeddb", backend: "indexeddb" });
  for (const name of names) {
    const collection = await client.createCollection({ name, embeddingFunction: null });
    const ids = Array.from({ length: 20 }, (_, i) => `id-${i}`);
    await collection.add({ ids, embeddings: ids.map((_, i) => new Float32Array(384).fill(i)) });
  }
}

/** Run in the page: deletes them, each alone. */
async function deleteCollections(names: readonly string[]) {
  const client = new killPage.PersistentClient({ path: "quota-indexeddb", backend: "indexeddb" });
  for (const name of names) await client.deleteCollection({ name });
}

const small = Array.from({ length: 8 }, (_, i) => `small-${i}`);

/** Chromium is moving IndexedDB from LevelDB, where deleting makes room late, to SQLite, where it does at once. */
test.each([
  ["LevelDB", ["--disable-features=IdbSqliteBackingStore,IdbSqliteOnDiskRollout"]],
  ["SQLite", ["--enable-features=IdbSqliteBackingStore"]],
])(
  "IndexedDB past its quota lets collections be deleted, with Chromium's %s below it",
  async (below, flags) => {
    await withQuota(async (page, limit) => {
      await page.evaluate(makeCollections, [...small, "kept"]);
      await page.evaluate(fill, of("indexeddb", "first"));
      expect((await page.evaluate(addSingly, ["alone", 1000] as const)).refusal).toEqual(refused);
      await page.evaluate(deleteCollections, ["first", ...small]);
      expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual({ kept: 20 });
      await page.reload();
      expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual({ kept: 20 });
      if (below === "LevelDB") await limit(20 * QUOTA_BYTES);
      const { added } = await page.evaluate(fill, of("indexeddb", "second", 3000));
      expect(added).toBeGreaterThan(1000);
      await page.reload();
      const left = { kept: 20, second: added };
      expect(await page.evaluate(countAll, "indexeddb" as Backend)).toEqual(left);
    }, flags);
  },
);
