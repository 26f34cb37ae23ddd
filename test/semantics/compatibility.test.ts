// docs/COMPATIBILITY.md has a row for each fact that differs, and names each export of the official client.

import { readFileSync } from "node:fs";
import * as chromadb from "chromadb";
import { expect, test } from "vitest";
import { listRestFacts } from "./rest/rest-facts.ts";
import { differences as shownByReplies, unshown } from "../parity/differences/table.ts";
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

/** Rows about what clients are made with: no reply shows them, these tests do. */
const clientCases: Readonly<Record<string, readonly [file: string, title: string]>> = {
  "first-call": [
    "client/http-client.test.ts",
    "a server that is not there is the official error, at the first call",
  ],
  "http-arguments": [
    "client/http-client.test.ts",
    "settings say where the server is, and may not contradict an argument",
  ],
  "cloud-scope": [
    "cloud/cloud-client.test.ts",
    "a key of several databases works with the one that is named, with or without the tenant",
  ],
  "admin-default": ["client/admin-client.test.ts", "without anything, a server on this machine is meant"],
  "settings-names": ["client/settings.test.ts", "%s is no setting"],
  "settings-environment": [
    "client/settings.test.ts",
    "variables of no setting, and of settings without effect, are not looked at",
  ],
  "tls-verification": ["client/settings.test.ts", "that certificates go unverified has no effect"],
  "ephemeral-memory": [
    "client/clients.test.ts",
    "two paths share nothing, and two ephemeral clients neither",
  ],
};

test("each row has a case, and none is left from a row that is gone", () => {
  const cases = [
    ...[...listFacts(), ...listRestFacts()].flatMap(({ row }) => row ?? []),
    ...shownByReplies.map(({ id }) => id),
    ...Object.keys(unshown),
    ...Object.keys(clientCases),
  ];
  expect(rowIds.filter((id) => !cases.includes(id ?? ""))).toEqual([]);
  expect(cases.filter((id) => !rowIds.includes(id))).toEqual([]);
  for (const [file, title] of Object.values(clientCases)) {
    expect(readFileSync(new URL(`../${file}`, import.meta.url), "utf8")).toContain(`"${title}"`);
  }
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
