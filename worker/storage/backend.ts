// What a backend implements: raw files as its platform has them. `CheckedStorage` makes the contract
// of `storage.ts` out of it, so that whole transfers, typed errors and closing are written once.

import type { Durability } from "../../src/protocol/operation.ts";
import type { StorageWarning } from "../../src/protocol/storage-info.ts";
import type { Backend, ReserveUse } from "./storage.ts";

/** One open file. Transfers may be short, and errors are the platform's own. */
export interface BackendFile {
  size(): number;

  /** Reads some bytes at `at` into `target`; 0 means the end of the file. */
  read(target: Uint8Array, at: number): number;

  /** Writes some of `source` at `at`, a gap as zeros; 0 means that there is no room. */
  write(source: Uint8Array, at: number): number;

  /** Zeros that it extends by are written, not left as holes. */
  truncate(size: number): void;

  /** Returns once every write and truncate before the call is durable, as far as `durability` wants. */
  flush(durability: Durability, reserve: ReserveUse): Promise<void> | void;
}

/** The open files of one path. */
export interface BackendDirectory {
  readonly backend: Backend;
  /** The path as messages name it. */
  readonly path: string;
  readonly created: boolean;
  /** True where a flush that finds no room keeps nothing, and leaves all files as their last flushes did. */
  readonly flushesWhole?: boolean;
  readonly files: ReadonlyMap<string, BackendFile>;

  /** Whether room is to be kept for a full disk beside the files, and is not. */
  lacksReserve?(): boolean;

  /** What an application may want to know of it now. */
  warnings?(): readonly StorageWarning[];

  /** Called once. */
  close(): Promise<void> | void;

  /** Deletes the files, and the directory unless `removeDirectory` does. Called once, after `close`. */
  remove(): Promise<void> | void;

  /** Deletes the directory, where the lock lies in it. Called once, after `remove` and the lock's release. */
  removeDirectory?(): void;
}
