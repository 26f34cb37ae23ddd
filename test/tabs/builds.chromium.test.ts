// Two builds of the library on one path, as after an update that not every tab has loaded: the older one makes
// room, whichever was first. What it had begun is answered or refused by name, and never both lost and told as done.

import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveSite, type ServedSite } from "../kill/page-fixture.ts";
import { withPlainChromium } from "./plain-chromium.ts";
import { scripts } from "./tabs-fixture.ts";

/** More than an engine is given at a time, so that some calls wait in the page. */
const STREAMS = 80;

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite(scripts);
});
afterAll(() => site.close());

/** Outcomes by id: "stored", or the code of the error. */
type Outcomes = Readonly<Record<string, string>>;

interface BuildPage {
  outcomes: Promise<Outcomes>;
}

/** Runs in the page before its scripts: tabs hear it as a build whose handshake is `offset` away from this one's. */
function speakAs(offset: number): void {
  const shift = (data: unknown, by: number): unknown => {
    const message = data as { chromalite?: unknown; version: number };
    return message.chromalite === "tabs" ? { ...message, version: message.version + by } : data;
  };
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    override postMessage(data: unknown): void {
      super.postMessage(shift(data, offset));
    }
    override addEventListener(type: string, listener: unknown, options?: unknown): void {
      const heard = ({ data }: MessageEvent): void =>
        (listener as (event: MessageEvent) => void)(new MessageEvent(type, { data: shift(data, -offset) }));
      super.addEventListener(type, heard as EventListener, options as AddEventListenerOptions);
    }
  };
}

async function loadBuild(context: BrowserContext, offset: number): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(speakAs, offset);
  await page.goto(site.url);
  await page.waitForFunction(() => "tabPage" in globalThis);
  return page;
}

async function openBuild(context: BrowserContext, offset: number): Promise<Page> {
  const page = await loadBuild(context, offset);
  await page.evaluate(() => tabPage.open("builds"));
  return page;
}

/** Adds in many streams at once, each until it is refused. */
function addUntilRefused(page: Page, name: string): Promise<void> {
  return page.evaluate(
    ([prefix, streams]) => {
      const outcomes: Record<string, string> = {};
      const add = async (stream: number): Promise<void> => {
        for (let i = 0; ; i++) {
          const id = `${prefix} ${stream} ${i}`;
          const adding = tabPage.notes.add({ ids: [id], embeddings: [[stream, i]] });
          outcomes[id] = await adding.then(
            () => "stored",
            (error: Error & { code?: string }) => error.code ?? error.message,
          );
          if (outcomes[id] !== "stored") return;
        }
      };
      const all = Promise.all(Array.from({ length: streams }, (_, stream) => add(stream)));
      Object.assign(globalThis, { outcomes: all.then(() => outcomes) });
    },
    [name, STREAMS] as const,
  );
}

function outcomesOf(page: Page): Promise<Outcomes> {
  return page.evaluate(() => (globalThis as unknown as BuildPage).outcomes);
}

function storedIds(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await tabPage.notes.get({ include: [] })).ids);
}

function reachOf(page: Page): Promise<string> {
  return page.evaluate(async () => (await tabPage.client.storage.info()).reach);
}

/** What a call of the page is told. */
function complaint(page: Page): Promise<string> {
  return page.evaluate(() =>
    tabPage.client.heartbeat().then(
      () => "none",
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    ),
  );
}

const reload = expect.stringMatching(/^build-outdated: .*reload the page/) as unknown;

test("older builds that lead and follow make room for a newer one, and nothing that they were told is lost", () =>
  withPlainChromium(async (context) => {
    const leader = await openBuild(context, -1);
    const follower = await openBuild(context, -1);
    expect([await reachOf(leader), await reachOf(follower)]).toEqual(["own-worker", "message-port"]);
    const older = [leader, follower];
    await Promise.all(older.map((page, i) => addUntilRefused(page, `older ${i}`)));
    const newer = await openBuild(context, 0);
    await newer.evaluate(() => tabPage.notes.add({ ids: ["newer"], embeddings: [[0, 0]] }));
    expect(await reachOf(newer)).toBe("own-worker");
    const outcomes: Outcomes = Object.assign({}, ...(await Promise.all(older.map(outcomesOf))));
    const told = Object.entries(outcomes).filter(([, outcome]) => outcome === "stored");
    expect(told.length).toBeGreaterThan(STREAMS);
    expect(new Set(Object.values(outcomes))).toEqual(new Set(["stored", "build-outdated"]));
    const ids = await storedIds(newer);
    expect(ids.toSorted()).toEqual([...told.map(([id]) => id), "newer"].toSorted());
    for (const page of older) expect(await complaint(page)).toEqual(reload);
    // Loaded anew it is of the newer build, and follows.
    await leader.close();
    const reloaded = await openBuild(context, 0);
    expect([await reachOf(reloaded), await complaint(reloaded)]).toEqual(["message-port", "none"]);
  }));

test("an older build that comes to a newer one is told to reload, and touches nothing", () =>
  withPlainChromium(async (context) => {
    const newer = await openBuild(context, 1);
    await newer.evaluate(() => tabPage.notes.add({ ids: ["newer"], embeddings: [[0, 0]] }));
    const older = await loadBuild(context, 0);
    const opening = older.evaluate(() =>
      tabPage.open("builds").then(
        () => "opened",
        (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
      ),
    );
    expect(await opening).toEqual(reload);
    await newer.evaluate(() => tabPage.notes.add({ ids: ["still newer"], embeddings: [[0, 1]] }));
    expect(await storedIds(newer)).toEqual(["newer", "still newer"]);
    expect(await reachOf(newer)).toBe("own-worker");
    // Nor once nobody leads: it is not its turn any more.
    await newer.close();
    const held = await older.evaluate(async () =>
      (await navigator.locks.query()).held?.map(({ name }) => name),
    );
    expect(held).not.toContain("chromalite:builds");
    const next = await openBuild(context, 1);
    expect(await storedIds(next)).toEqual(["newer", "still newer"]);
  }));

test("a newer build that was put away while an older one opened the path takes it back, losing nothing", () =>
  withPlainChromium(async (context) => {
    const newer = await openBuild(context, 1);
    await newer.evaluate(() => tabPage.notes.add({ ids: ["newer"], embeddings: [[0, 0]] }));
    await newer.evaluate(() => (location.search = "away"));
    await newer.waitForURL("**/?away");
    const older = await openBuild(context, 0);
    expect(await reachOf(older)).toBe("own-worker");
    await addUntilRefused(older, "older");
    await newer.evaluate(() => history.back());
    await newer.waitForURL((url) => url.search === "", { waitUntil: "commit" });
    const outcomes = await outcomesOf(older);
    expect(new Set(Object.values(outcomes))).toEqual(new Set(["stored", "build-outdated"]));
    const told = Object.keys(outcomes).filter((id) => outcomes[id] === "stored");
    expect((await storedIds(newer)).toSorted()).toEqual([...told, "newer"].toSorted());
  }));
