// How a caller follows something long.

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface TransferOptions {
  /** Gives it up: what was begun is undone, and the caller hears the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and again, with bytes; at the end `done` is `total`. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
