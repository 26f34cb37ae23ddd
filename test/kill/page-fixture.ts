// Profiles and pages of a site for the tests of one file.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright";
import { serveFolder } from "../package/static-server.ts";
import { launchChromium } from "./chromium.ts";
import { makeSite } from "./site.ts";

export interface ServedSite {
  readonly url: string;
  loadPage(context: BrowserContext): Promise<Page>;
  close(): Promise<void>;
}

/** The site on a port of its own: one origin for all browsers that are started after each other. */
export async function serveSite(scripts?: readonly URL[]): Promise<ServedSite> {
  const site = await makeSite(scripts);
  const server = await serveFolder(site.folder);
  return {
    url: server.url,
    async loadPage(context) {
      const page = await context.newPage();
      await page.goto(server.url);
      return page;
    },
    async close() {
      await server.close();
      await site.remove();
    },
  };
}

/** Runs `use` with a new folder for a browser's profile. */
export async function withProfile(use: (profile: string) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), "chromalite-profile-"));
  try {
    await use(profile);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs `use` with a browser that has a new profile. @param flags  of the browser's, beside those of all tests */
export async function withChromium(
  use: (context: BrowserContext) => Promise<void>,
  flags?: readonly string[],
): Promise<void> {
  await withProfile(async (profile) => {
    const { context } = await launchChromium(profile, { flags });
    try {
      await use(context);
    } finally {
      await context.close();
    }
  });
}
