// The second seam: bytes in named files. Everything the engine knows of a disk is this interface.
// Its contract is in words here, in code in test/storage/contract.ts, which runs every implementation.

import type { Durability } from "../../src/protocol/operation.ts";

import type { StorageWarning } from "../../src/protocol/storage-info.ts";

/** Where the bytes lie. "memory" is chosen by name only, never fallen back to. */
export type Backend = "opfs" | "indexeddb" | "node" | "memory";

/**
 * What a flush does with the room that a storage keeps for a full disk, where it keeps any beside its files.
 * keep: fails where that room is not there after it. use: takes it where there is no other. leave: neither.
 */
export type ReserveUse = "keep" | "use" | "leave";

/**
 * A directory of named files, opened by one owner at a time.
 *
 * Reads and writes are synchronous on every backend and see each other at once; only `flush` makes
 * them survive a crash of the machine. Files are created when the directory is opened, because a new
 * file is not durable for half a minute in Chromium, whatever is flushed: nothing is created later.
 */
export interface Storage {
  readonly backend: Backend;

  /** True when `openStorage` found none of the files and created them. */
  readonly created: boolean;

  /** True where a flush that finds no room keeps nothing, and leaves all files as their last flushes did. */
  readonly flushesWhole?: boolean;

  /** True while the room that it keeps for a full disk beside its files is not there: never taken yet, or used. */
  readonly lacksReserve?: boolean;

  /** What an application may want to know of it now; nothing when absent. */
  warnings?(): readonly StorageWarning[];

  /**
   * One of the files named at opening.
   * @throws {RangeError}  for any other name
   */
  file(name: string): StorageFile;

  /** Releases every file and the directory. Idempotent; what was not flushed may be lost. */
  close(): Promise<void>;

  /** Closes, and deletes the files and their directory; in Node a directory with other files in it stays. */
  destroy(): Promise<void>;
}

/** One file. Offsets and lengths are bytes, at most 2^53 - 1. */
export interface StorageFile {
  readonly name: string;

  /** The file's length, including what is not flushed. */
  size(): number;

  /** Fills `target` from `at` on; returns how many bytes there were before the end of the file. */
  read(target: Uint8Array, at: number): number;

  /**
   * Writes all of `source` at `at`; a gap before it reads as zeros. `source` is not kept.
   *
   * @throws {Failure}  "storage-full": nothing, a part or all of it was written, and the size may have
   *     grown: the caller truncates or overwrites. "storage-lost": the file is gone or its handle died.
   */
  write(source: Uint8Array, at: number): void;

  /** Cuts the file, or extends it with zeros that have their place on the disk already. @throws {Failure} as `write`. */
  truncate(size: number): void;

  /**
   * Makes every write and truncate before it durable. Once it has failed, nothing is known of any
   * write since the last success: the owner closes the storage and opens it anew. Until then the file
   * can be read, and every write, truncate and flush fails as this flush did. Only a "storage-full" of a
   * storage that `flushesWhole` is another case: it can be used on.
   *
   * A relaxed flush does as much as survives the end of this thread, of the browser and of the process: on
   * most backends writing did that already, and it does nothing. The next strict one makes durable what it left.
   *
   * @param reserve  "leave" by default
   * @throws {Failure}  "storage-lost"; "storage-full" too, since IndexedDB tells of a full disk only here.
   */
  flush(durability?: Durability, reserve?: ReserveUse): Promise<void>;
}
