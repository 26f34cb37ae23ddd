// Every link of a document to a file of the repository leads to one.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const documents = [
  "README.md",
  "CHANGELOG.md",
  "bench/RESULTS.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Targets of `[text](target)` that are no addresses, without what stands behind `#`. */
function linkedFiles(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

test("addresses and places in the same document are no files", () => {
  const markdown = "[a](https://example.org) [b](#here) [c](docs/C.md#there) ![d](d.png)";
  expect(linkedFiles(markdown)).toEqual(["docs/C.md", "d.png"]);
});

test.each(documents)("every link of %s leads to a file", (document) => {
  const missing = linkedFiles(readFileSync(join(root, document), "utf8")).filter(
    (target) => !existsSync(join(root, dirname(document), target)),
  );
  expect(missing).toEqual([]);
});
