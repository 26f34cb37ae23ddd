// The root: the one place that names the manifest, and with it everything that is committed.
// Two slots take turns, each with two copies in blocks of their own, so that neither a torn write nor
// one damaged block loses both the new and the old state. Writing a slot and flushing it is the commit.

import { Failure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";
import type { StorageFile } from "../storage/storage.ts";
import type { Pointer } from "./blob.ts";
import { BLOCK_BYTES } from "./extent.ts";

/**
 * | offset | bytes | field                                                    |
 * |-------:|------:|----------------------------------------------------------|
 * |      0 |     4 | magic "CLDB"                                             |
 * |      4 |     4 | format version                                           |
 * |      8 |     8 | path id                                                  |
 * |     16 |     8 | generation, one more at each commit                      |
 * |     24 |    24 | manifest: u64 block, u64 blocks, u32 length, u32 checksum |
 * |     48 |    24 | its second copy, alike                                   |
 * |     72 |     4 | checksum of bytes 0 to 71                                |
 */
const ROOT_BYTES = 76;
const ROOT_MAGIC = 0x42444c43;
export const FORMAT_VERSION = 2;

/** Slot 0 copies in blocks 0 and 1, slot 1 copies in blocks 2 and 3. */
export const ROOT_BLOCKS = 4;

export interface Root {
  readonly version: number;
  readonly pathId: bigint;
  readonly generation: number;
  readonly manifests: readonly [Pointer, Pointer];
}

/** Writes both copies of the slot whose turn it is. The commit is the flush that follows. */
export function writeRoot(data: StorageFile, root: Root): void {
  const bytes = encodeRoot(root);
  for (const block of slotBlocks(root.generation)) data.write(bytes, block * BLOCK_BYTES);
}

/** The blocks of the two copies of a generation's root. */
export function slotBlocks(generation: number): readonly [number, number] {
  const first = (generation % 2) * 2;
  return [first, first + 1];
}

/**
 * The newest readable root, or undefined where there is none.
 * @param data  the data file, or what has its first blocks
 * @throws {Failure}  "format-newer"
 */
export function readRoot(data: Pick<StorageFile, "name" | "read">): Root | undefined {
  let newest: Root | undefined;
  for (let block = 0; block < ROOT_BLOCKS; block++) {
    const bytes = new Uint8Array(ROOT_BYTES);
    if (data.read(bytes, block * BLOCK_BYTES) < ROOT_BYTES) continue;
    const root = decodeRoot(bytes);
    if (root !== undefined && root.generation > (newest?.generation ?? -1)) newest = root;
  }
  if (newest !== undefined && newest.version > FORMAT_VERSION) {
    throw new Failure(
      "format-newer",
      `${data.name} has format version ${newest.version}; this build of Chromalite reads up to ${FORMAT_VERSION}`,
      { file: data.name, version: newest.version, supported: FORMAT_VERSION },
    );
  }
  return newest;
}

function encodeRoot(root: Root): Uint8Array {
  const bytes = new Uint8Array(ROOT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ROOT_MAGIC, true);
  view.setUint32(4, root.version, true);
  view.setBigUint64(8, root.pathId, true);
  view.setBigUint64(16, BigInt(root.generation), true);
  root.manifests.forEach(([block, blocks, length, sum], copy) => {
    const at = 24 + copy * 24;
    view.setBigUint64(at, BigInt(block), true);
    view.setBigUint64(at + 8, BigInt(blocks), true);
    view.setUint32(at + 16, length, true);
    view.setUint32(at + 20, sum, true);
  });
  view.setUint32(72, checksum(bytes.subarray(0, 72), 0), true);
  return bytes;
}

function decodeRoot(bytes: Uint8Array): Root | undefined {
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0, true) !== ROOT_MAGIC) return undefined;
  if (checksum(bytes.subarray(0, 72), 0) !== view.getUint32(72, true)) return undefined;
  const pointerAt = (at: number): Pointer => [
    Number(view.getBigUint64(at, true)),
    Number(view.getBigUint64(at + 8, true)),
    view.getUint32(at + 16, true),
    view.getUint32(at + 20, true),
  ];
  return {
    version: view.getUint32(4, true),
    pathId: view.getBigUint64(8, true),
    generation: Number(view.getBigUint64(16, true)),
    manifests: [pointerAt(24), pointerAt(48)],
  };
}
