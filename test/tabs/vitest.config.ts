// Several tabs of one path, in a real browser that runs the built package in dist/: `npm run build` comes
// first. Apart from the other tests, since moments are measured and a browser has the machine to itself.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "tabs",
    root: new URL("../../", import.meta.url).pathname,
    include: ["test/tabs/*.chromium.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 1,
    sequence: { groupOrder: 4 },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
