// Error bodies and statuses of Chroma's server, and what our own failures look like beside them.

import type { FailureCode } from "../src/protocol/failure.ts";
import type { OperationError } from "../src/protocol/operation.ts";

/** Failures that another try may not meet: the path is busy, or the engine is starting or ending. */
const unavailable: readonly (FailureCode | undefined)[] = ["path-locked", "worker-start", "closed"];

/** `{"error", "message"}` as Chroma's server writes it; `code` tells a failure of this world, as in docs/ERRORS.md. */
export function errorToResponse({ name, message, code, status }: OperationError): Response {
  // Chroma's clients know a quota by this beginning of a 422.
  if (code === "storage-full") {
    return Response.json(
      { error: "ChromaError", message: `Quota exceeded: ${message}`, code },
      { status: 422 },
    );
  }
  const body = { error: name, message, ...(code === undefined ? {} : { code }) };
  return Response.json(body, {
    status: unavailable.includes(code as FailureCode) ? 503 : status,
    // The rest of a body that is too large is not read: no other request can follow it.
    ...(status === 413 && { headers: { connection: "close" } }),
  });
}

/** A status alone, with no body. */
export function emptyResponse(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...headers, "content-length": "0" } });
}
