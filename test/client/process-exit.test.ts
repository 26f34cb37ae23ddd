// A script must end by itself, without close(), and must not end while a call is open.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFixture, type BundledFixture } from "./bundle-fixture.ts";

let worker: BundledFixture;
let script: BundledFixture;
beforeAll(async () => {
  worker = await bundleFixture(new URL("fake-worker.ts", import.meta.url));
  script = await bundleFixture(new URL("unclosed-script.ts", import.meta.url));
});
afterAll(() => Promise.all([worker.remove(), script.remove()]));

test("a Node script ends by itself without close(), after its calls were answered", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script.url.pathname, worker.url.href], {
    // Bundled outside the project, it finds its dependency here.
    cwd: process.cwd(),
    timeout: 20_000,
  });
  expect(stdout.trim()).toBe("1 record");
});
