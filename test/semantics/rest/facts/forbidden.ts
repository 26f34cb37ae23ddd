// A server that was not told that resets are allowed.

import { expect } from "vitest";
import { said } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

export function forbiddenFacts({ fact }: RestFacts): void {
  fact("a reset is refused, and what is there stays", async (rest) => {
    await rest.createCollection();
    expect(said(await rest.send("POST", "/api/v2/reset"))).toBe(
      "403 ChromaError: Reset is disabled by config",
    );
    expect(said(await rest.get("collections_count"))).toBe("200 1");
  });
}
