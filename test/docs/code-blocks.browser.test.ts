/// <reference types="vite/client" />
// The `ts browser` blocks of the README and of docs/, each run as a module of a page.
import { describe, expect, test, vi } from "vitest";
import { server } from "vitest/browser";
import packageJson from "../../package.json" with { type: "json" };
import { packageEntries, parseCodeBlocks, placeOf, toModule } from "./code-blocks.ts";

const documents: Record<string, string> = import.meta.glob(["../../README.md", "../../docs/*.md"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const entries = packageEntries(packageJson.name, packageJson.exports, "../../../../");
const examples = Object.entries(documents).flatMap(([path, markdown]) => {
  const name = path.replace(/^.*\//, "").replace(/\.md$/, "");
  return parseCodeBlocks(markdown)
    .filter((block) => placeOf(block) === "browser")
    .map((block) => ({
      ...block,
      title: `${name}.md:${block.line}`,
      file: `.cache/browser/${name}-${block.line}.ts`,
    }));
});

test("the documents are found", () => {
  expect(Object.keys(documents)).toContain("../../README.md");
});

describe.each(examples)("$title", (example) => {
  test("runs and prints what is said", async () => {
    await server.commands.writeFile(`test/docs/${example.file}`, toModule(example, entries));
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    await import(/* @vite-ignore */ new URL(example.file, import.meta.url).href);
    const printed = log.mock.calls.map((values) => values.join(" ")).join("\n");
    log.mockRestore();
    expect(printed).toBe(example.output ?? "");
  });
});
