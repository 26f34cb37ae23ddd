// A storage as it is but for its flushes: counted, slowed down or left out by a test.

import type { Storage, StorageFile } from "../../worker/storage/storage.ts";

/** @param flush  what a flush of a file does instead; `file.flush()` is the real one */
export function wrapFlush(storage: Storage, flush: (file: StorageFile) => Promise<void>): Storage {
  return {
    backend: storage.backend,
    created: storage.created,
    close: () => storage.close(),
    destroy: () => storage.destroy(),
    file: (name) => {
      const file = storage.file(name);
      return {
        name,
        size: () => file.size(),
        read: (target, at) => file.read(target, at),
        write: (source, at) => file.write(source, at),
        truncate: (size) => file.truncate(size),
        flush: async (durability = "strict") =>
          durability === "strict" ? flush(file) : file.flush(durability),
      };
    },
  };
}
