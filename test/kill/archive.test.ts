// Archives that leave the browser and come into it: by a download and a file input, with Node at the other end, and
// from a tab that follows another.

import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PersistentClient, type PersistentClientOptions } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { serveSite, withChromium, type ServedSite } from "./page-fixture.ts";
import type { KillPage } from "./page-script.ts";

declare const killPage: KillPage;

let site: ServedSite;
let folder: string;
beforeAll(async () => {
  site = await serveSite();
  folder = await mkdtemp(join(tmpdir(), "chromalite-archive-"));
});
afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

type Place = Pick<PersistentClientOptions, "path" | "backend">;

/** Run in the page: fills a path with more than one section of an archive. The client stays open. */
async function fill(place: Place): Promise<void> {
  const client = new killPage.PersistentClient(place);
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const ids = Array.from({ length: 1500 }, (_, i) => `id ${i}`);
  const embeddings = ids.map((_, i) => Array.from({ length: 256 }, (__, j) => Math.sin(i * 256 + j)));
  await notes.add({ ids, embeddings, documents: ids.map((id) => `document of ${id}`) });
  Object.assign(globalThis, { client, notes });
}

/** Run in the page, too: what the collection has, as text. */
async function contentsOf(notes: Awaited<ReturnType<PersistentClient["getCollection"]>>): Promise<string> {
  return JSON.stringify(await notes.get({ include: ["documents", "embeddings"] }));
}

/** What the functions that are sent to a page find there. */
interface OpenPage {
  readonly client: PersistentClient;
  readonly notes: Parameters<typeof contentsOf>[0];
}

/** Run in the page: has the browser download an archive of the open client. */
async function download(): Promise<void> {
  const { client } = globalThis as unknown as OpenPage;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await new Response(client.export()).blob());
  link.download = "notes.chromalite";
  link.click();
}

async function downloadTo(page: Page, file: string): Promise<void> {
  const [downloaded] = await Promise.all([page.waitForEvent("download"), page.evaluate(download)]);
  expect(downloaded.suggestedFilename()).toBe("notes.chromalite");
  await downloaded.saveAs(file);
}

/** Run in the page: imports what the user has chosen; the progress that was told, and the file's size. */
async function importChosen(place: Place): Promise<{ done: number[]; total: number[]; size: number }> {
  const file = document.querySelector("input")!.files![0]!;
  const done: number[] = [];
  const total: number[] = [];
  const client = await killPage.PersistentClient.import(file, {
    ...place,
    onProgress: (progress) => {
      done.push(progress.done);
      total.push(progress.total);
    },
  });
  Object.assign(globalThis, { client, notes: await client.getCollection({ name: "notes" }) });
  return { done, total, size: file.size };
}

async function contentsOfPage(page: Page): Promise<string> {
  return page.evaluate(
    contentsOf,
    await page.evaluateHandle(() => (globalThis as unknown as OpenPage).notes),
  );
}

test("a downloaded archive is imported by Node, and what Node exports by a page, on the other backend", () =>
  withChromium(async (context) => {
    const page = await site.loadPage(context);
    await page.evaluate(fill, { path: "downloaded", backend: "opfs" } as const);
    const contents = await contentsOfPage(page);
    await downloadTo(page, join(folder, "from-page"));

    const stream = Readable.toWeb(createReadStream(join(folder, "from-page"))) as NodeStream<Uint8Array>;
    const inNode = await PersistentClient.import(stream as ReadableStream<Uint8Array>, {
      path: join(folder, "path"),
      worker: inThreadWorker,
    });
    expect(await contentsOf(await inNode.getCollection({ name: "notes" }))).toBe(contents);
    await writeFile(join(folder, "from-node"), inNode.export());
    await inNode.close();

    await page.setContent('<input type="file">');
    await page.setInputFiles("input", join(folder, "from-node"));
    const { done, total, size } = await page.evaluate(importChosen, {
      path: "chosen",
      backend: "indexeddb",
    } as const);
    expect(done.length).toBeGreaterThan(2);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(size);
    expect(new Set(total)).toEqual(new Set([size]));
    expect(await contentsOfPage(page)).toBe(contents);
  }));

/** Run in the page: the first section of an export of a path that another tab leads, and how it is reached. */
async function beginExport(place: Place): Promise<string> {
  const client = new killPage.PersistentClient(place);
  await client.listCollections();
  const { reach } = await client.storage.info();
  const reader = client.export().getReader();
  const first = await reader.read();
  Object.assign(globalThis, { client, reader, pieces: [first.value] });
  return reach;
}

/** Run in the page: the rest of it, and what the collection has where it is imported. */
async function endExport(copyPath: string): Promise<{ code?: string | undefined; ids: string[] }> {
  const { reader, pieces } = globalThis as unknown as {
    reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
    pieces: Uint8Array<ArrayBuffer>[];
  };
  try {
    for (let next = await reader.read(); next.value; next = await reader.read()) pieces.push(next.value);
  } catch (error) {
    return { code: (error as { code?: string }).code, ids: [] };
  }
  const copy = await killPage.PersistentClient.import(new Blob(pieces), { path: copyPath });
  const { ids } = await (await copy.getCollection({ name: "notes" })).get({ include: [] });
  return { ids };
}

test("a tab that follows exports while the tab that leads writes, and hears when that one goes", () =>
  withChromium(async (context) => {
    const place = { path: "followed" };
    const leader = await site.loadPage(context);
    await leader.evaluate(fill, place);
    const follower = await site.loadPage(context);
    expect(await follower.evaluate(beginExport, place)).toBe("message-port");
    await leader.evaluate(async () => {
      const { notes } = globalThis as unknown as OpenPage;
      await notes.delete({ ids: ["id 0"] });
      await notes.add({ ids: ["late"], embeddings: [new Float32Array(256).fill(1)] });
    });
    const ids = Array.from({ length: 1500 }, (_, i) => `id ${i}`);
    expect(await follower.evaluate(endExport, "copy")).toEqual({ ids });

    await follower.evaluate(beginExport, place);
    await leader.close();
    expect(await follower.evaluate(endExport, "none")).toEqual({ code: "transfer-interrupted", ids: [] });
    // The follower leads now.
    expect(await follower.evaluate(beginExport, place)).toBe("own-worker");
    expect(await follower.evaluate(endExport, "again")).toEqual({ ids: [...ids.slice(1), "late"] });
  }));
