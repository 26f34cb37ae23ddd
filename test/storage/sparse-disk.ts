// A storage on a disk that counts as most file systems do: a block takes room when it is first written. Whoever
// writes behind the end of a file leaves a hole, and meets a full disk in it later.

import { Failure } from "../../src/protocol/failure.ts";
import type { Storage, StorageFile } from "../../worker/storage/storage.ts";

const BLOCK_BYTES = 4096;

/** @param capacityBytes  of all files together, in whole blocks */
export function sparseDisk(storage: Storage, names: readonly string[], capacityBytes: number): Storage {
  const written = new Map(names.map((name) => [name, new Set<number>()]));
  const room = (): number => {
    const blocks = [...written.values()].reduce((sum, { size }) => sum + size, 0);
    return Math.floor(capacityBytes / BLOCK_BYTES) - blocks;
  };
  return {
    backend: storage.backend,
    created: storage.created,
    close: () => storage.close(),
    destroy: () => storage.destroy(),
    file: (name) => sparseFile(storage.file(name), written.get(name)!, room),
  };
}

function sparseFile(file: StorageFile, written: Set<number>, room: () => number): StorageFile {
  const write = (source: Uint8Array, at: number): void => {
    for (let from = at; from < at + source.length; from = nextBlock(from)) {
      const block = Math.floor(from / BLOCK_BYTES);
      if (!written.has(block) && room() === 0) {
        throw new Failure("storage-full", `no room for byte ${from} of ${file.name}`);
      }
      written.add(block);
      file.write(source.subarray(from - at, nextBlock(from) - at), from);
    }
  };
  return {
    name: file.name,
    size: () => file.size(),
    read: (target, at) => file.read(target, at),
    flush: (durability) => file.flush(durability),
    truncate: (size) => {
      if (size > file.size()) write(new Uint8Array(size - file.size()), file.size());
      else file.truncate(size);
      for (const block of written) if (block * BLOCK_BYTES >= size) written.delete(block);
    },
    write,
  };
}

function nextBlock(offset: number): number {
  return (Math.floor(offset / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}
