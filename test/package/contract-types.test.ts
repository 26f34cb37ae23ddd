// src/protocol/chroma-api.ts is generated and committed; here it is generated again and compared. The
// generator has a TypeScript of its own and is installed on demand, the only test that needs a registry.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, type TestContext } from "vitest";
import { root } from "./installed-package.ts";

const tool = join(root, "tools", "openapi");

/** Skips, and says so in the report, where the generator is not there and cannot be had. */
async function mustHaveGenerator({ skip }: TestContext): Promise<void> {
  if (existsSync(join(tool, "node_modules", "openapi-typescript"))) return;
  try {
    await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: tool });
  } catch (error) {
    if (!/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/.test(String(error))) throw error;
    skip("the npm registry cannot be reached, and tools/openapi is not installed");
  }
}

test("the committed types are those of the contract", async (context) => {
  await mustHaveGenerator(context);
  const { stdout } = await promisify(execFile)(process.execPath, ["generate.mjs", "--print"], {
    cwd: tool,
    maxBuffer: 2 ** 24,
  });
  expect(stdout).toBe(readFileSync(join(root, "src", "protocol", "chroma-api.ts"), "utf8"));
});
