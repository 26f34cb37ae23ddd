// Where the parts of writes go: small ones into their frames, large ones straight into the data file, which is
// written here. Nothing names them yet.

import { BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import type { StreamName } from "../data/manifest.ts";
import { draftFrame, type FrameDraft } from "../log/frame.ts";
import { isTight, type PathState } from "./path-state.ts";
import { leaveRoomBehind } from "./reserve.ts";
import { EXTENT_BYTES_MAX } from "./slice-writer.ts";
import type { FrameHead, StoredPart, Write } from "./write.ts";

/** A write as the log will have it, and where its parts are to be found. */
export interface PlacedWrite {
  readonly draft: FrameDraft;
  readonly parts: readonly StoredPart[];
}

/**
 * Writes parts of `stagedBytesMin` and more to the data file, and drafts the frames.
 * @param staged  gets the extents that are taken, also where it throws
 * @throws {Failure}  "storage-full"
 */
export function placeWrites(
  state: PathState,
  writes: readonly Write[],
  staged: Extent[],
  stagedBytesMin: number,
): PlacedWrite[] {
  const ends = new Map<string, Map<StreamName, number>>();
  return writes.map((write) => {
    const inline: Uint8Array[] = [];
    const parts: StoredPart[] = [];
    const { collection, catalog, creates, deletes, sent } = write;
    const streams = collection === undefined ? undefined : state.collections.get(collection)?.streams;
    for (const [name, bytes] of Object.entries(write.parts ?? {}) as [StreamName, Uint8Array][]) {
      if (collection === undefined) throw new Error("parts of a write need a collection");
      const provisional = ends.get(collection) ?? new Map<StreamName, number>();
      ends.set(collection, provisional);
      const start = provisional.get(name) ?? streams?.[name].end ?? 0;
      provisional.set(name, start + bytes.length);
      if (bytes.length < stagedBytesMin) {
        inline.push(bytes);
        parts.push([name, start, bytes.length, null]);
      } else {
        parts.push(...stage(state, name, start, bytes, staged));
      }
    }
    const head: FrameHead = {
      ...(collection === undefined ? {} : { collection }),
      ...(catalog === undefined ? {} : { catalog }),
      ...(creates === undefined ? {} : { creates }),
      ...(deletes === undefined ? {} : { deletes }),
      ...(sent === undefined ? {} : { sent }),
      ...(parts.length === 0 ? {} : { parts }),
    };
    return { draft: draftFrame(head, inline), parts };
  });
}

function stage(
  state: PathState,
  name: StreamName,
  start: number,
  bytes: Uint8Array,
  staged: Extent[],
): StoredPart[] {
  const parts: StoredPart[] = [];
  for (let at = 0; at < bytes.length;) {
    const wanted = Math.min(bytes.length - at, EXTENT_BYTES_MAX);
    const extent = allocate(state, blocksFor(wanted));
    staged.push(extent);
    const piece = bytes.subarray(at, at + Math.min(wanted, extent[1] * BLOCK_BYTES));
    state.data.write(piece, extent[0] * BLOCK_BYTES);
    parts.push([name, start + at, piece.length, extent]);
    at += piece.length;
  }
  return parts;
}

/**
 * An extent of so many blocks that leaves the room for the log as it is; on a full disk of fewer, where the file has
 * none that is long enough.
 */
function allocate(state: PathState, blocks: number): Extent {
  const { allocator, data } = state;
  const fileEnd = Math.floor(data.size() / BLOCK_BYTES);
  const within = isTight(state) ? allocator.allocateUpTo(blocks, fileEnd) : undefined;
  if (within !== undefined) return within;
  if (state.roomBlocks === 0 || allocator.freeBlocks >= state.roomBetween + blocks) {
    return allocator.allocate(blocks);
  }
  leaveRoomBehind(state);
  return allocator.allocateLast(blocks);
}
