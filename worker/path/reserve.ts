// What a full disk must not take: blocks for making room, and as much of the data file as the next
// checkpoint moves there. A write for which that cannot be kept is refused.

import { isFailure } from "../../src/protocol/failure.ts";
import { BLOCK_BYTES, blocksFor } from "../data/extent.ts";
import type { StorageFile } from "../storage/storage.ts";
import { giveBack, type PathState } from "./path-state.ts";

/** Log bytes that room is kept for at a time: this, or a sixteenth of a log file. */
const ROOM_STEP_BYTES_MAX = 256 * 1024;
/** What is left of the last block of each of its streams. */
const SLACK_BLOCKS_PER_COLLECTION = 3;

/**
 * Sees to it that the data file has room for a checkpoint of what is in the log and `bytes` more: free blocks
 * between others, for what can be split, and blocks behind the last one in use.
 * @throws {Failure}  "storage-full"
 */
export function keepRoom(state: PathState, bytes: number): void {
  keepReserve(state);
  const wanted = state.log.pendingBytes + bytes;
  if (wanted <= state.roomForLogBytes && hasRoom(state)) return;
  const step = Math.min(ROOM_STEP_BYTES_MAX, state.log.bytesMax >>> 4);
  try {
    extendRoom(state, wanted + step);
  } catch (error) {
    if (!isFailure(error) || error.code !== "storage-full") throw error;
    extendRoom(state, wanted);
  }
}

/** False: parts that bypassed the log have taken of it since. */
function hasRoom({ data, allocator, roomBlocks, roomBetween }: PathState): boolean {
  return (
    allocator.freeBlocks >= roomBetween && data.size() >= (allocator.endBlock + roomBlocks) * BLOCK_BYTES
  );
}

function extendRoom(state: PathState, logBytes: number): void {
  const { data, allocator, collections, manifest } = state;
  const dirty = [...collections.values()].filter((store) => store.isDirty);
  const descriptors = dirty.reduce((sum, store) => sum + 2 * ((store.descriptors[0]?.[1] ?? 0) + 1), 0);
  // Two manifests of some 60 bytes a collection.
  const manifests =
    2 * blocksFor(64 * (collections.size + 1)) + 2 * blocksFor(64 * manifest.collections.length);
  // The collection that is being written to may not be dirty yet.
  const moved = blocksFor(logBytes) + SLACK_BLOCKS_PER_COLLECTION * (dirty.length + 1);
  const whole = descriptors + 2 + manifests;
  const { freeBlocks } = allocator;
  // What is not split finds its place among so many.
  const isAmple = freeBlocks >= 2 * (moved + whole) && allocator.longestBelow(Infinity) >= whole;
  const between = isAmple ? moved + whole : Math.min(moved, freeBlocks);
  const blocks = moved + whole - between;
  const end = (allocator.endBlock + blocks) * BLOCK_BYTES;
  if (data.size() < end) extendFile(data, end);
  state.roomBlocks = blocks;
  state.roomBetween = between;
  state.roomForLogBytes = logBytes;
}

function extendFile(data: StorageFile, end: number): void {
  const size = data.size();
  try {
    data.truncate(end);
  } catch (error) {
    if (isFailure(error) && error.code === "storage-full") data.truncate(size);
    throw error;
  }
}

/** Counts the room behind the last block in use as room between others: what comes is placed behind it. */
export function leaveRoomBehind(state: PathState): void {
  state.allocator.reach(state.allocator.endBlock + state.roomBlocks);
  state.roomBetween += state.roomBlocks;
  state.roomBlocks = 0;
}

/** The log is in the data file now: room is taken for what comes. */
export function releaseRoom(state: PathState): void {
  state.roomBlocks = 0;
  state.roomBetween = 0;
  state.roomForLogBytes = 0;
}

/**
 * Takes the reserve, where it is not taken: blocks that the data file has, since only those can be
 * written when the disk is full.
 * @throws {Failure}  "storage-full": the disk is full already
 */
function keepReserve(state: PathState): void {
  const { data, allocator, limits } = state;
  if (state.reserve !== undefined) return;
  const extent = allocator.allocate(limits.reserveBlocks);
  const size = data.size();
  const start = Math.max(size, extent[0] * BLOCK_BYTES);
  const end = (extent[0] + extent[1]) * BLOCK_BYTES;
  try {
    if (start < end) data.write(new Uint8Array(end - start), start);
  } catch (error) {
    allocator.free([extent]);
    giveBack(state, []);
    throw error;
  }
  state.reserve = extent;
}

/** As `keepReserve`; where it cannot be taken the next write will be refused. */
export function tryToKeepReserve(state: PathState): void {
  try {
    keepReserve(state);
  } catch (error) {
    if (!isFailure(error) || error.code !== "storage-full") throw error;
  }
  giveBack(state, []);
}

/** Lets the reserve be used: by what makes room. */
export function releaseReserve(state: PathState): void {
  if (state.reserve !== undefined) state.allocator.free([state.reserve]);
  state.reserve = undefined;
}
