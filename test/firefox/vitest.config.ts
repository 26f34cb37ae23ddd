// The durability tests' short form in Firefox, which runs the built package in dist/: `npm run build`
// comes first. Skipped where there is no Firefox.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "firefox",
    root: new URL("../../", import.meta.url).pathname,
    include: ["test/firefox/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 1,
    sequence: { groupOrder: 5 },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
