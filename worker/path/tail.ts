// The end of the data file: where much of the file is free, a checkpoint moves what lies highest down
// into it, and the file is cut.

import { ROOT_BLOCKS } from "../data/root.ts";
import type { PathState } from "./path-state.ts";

/**
 * The block from which on extents are to move down; undefined where little would come of it. As many
 * bytes as are copied come back at least.
 */
export function startOfTail({ allocator, limits, tailTriedAt }: PathState): number | undefined {
  const { freeBlocks, usedBlocks, endBlock } = allocator;
  if (freeBlocks < limits.freeBlocksMin || freeBlocks * 2 < usedBlocks) return undefined;
  // What is left of a try found no place; it is tried again when the file has become another.
  if (endBlock === tailTriedAt) return undefined;
  return Math.max(ROOT_BLOCKS, usedBlocks);
}
