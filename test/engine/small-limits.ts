// Limits of a path so small that a short workload rotates the log, writes images, packs and checkpoints often.

import type { PathLimits } from "../../worker/path/limits.ts";

export const smallLimits = {
  logBytesMax: 24 * 1024,
  stagedBytesMin: 8 * 1024,
  deltaBytesMin: 4 * 1024,
  deltaShareMin: 0,
  deadBytesMin: 256,
  freeBlocksMin: 4,
  reserveBlocks: 8,
} as const satisfies Partial<PathLimits>;
