// Thrown errors → errors as data, on the engine's side of the seam.

import { isFailure } from "./failure.ts";
import type { OperationError, Reply } from "./operation.ts";
import { isRequestError } from "./request-error.ts";

/** A cause of a cause of a cause is told; what lies deeper only repeats it. */
const causeDepthMax = 3;

/**
 * What crosses the seam instead of `error`.
 * A request error keeps its status and name, a failure its code and details; anything else is a bug of
 * ours and crosses as Chroma's 500.
 */
export function errorToReply(error: unknown): Reply & { ok: false } {
  return { ok: false, error: toOperationError(error, 0) };
}

function toOperationError(error: unknown, depth: number): OperationError {
  const message = error instanceof Error ? error.message : String(error);
  const cause =
    error instanceof Error && error.cause !== undefined && depth < causeDepthMax
      ? { cause: toOperationError(error.cause, depth + 1) }
      : {};
  if (isRequestError(error)) return { status: error.status, name: error.name, message, ...cause };
  if (isFailure(error)) {
    const { code, details } = error;
    return { status: 500, name: "InternalError", message, code, details, ...cause };
  }
  return { status: 500, name: "InternalError", message, ...cause };
}
