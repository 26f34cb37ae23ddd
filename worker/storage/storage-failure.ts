// What the platforms throw, as failures of our own: DOMExceptions of OPFS and IndexedDB by their
// name, errors of Node's files by their errno code.

import { Failure, isFailure, type FailureCode } from "../../src/protocol/failure.ts";

/** What only one meaning fits; anything else is what the caller of `toFailure` says it is. */
const codeByReason: ReadonlyMap<string, FailureCode> = new Map([
  ["QuotaExceededError", "storage-full"],
  // Firefox 153 throws this instead of a QuotaExceededError when `truncate` grows a file past the quota.
  ["NS_ERROR_FILE_NO_DEVICE_SPACE", "storage-full"],
  ["ENOSPC", "storage-full"],
  ["EDQUOT", "storage-full"],
  ["EFBIG", "storage-full"],
  ["NoModificationAllowedError", "path-locked"],
]);

const adviceByCode: Readonly<Partial<Record<FailureCode, string>>> = {
  "storage-full": "free space on the disk or delete data of this site, then try again",
  "storage-lost": "close the client and open the path again",
  "storage-unavailable": "allow this site to store data, or choose another backend or path",
  "path-locked": "close the tab, worker or process that has the path open",
};

/**
 * The failure that `error` stands for, with `error` as its cause. A failure comes back as it is.
 * @param doing  what failed, with its values: `write of 4096 bytes at 0 in "log-0" of "chroma"`
 * @param otherwise  the code for errors that do not tell their own
 */
export function toFailure(
  error: unknown,
  doing: string,
  otherwise: FailureCode,
  details?: Readonly<Record<string, unknown>>,
): Failure {
  if (isFailure(error)) return error;
  const { name, message } = isNamed(error) ? error : { name: typeof error, message: String(error) };
  const errno = isNamed(error) && "code" in error ? error.code : undefined;
  const reason = typeof errno === "string" ? errno : name;
  return storageFailure(codeByReason.get(reason) ?? otherwise, `${doing}: ${reason}: ${message}`, details, {
    cause: error,
  });
}

/** A failure whose message ends with what the user can do about its code. */
export function storageFailure(
  code: FailureCode,
  what: string,
  details: Readonly<Record<string, unknown>> = {},
  options?: { cause?: unknown },
): Failure {
  const advice = adviceByCode[code];
  return new Failure(code, advice ? `${what}; ${advice}` : what, details, options);
}

/** Errors, and what Firefox throws instead of one where it has no DOMException for its reason. */
function isNamed(error: unknown): error is { name: string; message: string } {
  return typeof error === "object" && error !== null && "name" in error && "message" in error;
}
