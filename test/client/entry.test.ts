// The package's entry as its users import it: every official name, in any place, with nothing started.

import * as official from "chromadb";
import { expect, test } from "vitest";
import * as entry from "../../src/index.ts";

test("every one of the official client's 87 names is exported, and is the same thing", () => {
  const names = Object.keys(official);
  expect(names).toHaveLength(87);
  const ours: Record<string, unknown> = { ...entry };
  for (const name of names) expect(ours[name], name).toBe(official[name as keyof typeof official]);
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
