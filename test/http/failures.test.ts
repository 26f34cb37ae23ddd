// Failures that are not the caller's, as HTTP tells them.

import { expect, test } from "vitest";
import { errorToReply } from "../../src/protocol/error-reply.ts";
import { Failure, type FailureCode } from "../../src/protocol/failure.ts";
import { sender } from "./served.ts";

function failing(error: Error, how: "reply" | "rejection") {
  const call = async () => {
    if (how === "rejection") throw error;
    return errorToReply(error);
  };
  return sender({ call, close: async () => undefined });
}

test.each<[FailureCode, number, string]>([
  ["path-locked", 503, "InternalError"],
  ["worker-start", 503, "InternalError"],
  ["closed", 503, "InternalError"],
  ["worker-died", 500, "InternalError"],
  ["corrupt", 500, "InternalError"],
  ["outcome-unknown", 500, "InternalError"],
])("%s is answered with %i and its code", async (code, status, error) => {
  for (const how of ["reply", "rejection"] as const) {
    const send = failing(new Failure(code, "what happened"), how);
    expect(await send("GET", "/api/v2/version")).toMatchObject({
      status,
      json: { error, message: "what happened", code },
    });
  }
});

test("a full disk is told as a quota, which Chroma's clients know", async () => {
  const send = failing(new Failure("storage-full", "the disk is full"), "reply");
  expect(await send("GET", "/api/v2/version")).toMatchObject({
    status: 422,
    json: { error: "ChromaError", message: "Quota exceeded: the disk is full", code: "storage-full" },
  });
});

test("a bug is a 500 with its message, and no more than that", async () => {
  const send = failing(new TypeError("x is undefined"), "rejection");
  expect(await send("GET", "/api/v2/version")).toMatchObject({
    status: 500,
    text: '{"error":"InternalError","message":"x is undefined"}',
  });
});
