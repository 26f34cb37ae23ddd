// What the roots of a path say while an archive is being written into it: that there is no database.
// Whoever finds the mark and no root begins with an empty path.

import { checksum } from "../checksum.ts";
import type { StorageFile } from "../storage/storage.ts";
import { BLOCK_BYTES } from "./extent.ts";
import { type Root, ROOT_BLOCKS, slotBlocks } from "./root.ts";

/** Magic "CLIM" and its checksum, at the start of each root block. */
const MARK_BYTES = 8;
const MARK_MAGIC = 0x4d494c43;

/** Puts the mark in the place of all roots. Not durable until the data file is flushed. */
export function writeImportMark(data: StorageFile): void {
  const blocks = new Uint8Array(ROOT_BLOCKS * BLOCK_BYTES);
  for (let block = 0; block < ROOT_BLOCKS; block++) blocks.set(encodeMark(), block * BLOCK_BYTES);
  data.write(blocks, 0);
}

/**
 * Takes away the mark that is left beside the root of an import that ended. It has to be durable by then: where that
 * slot's copies are lost, the mark still says that there is nothing.
 */
export function removeImportMark(data: StorageFile, root: Root): void {
  for (const block of slotBlocks(root.generation + 1)) {
    data.write(new Uint8Array(BLOCK_BYTES), block * BLOCK_BYTES);
  }
}

/** Whether an import began here. It was finished where there is a root too. */
export function hasImportMark(data: StorageFile): boolean {
  const mark = encodeMark();
  for (let block = 0; block < ROOT_BLOCKS; block++) {
    const found = new Uint8Array(MARK_BYTES);
    data.read(found, block * BLOCK_BYTES);
    if (found.every((byte, i) => byte === mark[i])) return true;
  }
  return false;
}

/** Makes a path empty in which an import began. The mark goes last. */
export async function clearImport(data: StorageFile, logs: readonly StorageFile[]): Promise<void> {
  for (const log of logs) {
    log.truncate(0);
    await log.flush();
  }
  data.truncate(0);
  await data.flush();
}

function encodeMark(): Uint8Array {
  const bytes = new Uint8Array(MARK_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MARK_MAGIC, true);
  view.setUint32(4, checksum(bytes.subarray(0, 4), 0), true);
  return bytes;
}
