// Every `ts` block of the README and of docs/ is type-checked, run, and prints what is said behind it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { packageEntries, parseCodeBlocks, placeOf, toModule } from "./code-blocks.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(import.meta.dirname, ".cache/node");
const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const examples = documents.flatMap((document) =>
  parseCodeBlocks(readFileSync(join(root, document), "utf8"))
    .filter((block) => placeOf(block) !== undefined)
    .map((block) => ({
      ...block,
      place: placeOf(block),
      title: `${document}:${block.line}`,
      file: join(folder, `${basename(document, ".md")}-${block.line}.ts`),
    })),
);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const entries = packageEntries(packageJson.name, packageJson.exports, "../../../../");
for (const example of examples) writeFileSync(example.file, toModule(example, entries));

test("the documents have examples at all", () => {
  expect(documents).toContain("README.md");
  expect(examples.length).toBeGreaterThan(0);
});

test("every example passes the type checker", { timeout: 60_000 }, () => {
  const config = join(folder, "tsconfig.json");
  writeFileSync(
    config,
    JSON.stringify({ extends: "../../../../tsconfig.json", include: ["*.ts"], exclude: [] }),
  );
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
    stdio: "inherit",
  });
});

describe.each(examples.filter(({ place }) => place === "node"))("$title", ({ file, output }) => {
  test("runs and prints what is said", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    await import(/* @vite-ignore */ file);
    const printed = log.mock.calls.map((values) => values.join(" ")).join("\n");
    log.mockRestore();
    expect(printed).toBe(output ?? "");
  });
});

describe("the parser of examples", () => {
  const fence = "```";
  test("finds blocks with their line, and the output that stands right behind", () => {
    const markdown = `a\n${fence}ts\nlet a = 1;\n${fence}\n\n${fence}text\n1\n2\n${fence}\n`;
    const [example, text] = parseCodeBlocks(markdown);
    expect(example).toEqual({ info: "ts", code: "let a = 1;", line: 2, output: "1\n2" });
    expect(text).toMatchObject({ info: "text", output: undefined });
  });

  test("does not take text for output that has a sentence before it", () => {
    const markdown = `${fence}ts\n1;\n${fence}\nFiles:\n${fence}text\nlog-0\n${fence}`;
    expect(parseCodeBlocks(markdown)[0]).toMatchObject({ output: undefined });
  });

  test("runs `ts` in Node, `ts browser` in a page, and nothing else", () => {
    const [a, b, c] = parseCodeBlocks(
      `${fence}ts\n${fence}\n${fence}ts browser\n${fence}\n${fence}sh\n${fence}`,
    );
    expect([placeOf(a!), placeOf(b!), placeOf(c!)]).toEqual(["node", "browser", undefined]);
  });

  test("refuses a block that is not closed", () => {
    expect(() => parseCodeBlocks(`\n${fence}ts\nlet a;`)).toThrow("opened in line 2 is not closed");
  });

  test("finds the package's entries as package.json names them", () => {
    const exports = { ".": { types: "./dist/a.d.ts", default: "./dist/a.js" }, "./embed": "./dist/b.js" };
    expect([...packageEntries("example", exports, "../")]).toEqual([
      ["example", "../dist/a.js"],
      ["example/embed", "../dist/b.js"],
    ]);
  });

  test("turns imports of the package into its built files, and nothing else", () => {
    const code = `import { A } from "example";\nimport "example/embed";\nconst name = "example";`;
    const entries = new Map([
      ["example", "../a.js"],
      ["example/embed", "../b.js"],
    ]);
    expect(toModule({ info: "ts", line: 1, output: undefined, code }, entries)).toBe(
      `import { A } from "../a.js";\nimport "../b.js";\nconst name = "example";\nexport {};\n`,
    );
  });
});
