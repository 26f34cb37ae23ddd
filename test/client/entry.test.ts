// The package's entry as its users import it: every official name, in any place, with nothing started.

import * as official from "chromadb";
import { expect, test } from "vitest";
import * as entry from "../../src/index.ts";

test("every one of the official client's 87 names is exported, and is the same thing", () => {
  expect(Object.keys(official)).toHaveLength(87);
  const ours: Record<string, unknown> = { ...entry };
  for (const [name, value] of Object.entries(official)) expect(ours[name], name).toBe(value);
});

test("what is ours beside", () => {
  const names = Object.keys(entry).filter((name) => !(name in official));
  expect(names.sort()).toEqual([
    "ChromaNotImplementedError",
    "ChromaliteError",
    "EphemeralClient",
    "PersistentClient",
  ]);
});
