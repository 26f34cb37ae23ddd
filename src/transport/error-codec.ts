// Errors as data → the classes and texts of the official client, on the page's side of the seam.
// The table is that of chromadb 3.5.0's fetch: what it does with a status, this does.

import {
  ChromaClientError,
  ChromaForbiddenError,
  ChromaNotFoundError,
  ChromaQuotaExceededError,
  ChromaRateLimitError,
  ChromaServerError,
  ChromaUnauthorizedError,
  ChromaUniqueError,
  ChromaValueError,
} from "chromadb";
import { Failure, failureCodes, type FailureCode } from "../protocol/failure.ts";
import type { OperationError } from "../protocol/operation.ts";
import { RequestError } from "../protocol/request-error.ts";
import { ChromaliteError, ChromaNotImplementedError } from "./chromalite-error.ts";

/** The error a caller sees for an error reply. */
export function decodeError({ status, message, code, details, cause }: OperationError): Error {
  const decodedCause = cause && decodeError(cause);
  if (isFailureCode(code))
    return failureToError(new Failure(code, message, details, { cause: decodedCause }));
  // Three classes have one fixed text; what the engine said is kept as the cause.
  const said = decodedCause ?? new Error(message);
  switch (status) {
    case 400:
      return new ChromaClientError(
        `Bad request to Chroma with status: ${message || "Bad Request"}`,
        decodedCause,
      );
    case 401:
      return new ChromaUnauthorizedError("Unauthorized", said);
    case 403:
      return new ChromaForbiddenError("You do not have permission to access the requested resource.", said);
    case 404:
      return new ChromaNotFoundError("The requested resource could not be found", said);
    case 409:
      return new ChromaUniqueError("The resource already exists", said);
    case 422:
      return /^(Quota|Billing limit) exceeded/.test(message)
        ? new ChromaQuotaExceededError(message, decodedCause)
        : new ChromaClientError(message || "Unprocessable Entity", decodedCause);
    case 429:
      return new ChromaRateLimitError("Rate limit exceeded", said);
    case 501:
      return new ChromaNotImplementedError(message, decodedCause);
    default:
      return new ChromaServerError(message, decodedCause);
  }
}

/** What a caller sees for an error thrown on this side of the seam. */
export function toClientError(error: unknown): unknown {
  if (error instanceof Failure) return failureToError(error);
  if (error instanceof RequestError)
    return decodeError({ status: error.status, name: error.name, message: error.message });
  // A function or a Proxy among the values: what cannot be sent was not sent.
  if (error instanceof DOMException && error.name === "DataCloneError")
    return new ChromaValueError(
      `Expected plain values, but got one that cannot be sent: ${error.message}`,
      error,
    );
  return error;
}

/** A full disk is Chroma's quota error, with our code on it; every other failure is a ChromaliteError. */
function failureToError({ code, message, details, cause }: Failure): Error {
  if (code !== "storage-full") return new ChromaliteError(code, message, details, { cause });
  return Object.assign(new ChromaQuotaExceededError(message, cause), { code, details });
}

function isFailureCode(code: string | undefined): code is FailureCode {
  return failureCodes.some((known) => known === code);
}
