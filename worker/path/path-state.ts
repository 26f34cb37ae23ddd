// What a path, its checkpoints and its opening work on.

import { type Allocator, BLOCK_BYTES, type Extent } from "../data/extent.ts";
import type { Manifest } from "../data/manifest.ts";
import type { Root } from "../data/root.ts";
import type { Log } from "../log/log.ts";
import type { Storage, StorageFile } from "../storage/storage.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { PathLimits } from "./limits.ts";

/** A collection that a checkpoint is working on. */
export interface Turn {
  readonly collection: string;
  /** Set where the collection's memory was given up: what was taken of it so far is not to be used. */
  isOver: boolean;
}

/** What a path is made of; `openPath` puts it together. */
export interface PathState {
  readonly storage: Storage;
  readonly data: StorageFile;
  readonly log: Log;
  readonly allocator: Allocator;
  readonly collections: Map<string, CollectionStore>;
  readonly limits: PathLimits;
  root: Root;
  manifest: Manifest;
  /** Whether it pays to move the end of the file down, and when that was looked at: by `blocksFreed`. */
  tail?: { readonly pays: boolean; readonly at: number };
  turn?: Turn | undefined;
  /** Extents that nothing uses any more but the flushed root may name: free after the next root. */
  released: Extent[];
  /** Collections deleted since the flushed root, whose extents are free after the next one alike. */
  deleted: CollectionStore[];
  /** Blocks that only what makes room on a full disk may use; undefined where they are not taken. */
  reserve?: Extent | undefined;
  /** Blocks for the next checkpoint: those behind the last one in use, those between others; for how much log. */
  roomBlocks: number;
  roomBetween: number;
  roomForLogBytes: number;
  /** While room is made on a full disk the data file keeps all that it has. */
  isRelieving?: boolean;
  /** While what was deleted is given back a root may take the room that the storage keeps beside the files. */
  usesReserve?: boolean;
  /** What the files had when the disk was last full: all of their bytes, and the blocks in use after room was made. */
  full?: { readonly bytes: number; readonly usedBlocks: number };
}

/** Bytes of all files. */
export function storedBytes({ data, log }: PathState): number {
  return data.size() + log.file(0).size() + log.file(1).size();
}

/**
 * Whether the disk was full and nothing tells that it is not any more: neither have the files outgrown what they had
 * then, nor has an eighth of what was in use become free. Images wait for that: each try would write until it is
 * full again.
 */
export function isTight(state: PathState): boolean {
  const { full, allocator } = state;
  if (full === undefined) return false;
  return storedBytes(state) <= full.bytes && allocator.usedBlocks * 8 > full.usedBlocks * 7;
}

/** Frees blocks that no flushed root names, and gives the end of the data file back to the disk. */
export function giveBack(state: PathState, extents: Iterable<Extent>): void {
  const { data, allocator, reserve } = state;
  allocator.free(extents);
  if (reserve !== undefined) {
    // It moves down, so that it does not keep the end of the file.
    allocator.free([reserve]);
    state.reserve = allocator.allocate(reserve[1]);
  }
  if (state.isRelieving === true) return;
  allocator.trim();
  // Room that lay between others may lie behind the last one now.
  const missing = Math.max(0, state.roomBetween - allocator.freeBlocks);
  state.roomBetween -= missing;
  state.roomBlocks += missing;
  const bytes = (allocator.endBlock + state.roomBlocks) * BLOCK_BYTES;
  if (data.size() > bytes) data.truncate(bytes);
}
