// What a worker offers to the page that started it: one engine, opened on one path.
// `Engine` is the engine as it is written; `EnginePort` is the same with errors as data, since
// Comlink would turn a thrown Failure into a plain Error without its code.

import type { Operation, Reply } from "./operation.ts";

/** How a path is opened. Everything here can be cloned. */
export interface EngineOptions {
  /** Where the bytes lie; chosen by what the platform has when absent. Memory is asked for by a null path. */
  readonly backend?: "opfs" | "indexeddb" | "node" | undefined;
  /** Whether `POST /api/v2/reset` is allowed. */
  readonly allowReset: boolean;
  /** In a page: wait for as long as another tab has the path, instead of half a second. */
  readonly waits?: boolean;
  /** Bytes of memory for open collections, 1 GiB when absent; those used longest ago are closed beyond it. */
  readonly memoryLimitBytes?: number;
  /** When the path was created, as somebody remembers it: where it is found empty, its data was lost. */
  readonly expectedAt?: number | undefined;
  /** The backend that it was created on, as far as is remembered: nothing is missed on another one. */
  readonly expectedOn?: EngineOptions["backend"];
  /** Folder of records.js, the wasm files, sql.js and re2.js, ending in a slash; beside the worker when absent. */
  readonly wasmUrl?: string;
}

/** What opening a path tells. */
export interface Opened {
  /** Number of the last frame of its log. */
  readonly lastFrame: number;
  /** Where its bytes lie; undefined in older builds. */
  readonly backend?: "opfs" | "indexeddb" | "node" | "memory";
  /** When the path was created, in milliseconds since 1970; undefined for one that an older build made. */
  readonly createdAt?: number | undefined;
}

/** The engine of one path: opened once, called until closed. */
export interface Engine {
  /**
   * @param path  a canonical path, or null: memory, gone with the engine
   * @returns  what a client that sends writes again has to know
   * @throws {Failure}  "path-locked", "storage-unavailable", "corrupt", "format-newer" and what storage throws
   */
  open(path: string | null, options: EngineOptions): Promise<Opened>;
  /** Never rejects for a caller's mistake: that is an error reply. */
  call(operation: Operation): Promise<Reply>;
  /** Lets the calls before it end, then releases the path. Idempotent. */
  close(): Promise<void>;
  /** See `HostPort`. */
  rouse?(): Promise<void>;
}

/** The engine as Comlink carries it. */
export interface EnginePort {
  /** `data` is `Opened`. */
  open(path: string | null, options: EngineOptions): Promise<Reply>;
  call(operation: Operation): Promise<Reply>;
  close(): Promise<Reply>;
}

/** What a worker offers to the page that started it, which brings other tabs to it. */
export interface HostPort<Port> extends EnginePort {
  /**
   * Offers the engine to another tab too. What comes over `wire` is answered from the open path: `open` waits
   * for its opening, `close` ends the wire alone.
   *
   * @param wire  one end of a MessageChannel, or the name of a BroadcastChannel that only two know
   */
  connect(wire: Port | string): Promise<Reply>;
  /** While `open` waits: has the browser let go of a leader that sleeps in its back/forward cache. */
  rouse(): Promise<Reply>;
}

/** Pages and workers of different builds refuse each other by this number. It only ever grows. */
export const handshakeVersion = 2;

/** First message to a worker. Sent by the page, so that a worker that started long before can answer. */
export interface Hello {
  readonly chromalite: "hello";
}

/** The worker's answer. From then on it speaks Comlink. */
export interface Ready {
  readonly chromalite: "ready";
  readonly version: number;
  /**
   * Name of a Web Lock that the worker holds as long as it lives: `terminate()` fires no event, the
   * lock comes free. Null where there are no Web Locks (Node has an exit event).
   */
  readonly lock: string | null;
}

/**
 * What a page says over the wire of another tab before its worker has it: the worker is alive, by its lock, but
 * may be busy for long.
 */
export interface Introduced {
  readonly chromalite: "introduced";
  readonly lock: string | null;
}

export function isHello(message: unknown): message is Hello {
  return isTagged(message) && message.chromalite === "hello";
}

export function isReady(message: unknown): message is Ready {
  return isTagged(message) && message.chromalite === "ready";
}

export function isIntroduced(message: unknown): message is Introduced {
  return isTagged(message) && message.chromalite === "introduced";
}

function isTagged(message: unknown): message is { chromalite: unknown } {
  return typeof message === "object" && message !== null && "chromalite" in message;
}
