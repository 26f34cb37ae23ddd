import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumFlags, findChromium } from "./scripts/browser.mjs";
import { chromadbPlugin } from "./scripts/build/chromadb.mjs";

const executablePath = findChromium();

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
          sequence: { groupOrder: 0 },
        },
      },
      {
        // sql.js and the others are bundled before the first test: a late discovery reloads the page.
        plugins: [chromadbPlugin()],
        optimizeDeps: {
          exclude: ["chromadb"],
          include: [
            "sql.js",
            "comlink",
            "idb-keyval",
            "re2js",
            "comlink/dist/esm/node-adapter",
            "fast-check",
          ],
        },
        test: {
          name: "browser",
          sequence: { groupOrder: 1 },
          include: ["test/**/*.browser.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(executablePath ? { executablePath } : {}), args: chromiumFlags },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
