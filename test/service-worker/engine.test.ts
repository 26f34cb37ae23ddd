// An engine inside the Service Worker: pages with Chroma's plain HTTP client go on without a network, and
// what was acknowledged is there however often the Service Worker is ended.

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, register, startOf, withSite } from "./site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Adds three notes with the plain client. */
function addNotes(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { ChromaClient } = window.chromalite;
    const client = new ChromaClient({ host: location.hostname, port: Number(location.port), ssl: false });
    const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
    await notes.add({
      ids: ["tea", "rust", "moon"],
      embeddings: [
        [1, 0.1, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      documents: ["Green tea", "Borrowing", "The Moon"],
      metadatas: [{ year: 1.5 }, { year: 2 }, { topic: "sky" }],
    });
  });
}

/** One answer that needs rows, vectors, a filter and a regular expression. */
function askNotes(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const { ChromaClient } = window.chromalite;
    const client = new ChromaClient({ host: location.hostname, port: Number(location.port), ssl: false });
    const notes = await client.getCollection({ name: "notes" });
    const near = await notes.query({ queryEmbeddings: [[1, 0, 0]], nResults: 2 });
    const matched = await notes.get({ whereDocument: { $regex: "^B.*g$" }, include: ["embeddings"] });
    const early = await notes.get({ where: { year: { $lt: 2 } }, include: ["metadatas"] });
    return {
      near: [near.ids, near.documents, near.distances],
      matched: [matched.ids, matched.embeddings],
      early: [early.ids, early.metadatas],
    };
  });
}

const answer = {
  near: [[["tea", "rust"]], [["Green tea", "Borrowing"]], [[expect.closeTo(0.01, 6), 2]]],
  matched: [["rust"], [[0, 1, 0]]],
  early: [["tea"], [{ year: 1.5 }]],
};

test.each([
  ["module", "module"],
  ["classic", "classic"],
] as const)(
  "a %s Service Worker that was stopped answers again without a network, after a reload and on a second page",
  (name, type) =>
    withSite(browser, async ({ openPage, stopServiceWorkers, goOffline }) => {
      const page = await openPage();
      await register(page, `./${name}.js`, type);
      await addNotes(page);
      expect(await askNotes(page)).toEqual(answer);
      const before = await startOf(page);

      await goOffline();
      await stopServiceWorkers();
      expect(await askNotes(page)).toEqual(answer);
      expect(await startOf(page)).not.toBe(before);

      await page.reload();
      expect(await askNotes(page)).toEqual(answer);
      expect(await askNotes(await openPage())).toEqual(answer);
    }),
);

test("the official client's errors are those of a server", () =>
  withSite(browser, async ({ openPage }) => {
    const page = await openPage();
    await register(page, "./module.js");
    await addNotes(page);
    const errors = await page.evaluate(async () => {
      const { ChromaClient } = window.chromalite;
      const client = new ChromaClient({ host: location.hostname, port: Number(location.port), ssl: false });
      const notes = await client.getCollection({ name: "notes" });
      const calls = [
        client.getCollection({ name: "absent" }),
        client.createCollection({ name: "notes", embeddingFunction: null }),
        notes.add({ ids: ["flat"], embeddings: [[1, 2]] }),
        notes.fork({ name: "copy" }),
      ];
      return (await Promise.allSettled(calls)).map((call) =>
        call.status === "rejected" ? String(call.reason).replace(/http\S+/, "URL") : "fulfilled",
      );
    });
    expect(errors).toEqual([
      "ChromaNotFoundError: The requested resource could not be found",
      "ChromaUniqueError: The resource already exists",
      "ChromaClientError: Bad request to URL with status: Collection expecting embedding with dimension of 3, got 2",
      expect.stringMatching(/^ChromaServerError: /),
    ]);
  }));

test("while another has the path open the answer says so, and the next one after it is let go is an answer", () =>
  withSite(browser, async ({ openPage, stopServiceWorkers }) => {
    const page = await openPage();
    await register(page, "./module.js");
    await addNotes(page);
    await stopServiceWorkers();
    const locked = await page.evaluate(async () => {
      let letGo = (): void => undefined;
      await new Promise<void>((held) => {
        void navigator.locks.request("chromalite:notes", () => {
          held();
          return new Promise<void>((release) => {
            letGo = release;
          });
        });
      });
      const response = await fetch("/api/v2/tenants/default_tenant");
      letGo();
      return { status: response.status, body: (await response.json()) as unknown };
    });
    expect(locked).toEqual({
      status: 503,
      body: {
        error: "InternalError",
        code: "path-locked",
        message: expect.stringContaining('"notes" is open in another tab') as string,
      },
    });
    expect(await askNotes(page)).toEqual(answer);
  }));

test("a page that opens the path for itself gets it, and the Service Worker has it again afterwards", () =>
  withSite(browser, async ({ openPage }) => {
    const page = await openPage();
    await register(page, "./module.js");
    await addNotes(page);
    const seen = await page.evaluate(async () => {
      const { PersistentClient } = window.chromalite;
      const client = new PersistentClient({ path: "./notes", backend: "indexeddb" });
      const notes = await client.getCollection({ name: "notes" });
      const { ids } = await notes.get();
      const { status } = await fetch("/api/v2/tenants/default_tenant");
      await client.close();
      return { ids, status };
    });
    expect(seen).toEqual({ ids: ["tea", "rust", "moon"], status: 503 });
    expect(await askNotes(page)).toEqual(answer);
  }));

test("a new version of the Service Worker takes the path over from the old one", () =>
  withSite(browser, async ({ folder, openPage }) => {
    const page = await openPage();
    await register(page, "./module.js");
    await addNotes(page);
    const before = await startOf(page);
    const script = join(folder, "keep-page.js");
    await writeFile(script, `${await readFile(script, "utf8")}\n// Another version.\n`);
    await page.evaluate(async () => {
      const replaced = new Promise((resolve) =>
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }),
      );
      await (await navigator.serviceWorker.ready).update();
      await replaced;
    });
    expect(await askNotes(page)).toEqual(answer);
    expect(await startOf(page)).not.toBe(before);
  }));

test("stopped ten times while a page writes, it has lost nothing that was acknowledged", () =>
  withSite(browser, async ({ openPage, stopServiceWorkers }) => {
    const page = await openPage();
    await register(page, "./module.js");
    const stopping = async (): Promise<void> => {
      for (let stop = 0; stop < 10; stop += 1) {
        await page.evaluate(waitForWrites, 1 + (stop % 5));
        await stopServiceWorkers();
      }
      await page.evaluate(() => {
        (window as unknown as Writer).isOver = true;
      });
    };
    const [{ acknowledged, kept }] = await Promise.all([page.evaluate(writeUntilOver), stopping()]);
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(acknowledged.filter((id) => !kept.includes(id))).toEqual([]);
  }));

/** What a page that writes and its test tell each other. */
interface Writer {
  acknowledged: string[];
  isOver: boolean;
  /** Called after each write that was acknowledged. */
  onWrite(): void;
}

/** Runs in the page: adds until it is told to end; what was acknowledged, and what is there then. */
async function writeUntilOver(): Promise<{ acknowledged: string[]; kept: string[] }> {
  const { ChromaClient, ChromaConnectionError } = window.chromalite;
  const writer = Object.assign(window, {
    acknowledged: [],
    isOver: false,
    onWrite() {},
  }) as unknown as Writer;
  const client = new ChromaClient({ host: location.hostname, port: Number(location.port), ssl: false });
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  for (let write = 0; !writer.isOver; write += 1) {
    try {
      await notes.add({ ids: [String(write)], embeddings: [[write, 1]] });
    } catch (error) {
      // The Service Worker was ended before it had answered: nobody was told that the write is kept.
      if (error instanceof ChromaConnectionError || error instanceof TypeError) continue;
      throw error;
    }
    writer.acknowledged.push(String(write));
    writer.onWrite();
  }
  return { acknowledged: writer.acknowledged, kept: (await notes.get()).ids };
}

/** Runs in the page: resolves after so many more writes. */
function waitForWrites(count: number): Promise<void> {
  const writer = window as unknown as Writer;
  return new Promise((resolve) => {
    let left = count;
    writer.onWrite = () => {
      left -= 1;
      if (left === 0) resolve();
    };
  });
}

test("files of an earlier build are removed, those of another Service Worker are not", () =>
  withSite(browser, async ({ openPage, url }) => {
    const page = await openPage();
    const others = [`chromalite:${url}elsewhere/:000000000000`, "application"];
    await page.evaluate(
      (names) => Promise.all(names.map((name) => caches.open(name))),
      [`chromalite:${url}:000000000000`, ...others],
    );
    await register(page, "./module.js");
    const names = await page.evaluate(() => caches.keys());
    const own = names.filter((name) => name.startsWith(`chromalite:${url}:`));
    expect(own).toEqual([expect.stringMatching(/:(?!0{12})[0-9a-f]{12}$/)]);
    expect(names).toEqual(expect.arrayContaining(others));
  }));

test("a Service Worker that cannot keep a file is not installed", () =>
  withSite(browser, async ({ folder, openPage }) => {
    const page = await openPage();
    await rm(join(folder, "chromalite", "hnsw.wasm"));
    const state = await page.evaluate(async () => {
      const { installing } = await navigator.serviceWorker.register("./prefixed.js", { type: "module" });
      return new Promise((resolve) => {
        installing!.addEventListener("statechange", () => resolve(installing!.state), { once: true });
      });
    });
    expect(state).toBe("redundant");
  }));

test("other requests go where they would have gone, and a prefix moves the API", () =>
  withSite(browser, async ({ openPage }) => {
    const page = await openPage();
    await register(page, "./prefixed.js");
    const statuses = await page.evaluate(async () => {
      const paths = [
        "/stored/api/v2/heartbeat",
        "/api/v2/heartbeat",
        "/stored/api/v1/heartbeat",
        "/index.html",
      ];
      return Promise.all(paths.map(async (path) => (await fetch(path)).status));
    });
    expect(statuses).toEqual([200, 404, 404, 200]);
  }));
