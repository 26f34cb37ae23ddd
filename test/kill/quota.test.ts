// A quota that is used up, in a real browser: a write that does not fit is refused whole, reading goes on,
// and once there is room writing does; on OPFS deleting makes room.

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

/** Run in the page: adds to a new collection until that is refused, and says what was. */
async function fill([backend, name]: readonly [Backend, string]) {
  const client = new killPage.PersistentClient({ path: `quota-${backend}`, backend });
  const collection = await client.createCollection({ name, embeddingFunction: null });
  for (let from = 0; from < 100_000; from += 50) {
    const ids = Array.from({ length: 50 }, (_, i) => `id-${from + i}`);
    const embeddings = ids.map((_, i) => new Float32Array(384).fill(from + i));
    const refusal = await collection.add({ ids, embeddings }).then(
      () => undefined,
      (error: Error & { code?: string }) => ({ name: error.name, code: error.code, added: from }),
    );
    if (refusal) return refusal;
  }
  throw new Error("the quota was never used up");
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

const of = (backend: Backend, name: string): readonly [Backend, string] => [backend, name];

const refused = { name: "ChromaQuotaExceededError", code: "storage-full" };

async function withQuota(use: (page: Page, limit: (bytes: number) => Promise<void>) => Promise<void>) {
  await withChromium(async (context) => {
    const page = await site.loadPage(context);
    const session = await context.newCDPSession(page);
    const { origin } = new URL(page.url());
    const limit = async (quotaSize: number): Promise<void> => {
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
    };
    await limit(QUOTA_BYTES);
    await use(page, limit);
  });
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
  const embeddings = [new Float32Array(384).fill(1)];
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
