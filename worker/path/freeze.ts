// A path's files as they are at one moment, to be read while writes go on: blocks of the data file that
// are in use then are not given out again before the thaw; roots and log frames are copied.

import { BLOCK_BYTES, type Extent } from "../data/extent.ts";
import { ROOT_BLOCKS } from "../data/root.ts";
import type { LogIndex } from "../log/log.ts";
import type { StorageFile } from "../storage/storage.ts";
import type { PathState } from "./path-state.ts";

export interface FrozenFiles {
  /** Blocks 0 to 3 of the data file. */
  readonly roots: Uint8Array;
  /** What recovery would read of the log. */
  readonly logs: readonly { readonly file: LogIndex; readonly bytes: Uint8Array }[];
  readonly data: StorageFile;
  /** Extents of the data file that anything may name, ascending. */
  readonly used: readonly Extent[];
  /** Idempotent. */
  thaw(): void;
}

/**
 * To be called when no write is half done.
 *
 * Cost: memory for the frames that no checkpoint has moved, at most two log files.
 */
export function freezeFiles({ data, log, allocator, reserve }: PathState): FrozenFiles {
  const roots = new Uint8Array(ROOT_BLOCKS * BLOCK_BYTES);
  data.read(roots, 0);
  const used = allocator.usedRuns(ROOT_BLOCKS).flatMap((run) => without(run, reserve));
  return { roots, logs: log.copyFiles(), data, used, thaw: allocator.hold(used) };
}

/** What is left of `run` on both sides of `hole`, which has no content. */
function without(run: Extent, hole: Extent | undefined): Extent[] {
  const end = run[0] + run[1];
  if (hole === undefined || hole[0] < run[0] || hole[0] >= end) return [run];
  const holeEnd = hole[0] + hole[1];
  const sides: Extent[] = [
    [run[0], hole[0] - run[0]],
    [holeEnd, end - holeEnd],
  ];
  return sides.filter(([, blocks]) => blocks > 0);
}
