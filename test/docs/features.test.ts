// docs/COMPATIBILITY.md names every public member of the official client's classes and each of Python's
// clients; README.md and it together name every setting, as the table in the code has it.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AdminClient, ChromaClient } from "chromadb";
import { expect, test } from "vitest";
import { variableOf } from "../../src/clients/settings.ts";
import { acceptedSettings, heededSettings } from "../../src/clients/settings-table.ts";

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const features = read("docs/COMPATIBILITY.md").split("## Differences")[0] ?? "";

/** The part below a heading, up to the next of any level. */
function sectionOf(markdown: string, heading: string): string {
  const [, section] = markdown.split(`### ${heading}\n`);
  expect(section, heading).toBeDefined();
  return section?.split(/^#{2,3} /m)[0] ?? "";
}

const namesIn = (text: string): string[] => [...text.matchAll(/`(\w+)[`(]/g)].map(([, name]) => name ?? "");

/** Methods and accessors of a class and of those that it extends; what begins with "_" is marked internal. */
function publicNames(prototype: object): string[] {
  const parent = Object.getPrototypeOf(prototype) as object;
  const own = Object.getOwnPropertyNames(prototype).filter(
    (name) => name !== "constructor" && !name.startsWith("_"),
  );
  return parent === Object.prototype ? own : [...own, ...publicNames(parent)];
}

/** Members of the official interface: the class behind it has private ones too, which nothing tells apart. */
function collectionMembers(): string[] {
  const declarations = readFileSync(
    fileURLToPath(import.meta.resolve("chromadb")).replace(/\.mjs$/, ".d.ts"),
    "utf8",
  );
  const [, body = ""] = /^interface Collection \{\n(.*?)^\}/ms.exec(declarations) ?? [];
  return [...body.matchAll(/^ {4}(\w+)[?]?[:(<]/gm)].map(([, name]) => name ?? "");
}

test.each([
  ["a client", publicNames(ChromaClient.prototype), ["Methods of a client"], 20],
  ["an admin client", publicNames(AdminClient.prototype), ["Methods of an admin client"], 6],
  ["a collection", collectionMembers(), ["Methods of a collection", "Fields of a collection"], 21],
])("every public member of %s is in the table of features", (_, names, headings, least) => {
  const named = headings.flatMap((heading) => namesIn(sectionOf(features, heading)));
  expect(names.length).toBeGreaterThanOrEqual(least);
  expect(names.filter((name) => !named.includes(name))).toEqual([]);
});

test("each of Python's clients is in the table of features", () => {
  const named = namesIn(sectionOf(features, "Clients"));
  const clients = ["PersistentClient", "EphemeralClient", "HttpClient", "AsyncHttpClient", "CloudClient"];
  for (const name of [...clients, "AdminClient", "Client"]) expect(named).toContain(name);
});

test("README's table of settings is that of the code", () => {
  const rows = sectionOf(read("README.md"), "Settings")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const table = Object.entries(heededSettings).map(([name, { kind, byDefault }]) => [
    `\`${name}\``,
    kind.expected,
    byDefault === undefined ? "" : `\`${JSON.stringify(byDefault)}\``,
    `\`${variableOf(name)}\``,
  ]);
  const cells = rows.map(([, name, value, byDefault, variable]) => [
    name,
    value,
    byDefault,
    variable?.replace(" (JSON)", ""),
  ]);
  expect(cells).toEqual(table);
  for (const row of rows) expect(row[5], row[1]).toMatch(/\w/);
});

test("the settings without effect are those of the code", () => {
  const section = sectionOf(features, "Settings without effect");
  const listed = namesIn(section.slice(0, section.indexOf(".\n")));
  expect(listed).toEqual(Object.keys(acceptedSettings));
});
