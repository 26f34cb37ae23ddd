// A blob: bytes written whole into one extent of the data file, named by a pointer with their checksum.

import { Failure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";
import type { StorageFile } from "../storage/storage.ts";
import { type Allocator, BLOCK_BYTES, blocksFor, type Extent } from "./extent.ts";

/** Where a blob lies, how long it is, and its checksum. */
export type Pointer = readonly [block: number, blocks: number, length: number, sum: number];

export function pointerExtent(pointer: Pointer): Extent {
  return [pointer[0], pointer[1]];
}

/** Writes `bytes` into a fresh extent. Not durable until the data file is flushed. */
export function writeBlob(data: StorageFile, allocator: Allocator, bytes: Uint8Array): Pointer {
  const extent = allocator.allocate(Math.max(1, blocksFor(bytes.length)));
  try {
    data.write(bytes, extent[0] * BLOCK_BYTES);
  } catch (error) {
    allocator.free([extent]);
    throw error;
  }
  return [extent[0], extent[1], bytes.length, checksum(bytes, extent[0])];
}

/** The blob's bytes, or undefined where they are damaged. */
export function tryReadBlob(data: StorageFile, pointer: Pointer): Uint8Array | undefined {
  const [block, , length, sum] = pointer;
  const bytes = new Uint8Array(length);
  const read = data.read(bytes, block * BLOCK_BYTES);
  return read === length && checksum(bytes, block) === sum ? bytes : undefined;
}

/** What lies in the blob's place; zeros where the file has ended. */
export function readBlobUnverified(data: StorageFile, [block, , length]: Pointer): Uint8Array {
  const bytes = new Uint8Array(length);
  data.read(bytes, block * BLOCK_BYTES);
  return bytes;
}

/** The blob's bytes. @throws {Failure} "corrupt", naming `what`, the file and the offset. */
export function readBlob(data: StorageFile, pointer: Pointer, what: string): Uint8Array {
  const bytes = tryReadBlob(data, pointer);
  if (bytes === undefined) {
    const offset = pointer[0] * BLOCK_BYTES;
    throw new Failure(
      "corrupt",
      `${what} is damaged: ${pointer[2]} bytes at byte ${offset} of ${data.name} fail their checksum`,
      {
        file: data.name,
        offset,
        length: pointer[2],
      },
    );
  }
  return bytes;
}
