// The first seam: what a client asks of an engine, whoever carries it.
// An operation is one call of Chroma's REST contract (method, route template, parameters), with one
// change: vectors cross as one packed Float32Array. A reply is data or an error of a known status.
// This folder imports nothing and is shared by page, worker and server.

/**
 * When a write is acknowledged. strict: it survives a power cut. relaxed: it survives the end of the page, of
 * the worker and of the browser or process, not that of the machine; cheaper by a flush.
 */
export type Durability = "strict" | "relaxed";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** One call across the seam. `route` is a template of the OpenAPI document, `path` fills its braces. */
export interface Operation {
  readonly method: Method;
  readonly route: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /**
   * Whether numbers of the reply that JavaScript cannot hold or tell apart come as bigint and
   * `IntegralFloat` (see metadata.ts): for a caller whose JSON keeps them. Otherwise all are plain.
   */
  readonly exact?: boolean;
  /** Of a write; strict when absent. */
  readonly durability?: Durability;
  /** Who sends it; absent where it is sent once only, and of a read. */
  readonly sender?: Sender;
  /** A name that the caller drew, by which it follows or cancels a long write: see followed-write.ts. */
  readonly ticket?: string;
}

/** Whether an operation is about a write that is under way, named by its ticket. */
export function isAboutWrite({ path }: Operation): boolean {
  return path?.["ticket"] !== undefined;
}

/**
 * Who sends an operation that may have to be sent again: the engine that was to answer can go, and the
 * one after it must not carry out a write that the first has carried out already.
 */
export interface Sender {
  /** Drawn at random, 64 bits with a sign. */
  readonly client: bigint;
  /** Its writes are numbered from 1 on; no more than 64 numbers are open at a time. */
  readonly number: number;
  /** The first number that the client has no answer to yet: what came before is never sent again. */
  readonly oldest?: number;
  /** When it is sent again: the last frame of the log that the client knew of when it sent it first. */
  readonly since?: number;
  /** Whether the sender's settings allow `reset`: those of the engine are another tab's. */
  readonly allowReset?: boolean;
}

/**
 * Vectors of one call: `values` holds the present rows one after another, `dimension` numbers each.
 * `present`, where given, has one byte a row (1: there is a vector, 0: none; a row of zero takes no
 * space in `values`); without it every row is present.
 */
export interface PackedVectors {
  readonly rows: number;
  readonly dimension: number;
  readonly values: Float32Array;
  readonly present?: Uint8Array;
}

/** What an engine answers. Errors are data here: no exception crosses the seam. */
export type Reply =
  | { readonly ok: true; readonly status: number; readonly data: unknown }
  | { readonly ok: false; readonly error: OperationError };

/**
 * An error as it crosses the seam. `status` and `name` are those of Chroma's REST contract where the
 * caller is at fault; `code` tells failures of this world (see `failure.ts`) and is absent otherwise.
 */
export interface OperationError {
  readonly status: number;
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: OperationError;
}

/**
 * How a client reaches the engine of its path: in a worker of its own page, or over a wire to the tab that
 * leads. A BroadcastChannel is the slower wire, where tabs have no SharedWorker in common.
 */
export type Reach = "own-worker" | "message-port" | "broadcast-channel";

/** Anything that answers operations: the engine itself, or a way to reach one. */
export interface Transport {
  call(operation: Operation): Promise<Reply>;
  close(): Promise<void>;
  /** How it reaches its engine at the moment, where there is more than one way. */
  readonly reach?: Reach | undefined;
}
