import {
  ChromaClientError,
  ChromaForbiddenError,
  ChromaNotFoundError,
  ChromaQuotaExceededError,
  ChromaRateLimitError,
  ChromaServerError,
  ChromaUnauthorizedError,
  ChromaUniqueError,
} from "chromadb";
import { expect, test } from "vitest";
import { errorToReply } from "../../src/protocol/error-reply.ts";
import { Failure, failureCodes } from "../../src/protocol/failure.ts";
import { invalidArgument, notImplemented } from "../../src/protocol/request-error.ts";
import { ChromaliteError, ChromaNotImplementedError } from "../../src/transport/chromalite-error.ts";
import { decodeError, toClientError } from "../../src/transport/error-codec.ts";

/** What crosses the seam is cloned: nothing but data may be in it. */
function cross(error: unknown): Error {
  return decodeError(structuredClone(errorToReply(error)).error);
}

const ofStatus = (status: number, message: string) => decodeError({ status, name: "ChromaError", message });

test.each([
  [400, "no", ChromaClientError, "Bad request to Chroma with status: no"],
  [400, "", ChromaClientError, "Bad request to Chroma with status: Bad Request"],
  [401, "no", ChromaUnauthorizedError, "Unauthorized"],
  [403, "no", ChromaForbiddenError, "You do not have permission to access the requested resource."],
  [404, "no", ChromaNotFoundError, "The requested resource could not be found"],
  [409, "no", ChromaUniqueError, "The resource already exists"],
  [422, "no", ChromaClientError, "no"],
  [422, "", ChromaClientError, "Unprocessable Entity"],
  [422, "Quota exceeded: 5", ChromaQuotaExceededError, "Quota exceeded: 5"],
  [422, "Billing limit exceeded", ChromaQuotaExceededError, "Billing limit exceeded"],
  [429, "no", ChromaRateLimitError, "Rate limit exceeded"],
  [500, "no", ChromaServerError, "no"],
  [501, "no", ChromaNotImplementedError, "no"],
])("status %i with message %j is the official error", (status, message, type, text) => {
  const error = ofStatus(status, message);
  expect(error.constructor).toBe(type);
  expect(error.message).toBe(text);
});

test("the official fetch makes the same of each status", async () => {
  const { ChromaClient } = await import("chromadb");
  const bodies = [400, 401, 403, 404, 409, 422, 429, 500].map((status) => ({ status, message: "some text" }));
  for (const { status, message } of bodies) {
    const fetchBefore = globalThis.fetch;
    globalThis.fetch = () => Promise.resolve(Response.json({ error: "ChromaError", message }, { status }));
    const official: unknown = await new ChromaClient().heartbeat().catch((error: unknown) => error);
    globalThis.fetch = fetchBefore;
    const ours = ofStatus(status, message);
    expect(ours.constructor).toBe((official as Error).constructor);
    // In process there is no URL: the official word for that is "Chroma".
    expect(ours.message).toBe(
      (official as Error).message.replace(/Bad request to \S+/, "Bad request to Chroma"),
    );
  }
});

test("what the engine said survives where the official text is fixed", () => {
  expect(ofStatus(404, "Collection [a] does not exist").cause).toMatchObject({
    message: "Collection [a] does not exist",
  });
});

test("a not-implemented error is a ChromaServerError of its own class", () => {
  const error = cross(notImplemented("fork is not implemented"));
  expect(error).toBeInstanceOf(ChromaServerError);
  expect(error).toMatchObject({ name: "ChromaNotImplementedError", message: "fork is not implemented" });
});

test("every failure keeps code, details and cause across the seam", () => {
  for (const code of failureCodes) {
    const error = cross(new Failure(code, "text", { file: "log-0" }, { cause: new Error("below") }));
    expect(error).toMatchObject({
      code,
      message: "text",
      details: { file: "log-0" },
      cause: { message: "below" },
    });
    expect(error).toBeInstanceOf(code === "storage-full" ? ChromaQuotaExceededError : ChromaliteError);
  }
});

test("a code of a newer engine that we do not know is a server error", () => {
  expect(decodeError({ status: 500, name: "InternalError", message: "m", code: "new" })).toBeInstanceOf(
    ChromaServerError,
  );
});

test("a bug in the engine crosses as Chroma's 500", () => {
  expect(cross(new TypeError("x is undefined"))).toMatchObject({
    name: "ChromaServerError",
    message: "x is undefined",
  });
  expect(cross("a string")).toMatchObject({ name: "ChromaServerError", message: "a string" });
});

test("a chain of causes ends", () => {
  const loop = new Error("loop");
  loop.cause = loop;
  expect(cross(loop).message).toBe("loop");
});

test("what is thrown on the page's side becomes the same classes", () => {
  expect(toClientError(invalidArgument("no"))).toBeInstanceOf(ChromaClientError);
  expect(toClientError(new Failure("closed", "The client is closed"))).toBeInstanceOf(ChromaliteError);
  const other = new Error("other");
  expect(toClientError(other)).toBe(other);
});
