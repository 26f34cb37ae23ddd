import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import type { BrowserConfigOptions } from "vitest/node";
import { chromiumFlags, findChromium } from "./scripts/browser.mjs";
import { chromadbPlugin } from "./scripts/build/chromadb.mjs";
import { missing } from "./test/firefox/firefox.ts";
import { firefoxProvider } from "./test/firefox/vitest-provider.ts";

const executablePath = findChromium();

/** Machines are shared: five seconds, the default, or fifteen in a browser, told how busy one was. */
const testTimeoutMs = 60_000;

/** The tests that run inside a page, in one browser. */
function inBrowser(
  name: string,
  { groupOrder, ...browser }: Pick<BrowserConfigOptions, "provider" | "instances"> & { groupOrder: number },
): TestProjectInlineConfiguration {
  return {
    // sql.js and the others are bundled before the first test: a late discovery reloads the page.
    plugins: [chromadbPlugin()],
    cacheDir: `node_modules/.vite/${name}`,
    optimizeDeps: {
      exclude: ["chromadb"],
      include: ["sql.js", "comlink", "idb-keyval", "re2js", "comlink/dist/esm/node-adapter", "fast-check"],
    },
    test: {
      name,
      sequence: { groupOrder },
      include: ["test/**/*.browser.test.ts"],
      testTimeout: testTimeoutMs,
      browser: { enabled: true, headless: true, screenshotFailures: false, ...browser },
    },
  };
}

export default defineConfig({
  test: {
    // One project after another: those with a browser of their own measure moments.
    projects: [
      "test/package/vitest.config.ts",
      "test/kill/vitest.config.ts",
      "test/tabs/vitest.config.ts",
      "test/demo/vitest.config.ts",
      "test/service-worker/vitest.config.ts",
      "test/firefox/vitest.config.ts",
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: [
            "**/node_modules/**",
            "test/**/*.browser.test.ts",
            "test/package/**",
            "test/kill/**",
            "test/tabs/**/*.chromium.test.ts",
            "test/demo/**",
            "test/service-worker/**",
            "test/firefox/**",
          ],
          environment: "node",
          pool: "threads",
          maxWorkers: 2,
          testTimeout: testTimeoutMs,
          sequence: { groupOrder: 0 },
        },
      },
      inBrowser("browser", {
        groupOrder: 1,
        provider: playwright({
          launchOptions: { ...(executablePath ? { executablePath } : {}), args: chromiumFlags },
        }),
        instances: [{ browser: "chromium" }],
      }),
      ...(missing === undefined
        ? [
            inBrowser("browser-firefox", {
              groupOrder: 6,
              provider: firefoxProvider(),
              instances: [{ browser: "firefox" }],
            }),
          ]
        : []),
    ],
  },
});
