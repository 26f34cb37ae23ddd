// What a path does on a full disk, the cheapest first: the log moves into the room that was kept for it, then
// what nobody needs is left out of a new root, then collections are packed. Nothing that was acknowledged
// is given up, and each step leaves the state before where it fails.

import { type Failure, isFailure } from "../../src/protocol/failure.ts";
import { BLOCK_BYTES, blocksFor } from "../data/extent.ts";
import { streamNames } from "../data/manifest.ts";
import { ROOT_BLOCKS } from "../data/root.ts";
import { isInLog } from "../data/stream.ts";
import { runCheckpoint } from "./checkpoint.ts";
import { flushOrBreak } from "./flush.ts";
import type { CheckpointHost } from "./images.ts";
import { isTight, type PathState, storedBytes } from "./path-state.ts";
import { relieve } from "./relief.ts";
import { releaseReserve, tryToKeepReserve } from "./reserve.ts";
import { squeeze, withoutImages } from "./squeeze.ts";
import { tailPays } from "./tail.ts";

/** A checkpoint; on a full disk one without images. @throws {Failure} "storage-full"; "outcome-unknown" */
export async function checkpointOrRelieve(state: PathState, host: CheckpointHost): Promise<void> {
  const bytes = storedBytes(state);
  if (state.storage.lacksReserve === true && state.deleted.length > 0) await giveBackDeleted(state, host);
  try {
    if (isTight(state)) await moveLog(state, host);
    else await runCheckpoint(state, host);
  } catch (error) {
    ignoreFull(error);
    await relieving(state, bytes, () => moveLogSomehow(state, host));
  }
}

/**
 * Gives back what deleted collections had, where a flush keeps all or nothing: in the room that the storage keeps
 * for that. Either the log goes into the data file, or, where that is too much, it stays.
 */
async function giveBackDeleted(state: PathState, host: CheckpointHost): Promise<void> {
  state.usesReserve = true;
  try {
    if (blocksInLog(state) <= state.limits.reserveBlocks) await moveLog(state, host);
    else await relieve(state);
  } finally {
    state.usesReserve = false;
  }
  // Only what was cut and flushed is room for others.
  for (const file of [state.data, state.log.file(0), state.log.file(1)]) await flushOrBreak(file);
}

/** What the log has of collections that are there, and their descriptors. */
function blocksInLog({ collections }: PathState): number {
  let blocks = 0;
  for (const store of collections.values()) {
    if (!store.isDirty) continue;
    const pieces = streamNames.flatMap((name) => store.streams[name].pieces.filter(isInLog));
    blocks += 2 + pieces.reduce((sum, { length }) => sum + blocksFor(length), 0);
  }
  return blocks;
}

/** Makes as much room as a sixteenth of the data file, or as can be made. @throws {Failure} as above */
export async function makeRoom(state: PathState, host: CheckpointHost): Promise<void> {
  if (state.storage.flushesWhole === true && state.deleted.length > 0) {
    return giveBackDeleted(state, host);
  }
  await relieving(state, storedBytes(state), async () => {
    await moveLogSomehow(state, host);
    const { usedBlocks } = state.allocator;
    const wanted = Math.max(state.limits.freeBlocksMin, usedBlocks >>> 4);
    releaseReserve(state);
    await squeeze(state, host, wanted).catch(ignoreFull);
    if (state.allocator.usedBlocks <= usedBlocks - wanted) return;
    await relieve(state);
    await squeeze(state, host, wanted);
  });
}

/** Moves what is in the log to where room is kept for it. Images can wait. */
async function moveLog(state: PathState, host: CheckpointHost): Promise<void> {
  const { data, allocator } = state;
  const blockLimit = tailPays(state)
    ? Math.max(ROOT_BLOCKS, allocator.usedBlocks)
    : Math.floor(data.size() / BLOCK_BYTES);
  await runCheckpoint(state, withoutImages(host), { blockLimit });
  state.log.shrinkOther(0);
}

/** Alike; if need be in the place of what collections had that are deleted, and of index images. */
async function moveLogSomehow(state: PathState, host: CheckpointHost): Promise<void> {
  try {
    await moveLog(state, host);
  } catch (error) {
    ignoreFull(error);
    await relieve(state);
    await moveLog(state, host);
  }
}

/** Runs what makes room on a disk that was full with so many bytes. */
async function relieving(state: PathState, bytes: number, run: () => Promise<void>): Promise<void> {
  let refusal: Failure | undefined;
  state.isRelieving = true;
  try {
    await run();
  } catch (error) {
    // After any other failure nothing may be written any more.
    ignoreFull(error);
    refusal = error;
  } finally {
    state.isRelieving = false;
  }
  tryToKeepReserve(state);
  state.full = { bytes, usedBlocks: state.allocator.usedBlocks };
  if (refusal !== undefined) throw refusal;
}

/** Whether there was no room. */
export function isFull(error: unknown): error is Failure {
  return isFailure(error) && error.code === "storage-full";
}

function ignoreFull(error: unknown): asserts error is Failure {
  if (!isFull(error)) throw error;
}
