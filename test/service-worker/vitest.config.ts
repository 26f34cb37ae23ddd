// Service Workers of the package as built, in a real Chromium: one test after another, since each has a
// browser profile and a server of its own. `npm test` builds first.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "service-worker",
    root: new URL("../../", import.meta.url).pathname,
    include: ["test/service-worker/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 1,
    sequence: { groupOrder: 5 },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
