// The caller's mistakes, with the status and the name Chroma's server gives them.

export type RequestErrorName =
  | "InvalidArgumentError"
  | "NotFoundError"
  | "InternalError"
  | "ChromaError"
  | "Unimplemented";

/**
 * A request that the engine refuses before anything is written.
 * `message` is the text of Chroma's server (1.3.4) where it has one.
 */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    override readonly name: RequestErrorName,
    message: string,
  ) {
    super(message);
  }
}

/** Known by its form: each script of a worker has a class `RequestError` of its own. */
export function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

/** 400: the request is well formed and asks for something that cannot be. */
export function invalidArgument(message: string): RequestError {
  return new RequestError(400, "InvalidArgumentError", message);
}

/** 404: what the request names does not exist. */
export function notFound(message: string): RequestError {
  return new RequestError(404, "NotFoundError", message);
}

/** 409: the name is taken. */
export function alreadyExists(message: string): RequestError {
  return new RequestError(409, "ChromaError", message);
}

/** 422: JSON of the wrong shape. */
export function wrongShape(message: string): RequestError {
  return new RequestError(422, "ChromaError", message);
}

/** 501: part of Chroma's API, not built yet; `docs/COMPATIBILITY.md` lists each. */
export function notImplemented(message: string): RequestError {
  return new RequestError(501, "ChromaError", message);
}
