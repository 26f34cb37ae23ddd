// Each known fact of Chroma has its cases, and each case is there.

import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { chromaFacts } from "./chroma-facts/table.ts";
import { listRestFacts } from "./rest/rest-facts.ts";
import { listFacts } from "./semantics.ts";

const cases = Object.values(chromaFacts).flatMap((facts) => Object.values(facts));

test("no fact is without a case", () => {
  expect(cases.length).toBeGreaterThan(120);
  expect(cases.filter((titles) => titles.length === 0)).toEqual([]);
});

test("each case is a fact that is run, or a file that is there", () => {
  const titles = new Set([...listFacts(), ...listRestFacts()].map(({ title }) => title));
  const repository = new URL("../../", import.meta.url);
  const isThere = (title: string): boolean =>
    title.startsWith("test/") ? existsSync(new URL(title, repository)) : titles.has(title);
  expect(cases.flat().filter((title) => !isThere(title))).toEqual([]);
});

test("each fact about the REST API is a case of something known or has a row, and a title of its own", () => {
  const named = new Set(cases.flat());
  const facts = listRestFacts();
  expect(facts.filter(({ title, row }) => !named.has(title) && row === undefined)).toEqual([]);
  const titles = facts.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});
