// Room on a full disk where nothing can be dropped: what collections do not use any more is packed inside the data
// file, round by round, each of which makes room for the next; then what lies highest moves down, and the
// file is cut. Each round is a checkpoint of its own: whatever stops it, the one before holds.

import { isFailure } from "../../src/protocol/failure.ts";
import { BLOCK_BYTES } from "../data/extent.ts";
import { ROOT_BLOCKS } from "../data/root.ts";
import { runCheckpoint } from "./checkpoint.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { CheckpointHost } from "./images.ts";
import { imagesOf } from "./move-collection.ts";
import type { PathState } from "./path-state.ts";

/**
 * A collection is packed when of its vectors and texts one byte in so many is unused, and a part of what packing is
 * worth it for at any time: 16 KiB, four blocks. It is known to be so once it is loaded.
 */
const UNUSED_SHARE = 16;
const UNUSED_BYTES_SHARE = 1 / 32;
/** Another round is worth it when the last one gained this share of the reserve. */
const GAINED_SHARE = 1 / 8;

/**
 * Packs until `wantedBlocks` more are free, or nothing is left to pack, and gives the end of the file back.
 * To be called while the file keeps what it has (`isRelieving`) and without its reserve.
 *
 * Cost: collections that are not loaded are, as far as it takes; at most eight bytes are copied for each that comes back.
 *
 * @throws {Failure}  "storage-full": there is no room left to pack in; "outcome-unknown"
 */
export async function squeeze(state: PathState, host: CheckpointHost, wantedBlocks: number): Promise<void> {
  const { allocator } = state;
  takeRest(state);
  const goal = allocator.usedBlocks - wantedBlocks;
  for (const store of largestFirst(state)) {
    if (allocator.usedBlocks <= goal) break;
    if (store.isDeleted) continue;
    await host.load(store.id);
    await squeezeCollection(state, host, store, goal);
  }
  allocator.trim();
  if (allocator.freeBlocks >= gainMin(state)) {
    const blockLimit = Math.max(ROOT_BLOCKS, allocator.usedBlocks);
    await runCheckpoint(state, withoutImages(host), { blockLimit });
  }
}

/** A host of which a checkpoint gets no images: those can wait. */
export function withoutImages(host: CheckpointHost): CheckpointHost {
  return { ...host, images: () => undefined };
}

async function squeezeCollection(
  state: PathState,
  host: CheckpointHost,
  store: CollectionStore,
  goal: number,
): Promise<void> {
  const images = imagesOf(store, host);
  const held = heldBytes(store);
  const unused = held - (images?.liveBytes ?? held);
  if (images === undefined || unused < Math.max(unusedMin(state), held / UNUSED_SHARE)) return;
  const { allocator, data } = state;
  const { vectors, texts } = store.streams;
  const ends = { vectors: vectors.end, texts: texts.end };
  const live = await images.liveRanges(() => host.pause());
  for (let gained = Infinity; gained >= gainMin(state) && !store.isDeleted;) {
    if (allocator.usedBlocks <= goal) return;
    const before = allocator.usedBlocks;
    const blockLimit = Math.floor(data.size() / BLOCK_BYTES);
    await runCheckpoint(state, withoutImages(host), { blockLimit, packs: { store, live, ends } });
    gained = before - allocator.usedBlocks;
  }
}

/** All that the file has, and what is left of the disk as far as a reserve goes. */
function takeRest({ allocator, data, limits, storage }: PathState): void {
  // Where a flush keeps all or nothing, the rest of the disk is not met before it.
  if (storage.flushesWhole !== true) {
    try {
      data.write(new Uint8Array(limits.reserveBlocks * BLOCK_BYTES), data.size());
    } catch (error) {
      // A part of it may be there: whatever the file has now is room.
      if (!isFailure(error) || error.code !== "storage-full") throw error;
    }
  }
  allocator.reach(Math.floor(data.size() / BLOCK_BYTES));
}

function unusedMin({ limits }: PathState): number {
  return limits.deadBytesMin * UNUSED_BYTES_SHARE;
}

function gainMin({ limits }: PathState): number {
  return Math.max(1, limits.reserveBlocks * GAINED_SHARE);
}

function largestFirst(state: PathState): CollectionStore[] {
  return [...state.collections.values()]
    .filter((store) => !store.isDamaged && heldBytes(store) >= unusedMin(state))
    .sort((a, b) => heldBytes(b) - heldBytes(a));
}

function heldBytes({ streams: { vectors, texts } }: CollectionStore): number {
  return vectors.heldBytes + texts.heldBytes;
}
