// Which requests are for the API: an application's other addresses must never be answered by it.

import { expect, test } from "vitest";
import { getApiPath } from "../../service-worker/api-path.ts";
import { canonicalPrefix } from "../../src/protocol/engine-offer.ts";

const origin = "https://notes.test";
const pathOf = (url: string, ...prefixes: string[]): string | undefined =>
  getApiPath(new URL(url, origin), origin, prefixes);

test.each([
  ["/api/v2", [""], "/api/v2"],
  ["/api/v2/heartbeat?x=1", [""], "/api/v2/heartbeat"],
  ["/notes/api/v2/tenants/a%2Fb", ["/notes"], "/api/v2/tenants/a%2Fb"],
  ["/notes/api/v2/reset", ["", "/notes"], "/api/v2/reset"],
])("%s below one of %j is the API's %s", (url, prefixes, path) => {
  expect(pathOf(url, ...prefixes)).toBe(path);
});

test.each([
  ["/api/v1/heartbeat", [""]],
  ["/api/v20", [""]],
  ["/", [""]],
  ["/index.html?next=/api/v2/heartbeat", [""]],
  ["/api/v2/heartbeat", ["/notes"]],
  ["/notesapi/v2", ["/notes"]],
  ["/other/api/v2", ["", "/notes"]],
  ["https://elsewhere.test/api/v2/heartbeat", [""]],
  ["http://notes.test/api/v2/heartbeat", [""]],
])("%s below one of %j is left to the network", (url, prefixes) => {
  expect(pathOf(url, ...prefixes)).toBeUndefined();
});

test("spellings of one prefix are one prefix", () => {
  expect(["notes", "/notes", "/notes/", "//notes//"].map(canonicalPrefix)).toEqual(
    Array.from({ length: 4 }, () => "/notes"),
  );
  expect(["", "/"].map(canonicalPrefix)).toEqual(["", ""]);
  expect(canonicalPrefix("/a/b/")).toBe("/a/b");
});
