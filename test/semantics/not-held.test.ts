// A fact that fails for a reason beside itself has not shown that it differs.

import { ChromaConnectionError, ChromaNotFoundError } from "chromadb";
import { expect, test } from "vitest";
import { assertNotHeld } from "./not-held.ts";

const failing = (error: unknown) => async (): Promise<void> => {
  throw error;
};

test("an answer that is not the fact's, and a refusal, show that it differs", async () => {
  await assertNotHeld(async () => expect(1).toBe(2));
  await assertNotHeld(failing(new ChromaNotFoundError("not there")));
});

test.each([
  ["a mistake in the check", new TypeError("undefined is not a function")],
  ["a lost connection", new ChromaConnectionError("Failed to connect")],
  ["what is no error", "text"],
])("%s is told as it is", async (_name, error) => {
  await expect(assertNotHeld(failing(error))).rejects.toBe(error);
});

test("a fact that holds is told", async () => {
  await expect(assertNotHeld(async () => undefined)).rejects.toThrow("the fact holds here");
});
