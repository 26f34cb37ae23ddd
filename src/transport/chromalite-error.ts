// Error classes that Chroma has no name for.

import { ChromaServerError } from "chromadb";
import type { FailureCode } from "../protocol/failure.ts";

/**
 * A failure of the world that the caller did not cause: a lost handle, corrupt bytes, a dead worker.
 * `docs/ERRORS.md` says for each `code` when it happens, what state is left and what to do.
 */
export class ChromaliteError extends Error {
  override readonly name = "ChromaliteError";
  constructor(
    readonly code: FailureCode,
    message: string,
    /** File, offset and sizes where known. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A part of Chroma's API that this version does not have; `docs/COMPATIBILITY.md` lists each. */
export class ChromaNotImplementedError extends ChromaServerError {
  override name = "ChromaNotImplementedError";
}
