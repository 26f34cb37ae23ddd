// Writes of a backend's file may be short, and one of nothing means that there is no room.

import type { BackendFile } from "./backend.ts";
import { storageFailure } from "./storage-failure.ts";

/** @throws {Failure}  "storage-full": a part is written; what the platform throws too */
export function writeAll(file: Pick<BackendFile, "write">, source: Uint8Array, at: number): void {
  for (let done = 0; done < source.length;) {
    const count = file.write(source.subarray(done), at + done);
    if (count === 0) {
      throw storageFailure("storage-full", `no room for ${source.length} bytes at ${at}`, { at: at + done });
    }
    done += count;
  }
}
