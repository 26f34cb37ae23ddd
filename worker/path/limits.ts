// Sizes at which a path changes its ways. Tests make them small, to see in seconds what takes gigabytes.

import { LOG_BYTES_MAX } from "../log/log.ts";

export interface PathLimits {
  /** A log file takes no more than this; what does not fit waits for a rotation. */
  readonly logBytesMax: number;
  /** A part of at least this size goes straight to the data file: written once, at the cost of a flush. */
  readonly stagedBytesMin: number;
  /** The delta of a collection grows to this, and to this share of its image, before the image is written anew. */
  readonly deltaBytesMin: number;
  readonly deltaShareMin: number;
  /** Streams are packed when more than this is dead, and more than is alive. */
  readonly deadBytesMin: number;
  /** A checkpoint does not wait for a pause when more than this is dead, and four times what is alive. */
  readonly pressingBytesMin: number;
  /**
   * The end of the data file is moved down when at least this is free, and half of what is used; also when an eighth of
   * it is free beyond as much as is used.
   */
  readonly freeBlocksMin: number;
  /** Blocks of the data file that are kept for making room on a full disk. */
  readonly reserveBlocks: number;
}

export const pathLimits: PathLimits = {
  logBytesMax: LOG_BYTES_MAX,
  stagedBytesMin: 64 * 1024,
  deltaBytesMin: 256 * 1024,
  deltaShareMin: 0.5,
  deadBytesMin: 512 * 1024,
  pressingBytesMin: 32 * 2 ** 20,
  freeBlocksMin: 1024,
  reserveBlocks: 64,
};
