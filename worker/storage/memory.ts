// Storage in memory. It is asked for by name and never fallen back to: nothing in it outlives its
// `Disk`, and nothing is durable.

import type { BackendDirectory, BackendFile } from "./backend.ts";
import { ChunkedBytes } from "./chunked-bytes.ts";

/** Files by name, as a machine finds them at start. */
export type Disk = Map<string, ChunkedBytes>;

/** Opens `files` of `disk`; without a disk the bytes go with the storage. */
export function openMemory(files: readonly string[], disk: Disk = new Map()): BackendDirectory {
  const created = files.every((name) => !disk.has(name));
  const opened = new Map<string, BackendFile>();
  for (const name of files) {
    const bytes = disk.get(name) ?? new ChunkedBytes();
    disk.set(name, bytes);
    opened.set(name, new MemoryFile(bytes));
  }
  return {
    backend: "memory",
    path: "memory",
    created,
    files: opened,
    close: () => {},
    remove: () => disk.clear(),
  };
}

class MemoryFile implements BackendFile {
  readonly #bytes: ChunkedBytes;

  constructor(bytes: ChunkedBytes) {
    this.#bytes = bytes;
  }

  size(): number {
    return this.#bytes.size;
  }

  read(target: Uint8Array, at: number): number {
    return this.#bytes.read(target, at);
  }

  write(source: Uint8Array, at: number): number {
    this.#bytes.write(source, at);
    return source.length;
  }

  truncate(size: number): void {
    this.#bytes.truncate(size);
  }

  flush(): void {}
}
