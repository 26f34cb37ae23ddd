// The package's entry as its users import it: every official name, in any place, with nothing started.

import * as official from "chromadb";
import { expect, test } from "vitest";
import * as entry from "../../src/index.ts";

/** Official names that are classes of our own, which do more. */
const extended = ["AdminClient", "CloudClient"];

test("every one of the official client's 87 names is exported, and is the same thing or a subclass", () => {
  expect(Object.keys(official)).toHaveLength(87);
  const ours: Record<string, unknown> = { ...entry };
  const same = Object.entries(official).filter(([name]) => !extended.includes(name));
  for (const [name, value] of same) expect(ours[name], name).toBe(value);
  expect(entry.AdminClient.prototype).toBeInstanceOf(official.AdminClient);
  expect(entry.CloudClient.prototype).toBeInstanceOf(official.ChromaClient);
});

test("what is ours beside", () => {
  const names = Object.keys(entry).filter((name) => !(name in official));
  expect(names.sort()).toEqual([
    "AsyncHttpClient",
    "ChromaNotImplementedError",
    "ChromaliteError",
    "Client",
    "EphemeralClient",
    "HttpClient",
    "PersistentClient",
    "connectServiceWorker",
    "useEmbeddingFunctionsFrom",
  ]);
});
