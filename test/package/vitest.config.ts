// The package as its users get it: run on dist/ after a build, in a project of its own since each test
// packs, installs and bundles. `npm test` builds first.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "package",
    root: new URL("../../", import.meta.url).pathname,
    include: ["test/package/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 1,
    sequence: { groupOrder: 2 },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
