// That a fact does not hold, and for a reason of its own: an answer that is not the fact's, or a refusal in
// Chroma's words. A TypeError of the check, a timeout or a lost connection says nothing about the fact.

import { expect } from "vitest";

/** Assertions, and what Chroma's client throws for what it or the server refuses. */
const reasons: ReadonlySet<string> = new Set([
  "AssertionError",
  "ChromaClientError",
  "ChromaForbiddenError",
  "ChromaNotFoundError",
  "ChromaServerError",
  "ChromaUniqueError",
  "ChromaValueError",
  "InvalidArgumentError",
  "InvalidCollectionError",
]);

/**
 * Runs `check`, which has to fail over what it states.
 * @throws  what it fails with otherwise; an AssertionError where it holds
 */
export async function assertNotHeld(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof Error && reasons.has(error.name)) return;
    throw error;
  }
  expect.fail("the fact holds here: expected that it differs, as its row in docs/COMPATIBILITY.md says");
}
