// A storage in memory that counts what is written to it and read from it: the bytes that a disk would see.

import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import type { Storage, StorageFile } from "../../worker/storage/storage.ts";

export class CountingStorage implements Storage {
  readonly #storage: Storage;
  #written = 0;
  #read = 0;
  #flushes = 0;

  /** @param disk  what is there already, and stays there */
  constructor(files: readonly string[], disk?: Disk) {
    this.#storage = new CheckedStorage(openMemory(files, disk));
  }

  /** Bytes of all writes so far, overwrites included. */
  get written(): number {
    return this.#written;
  }

  /** Bytes of all reads so far. */
  get read(): number {
    return this.#read;
  }

  get flushes(): number {
    return this.#flushes;
  }

  get backend(): Storage["backend"] {
    return this.#storage.backend;
  }

  get created(): boolean {
    return this.#storage.created;
  }

  file(name: string): StorageFile {
    const file = this.#storage.file(name);
    return {
      name,
      size: () => file.size(),
      read: (target, at) => {
        this.#read += target.length;
        return file.read(target, at);
      },
      write: (source, at) => {
        this.#written += source.length;
        file.write(source, at);
      },
      truncate: (size) => file.truncate(size),
      flush: () => {
        this.#flushes++;
        return file.flush();
      },
    };
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  destroy(): Promise<void> {
    return this.#storage.destroy();
  }
}
