// Space of deleted and updated records: pieces of a stream of which records use half or less are packed,
// neighbours together. So a stream takes at most about twice what is used of it, and each byte that is
// copied has made room for at least one.

import { BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import { clipRanges, encodeHead, type Ranges, rangesBytes } from "../data/packed.ts";
import { extentOf, type Piece, type Stream } from "../data/stream.ts";
import { EXTENT_BYTES_MAX, type SliceWriter } from "./slice-writer.ts";

/** Neighbouring pieces of a stream, and those that take their place. */
export interface MovedRun {
  readonly stream: Stream;
  readonly covered: readonly Piece[];
  readonly replacement: readonly Piece[];
  /** Extents of `covered` that nothing uses any more; all of them when absent. */
  readonly freed?: readonly Extent[];
}

/** Packs what is worth it. @param live  what records use; later writes lie behind `pieces` */
export async function packStream(
  writer: SliceWriter,
  stream: Stream,
  pieces: readonly Piece[],
  live: Ranges,
): Promise<MovedRun[]> {
  const moved: MovedRun[] = [];
  for (const covered of wornRuns(pieces, live)) {
    const start = covered[0]!.start;
    const end = endOf(covered.at(-1)!);
    const ranges = clipRanges(live, start, end);
    const headBytes = encodeHead(ranges, start).length;
    const isEmpty = ranges.starts.length === 0;
    if (!isEmpty && blocksFor(headBytes + rangesBytes(ranges)) * 2 > blocksOf(covered)) continue;
    const replacement = isEmpty ? [] : [await writer.pack(stream, start, end - start, ranges)];
    moved.push({ stream, covered, replacement });
  }
  return moved;
}

/** Runs of neighbouring pieces, each of which is used by half or less; what is used of a run fits in one extent. */
function wornRuns(pieces: readonly Piece[], live: Ranges): Piece[][] {
  const runs: Piece[][] = [];
  let run: Piece[] = [];
  let used = 0;
  const close = (): void => {
    if (run.length > 0) runs.push(run);
    run = [];
    used = 0;
  };
  for (const piece of pieces) {
    const liveBytes = rangesBytes(clipRanges(live, piece.start, endOf(piece)));
    const isWorn = liveBytes * 2 <= bytesOf(piece);
    if (!isWorn || used + liveBytes > EXTENT_BYTES_MAX) close();
    if (!isWorn) continue;
    run.push(piece);
    used += liveBytes;
  }
  close();
  return runs;
}

export function endOf({ start, length }: Piece): number {
  return start + length;
}

/** What a piece takes: of a packed one, what is left of it. */
function bytesOf(piece: Piece): number {
  const extent = extentOf(piece);
  return piece.headBytes === undefined || extent === undefined ? piece.length : extent[1] * BLOCK_BYTES;
}

export function blocksOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (extentOf(piece)?.[1] ?? blocksFor(piece.length)), 0);
}
