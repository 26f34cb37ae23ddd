// The demo as a visitor has it: the built page in a real Chromium. In one worker, since a second test
// beside would make the page's tasks longer than they are.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "demo",
    root: new URL("../../", import.meta.url).pathname,
    include: ["test/demo/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 1,
    sequence: { groupOrder: 4 },
    testTimeout: 60_000,
    hookTimeout: 600_000,
  },
});
