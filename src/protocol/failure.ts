// Failures of the world below the engine: a full disk, a lost handle, corrupt bytes, a dead worker.
// `code` is from a closed union; `docs/ERRORS.md` has one heading for each, and a test compares them.

export const failureCodes = [
  "storage-full",
  "storage-lost",
  "data-evicted",
  "storage-unavailable",
  "path-locked",
  "corrupt",
  "format-newer",
  "outcome-unknown",
  "out-of-memory",
  "engine-trapped",
  "worker-died",
  "worker-start",
  "build-outdated",
  "transfer-interrupted",
  "cancelled",
  "closed",
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** A failure that is not the caller's mistake. `details` names file, offset and sizes where known. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Known by its name: each script of a worker has a class `Failure` of its own. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && error.name === "Failure";
}
