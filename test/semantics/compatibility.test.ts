// docs/COMPATIBILITY.md has a row for each fact that differs, and names each export of the official client.

import { readFileSync } from "node:fs";
import * as chromadb from "chromadb";
import { expect, test } from "vitest";
import { listRestFacts } from "./rest/rest-facts.ts";
import { listFacts } from "./semantics.ts";

const markdown = readFileSync(new URL("../../docs/COMPATIBILITY.md", import.meta.url), "utf8");
const differences = markdown.slice(markdown.indexOf("## Differences"));
const rowIds = [...differences.matchAll(/^\| `([a-z0-9-]+)` /gm)].map(([, id]) => id);

test("each fact that differs from the server has a row, and each row an id of its own", () => {
  const named = new Set([...listFacts(), ...listRestFacts()].flatMap(({ row }) => row ?? []));
  expect(named.size).toBeGreaterThan(30);
  expect([...named].filter((id) => !rowIds.includes(id))).toEqual([]);
  expect(rowIds).toEqual([...new Set(rowIds)]);
});

test("a row that another text refers to exists", () => {
  const named = [...markdown.matchAll(/see ((?:`[a-z0-9-]+`(?:, )?)+)/g)].flatMap(([, list]) =>
    [...(list ?? "").matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((id) => !rowIds.includes(id))).toEqual([]);
});

test("each export of the official client is in the table of features", () => {
  const features = markdown.slice(0, markdown.indexOf("## Differences"));
  const named = new Set([...features.matchAll(/`([A-Za-z_]+)`/g)].map(([, name]) => name));
  expect(Object.keys(chromadb).filter((name) => !named.has(name))).toEqual([]);
  expect(Object.keys(chromadb)).toHaveLength(87);
});
