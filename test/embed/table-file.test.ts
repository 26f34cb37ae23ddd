// The table is committed, so its description must be that of the file.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const file = readFileSync(new URL("../../src/embed/english.bin", import.meta.url));
const description = readFileSync(new URL("../../src/embed/README.md", import.meta.url), "utf8");

test("the table has the checksum and the size that its README tells", () => {
  expect(description).toContain(createHash("sha256").update(file).digest("hex"));
  expect(description).toContain(`${file.length} bytes`);
});

test("the table takes at most 3 MB of a download", () => {
  expect(file.length).toBeLessThanOrEqual(3_000_000);
});
