// Takes one guard out of a storage, so that a test can show that the guard is what holds.

import type { Storage, StorageFile } from "../../worker/storage/storage.ts";

/** A storage whose flush of a file does nothing where `isSkipped` says so; `nth` counts from 1 a file. */
export function withoutFlush(storage: Storage, isSkipped: (file: string, nth: number) => boolean): Storage {
  return {
    backend: storage.backend,
    created: storage.created,
    file: (name) => forgetful(storage.file(name), (nth) => isSkipped(name, nth)),
    close: () => storage.close(),
    destroy: () => storage.destroy(),
  };
}

function forgetful(file: StorageFile, isSkipped: (nth: number) => boolean): StorageFile {
  let flushes = 0;
  return {
    name: file.name,
    size: () => file.size(),
    read: (target, at) => file.read(target, at),
    write: (source, at) => file.write(source, at),
    truncate: (size) => file.truncate(size),
    flush: async () => {
      flushes++;
      if (!isSkipped(flushes)) await file.flush();
    },
  };
}
