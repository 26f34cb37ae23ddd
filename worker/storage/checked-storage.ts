// The half of the storage contract that is the same on every backend: whole transfers, typed
// failures, one error after `close`, and no belief in a file whose flush has failed.
// What a platform does is behind `BackendDirectory`.

import type { Durability } from "../../src/protocol/operation.ts";
import type { Failure } from "../../src/protocol/failure.ts";
import type { StorageWarning } from "../../src/protocol/storage-info.ts";
import type { BackendDirectory, BackendFile } from "./backend.ts";
import type { Backend, ReserveUse, Storage, StorageFile } from "./storage.ts";
import { storageFailure, toFailure } from "./storage-failure.ts";

/** The storage over a backend's files. `release` runs once, after the files are closed. */
export class CheckedStorage implements Storage {
  readonly backend: Backend;
  readonly created: boolean;
  readonly flushesWhole: boolean;
  readonly #directory: BackendDirectory;
  readonly #release: () => Promise<void>;
  readonly #files = new Map<string, CheckedFile>();
  #closing: Promise<void> | undefined;

  constructor(directory: BackendDirectory, release: () => Promise<void> = async () => {}) {
    this.backend = directory.backend;
    this.created = directory.created;
    this.flushesWhole = directory.flushesWhole ?? false;
    this.#directory = directory;
    this.#release = release;
    for (const [name, file] of directory.files) {
      this.#files.set(name, new CheckedFile(name, directory, file));
    }
  }

  get lacksReserve(): boolean {
    return this.#directory.lacksReserve?.() ?? false;
  }

  warnings(): readonly StorageWarning[] {
    return this.#directory.warnings?.() ?? [];
  }

  file(name: string): StorageFile {
    const file = this.#files.get(name);
    if (!file) throw new RangeError(`file "${name}": expected one of ${[...this.#files.keys()].join(", ")}`);
    return file;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end(() => this.#directory.close());
    return this.#closing;
  }

  destroy(): Promise<void> {
    if (this.#closing) return Promise.reject(closedFailure(this.#directory.path));
    this.#closing = this.#destroy();
    return this.#closing;
  }

  async #destroy(): Promise<void> {
    await this.#end(async () => {
      await this.#directory.close();
      await this.#directory.remove();
    });
    const { path, backend } = this.#directory;
    try {
      this.#directory.removeDirectory?.();
    } catch (error) {
      throw toFailure(error, `deleting "${path}" on ${backend}`, "storage-lost", { path });
    }
  }

  /** The path comes free whatever becomes of its files. */
  async #end(finish: () => Promise<void> | void): Promise<void> {
    const { path, backend } = this.#directory;
    const failure = closedFailure(path);
    try {
      await Promise.all([...this.#files.values()].map((file) => file.refuse(failure)));
      await finish();
    } catch (error) {
      throw toFailure(error, `closing "${path}" on ${backend}`, "storage-lost", { path });
    } finally {
      await this.#release();
    }
  }
}

class CheckedFile implements StorageFile {
  readonly name: string;
  readonly #path: string;
  readonly #flushesWhole: boolean;
  readonly #file: BackendFile;
  #refusal: Failure | undefined;
  #flushFailure: Failure | undefined;
  #flushing: Promise<unknown> = Promise.resolve();

  constructor(
    name: string,
    { path, flushesWhole = false }: Pick<BackendDirectory, "path" | "flushesWhole">,
    file: BackendFile,
  ) {
    this.name = name;
    this.#path = path;
    this.#flushesWhole = flushesWhole;
    this.#file = file;
  }

  /** From now on every call fails with `failure`; resolves once no flush is on its way. */
  async refuse(failure: Failure): Promise<void> {
    this.#refusal = failure;
    await this.#flushing;
  }

  size(): number {
    return this.#try("size", {}, () => this.#file.size());
  }

  read(target: Uint8Array, at: number): number {
    assertBytes("offset", at);
    return this.#try("read", { at, bytes: target.length }, () => {
      let done = 0;
      while (done < target.length) {
        const count = this.#file.read(done === 0 ? target : target.subarray(done), at + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    });
  }

  write(source: Uint8Array, at: number): void {
    assertBytes("offset", at);
    this.#assertFlushable();
    this.#try("write", { at, bytes: source.length }, () => {
      let done = 0;
      while (done < source.length) {
        const count = this.#file.write(done === 0 ? source : source.subarray(done), at + done);
        // Past its quota Firefox writes nothing and does not throw; a full disk may take a part first.
        if (count === 0) throw this.#full(at, source.length, done);
        done += count;
      }
    });
  }

  truncate(size: number): void {
    assertBytes("size", size);
    this.#assertFlushable();
    this.#try("truncate", { size }, () => this.#file.truncate(size));
  }

  async flush(durability: Durability = "strict", reserve: ReserveUse = "leave"): Promise<void> {
    this.#assertFlushable();
    const flushed = (async () => this.#file.flush(durability, reserve))();
    this.#flushing = Promise.allSettled([this.#flushing, flushed]);
    try {
      await flushed;
    } catch (error) {
      // The operating system may have dropped the pages it could not write: a second flush that
      // succeeds would prove nothing about them.
      const failure = toFailure(error, this.#describe("flush", {}), "storage-lost", this.#details({}));
      if (failure.code !== "storage-full" || !this.#flushesWhole) this.#flushFailure = failure;
      throw failure;
    }
  }

  #assertFlushable(): void {
    const failure = this.#refusal ?? this.#flushFailure;
    if (failure) throw failure;
  }

  #try<T>(call: string, numbers: Readonly<Record<string, number>>, run: () => T): T {
    if (this.#refusal) throw this.#refusal;
    try {
      return run();
    } catch (error) {
      throw toFailure(error, this.#describe(call, numbers), "storage-lost", this.#details(numbers));
    }
  }

  #full(at: number, bytes: number, written: number): Failure {
    const what = `${this.#describe("write", { at, bytes })} stopped after ${written} bytes: the disk or quota is full`;
    return storageFailure("storage-full", what, this.#details({ at, bytes, written }));
  }

  #describe(call: string, numbers: Readonly<Record<string, number>>): string {
    const values = Object.entries(numbers).map(([name, value]) => ` ${name} ${value}`);
    return `${call}${values.join("")} in "${this.name}" of "${this.#path}"`;
  }

  #details(numbers: Readonly<Record<string, number>>): Readonly<Record<string, unknown>> {
    return { path: this.#path, file: this.name, ...numbers };
  }
}

function closedFailure(path: string): Failure {
  return storageFailure("closed", `the storage of "${path}" is closed: expected an open one`, { path });
}

function assertBytes(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${what} ${value}: expected an integer from 0 to 2^53 - 1`);
  }
}
