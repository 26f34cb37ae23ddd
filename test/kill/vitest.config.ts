// Real kills, of browsers and processes that run the built package in dist/: `npm run build` comes
// first. Apart from the other tests, since each kill costs a second or two.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "kill",
    root: new URL("../../", import.meta.url).pathname,
    include: ["test/kill/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    // One browser at a time: the moment of a kill is measured in milliseconds.
    maxWorkers: 1,
    sequence: { groupOrder: 3 },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
