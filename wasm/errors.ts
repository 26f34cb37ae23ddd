// What can go wrong inside the wasm memory, apart from damage and misuse (see src/protocol/failure.ts).

/**
 * - "out-of-memory": 4 GiB, or what the browser grants, are used up; the call changed nothing it does not say.
 * - "broken": the engine trapped while it worked on this index. The index can only be closed and built anew;
 *   other indexes go on.
 */
export type HnswErrorCode = "out-of-memory" | "broken";

export class HnswError extends Error {
  override readonly name = "HnswError";
  constructor(
    readonly code: HnswErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
