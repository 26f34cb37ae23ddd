// Space of deleted and updated records on a full disk: pieces are packed below the end of the file, where
// room is, as small as that room may be. What does not fit as a whole is begun from its front, and what lies behind
// stays where it is, in what is left of its extent.

import { BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import { clipRanges, encodeHead, type Ranges, rangesBytes } from "../data/packed.ts";
import { extentOf, isPacked, type Piece, type Stream } from "../data/stream.ts";
import { endOf, type MovedRun } from "./pack-streams.ts";
import type { SliceWriter } from "./slice-writer.ts";

/** A piece is worth it when one block in so many comes back. */
const GAIN_SHARE = 8;

interface Worn {
  readonly piece: Piece;
  readonly extent: Extent;
  /** Blocks that it would take packed. */
  readonly blocks: number;
}

/** Packs what finds room, the most worn first. @param live  what records use; later writes lie behind `pieces` */
export async function squeezeStream(
  writer: SliceWriter,
  stream: Stream,
  pieces: readonly Piece[],
  live: Ranges,
): Promise<MovedRun[]> {
  const moved: MovedRun[] = [];
  for (const { piece, extent, blocks } of wornPieces(pieces, live)) {
    if (blocks === 0) {
      moved.push({ stream, covered: [piece], replacement: [] });
      continue;
    }
    const ranges = clipRanges(live, piece.start, endOf(piece));
    const packed = await writer.pack(stream, piece.start, piece.length, ranges, extent);
    const run =
      packed === undefined
        ? await squeezeFront(writer, stream, piece, extent, live)
        : { stream, covered: [piece], replacement: [packed] };
    if (run !== undefined) moved.push(run);
  }
  return moved;
}

/** Packs as much of a piece's beginning as finds room. */
async function squeezeFront(
  writer: SliceWriter,
  stream: Stream,
  piece: Piece,
  extent: Extent,
  live: Ranges,
): Promise<MovedRun | undefined> {
  const [block, blocks] = extent;
  if (isPacked(piece)) return undefined;
  const room = writer.bytesBelow;
  const rangesOf = (front: number): Ranges =>
    clipRanges(live, piece.start, piece.start + front * BLOCK_BYTES);
  let front = 0;
  for (let step = 2 ** Math.floor(Math.log2(blocks)); step >= 1; step /= 2) {
    const longer = front + step;
    if (longer < blocks && packedBytes(rangesOf(longer), piece.start) <= room) front = longer;
  }
  const ranges = rangesOf(front);
  const taken = blocksFor(packedBytes(ranges, piece.start));
  if (!isWorthIt(front, taken)) return undefined;
  const bytes = front * BLOCK_BYTES;
  const isEmpty = ranges.starts.length === 0;
  const packed = isEmpty ? undefined : await writer.pack(stream, piece.start, bytes, ranges, extent);
  if (packed === undefined && !isEmpty) return undefined;
  const rest: Piece = {
    start: piece.start + bytes,
    length: piece.length - bytes,
    place: [block + front, blocks - front],
  };
  return {
    stream,
    covered: [piece],
    replacement: packed === undefined ? [rest] : [packed, rest],
    freed: [[block, front]],
  };
}

function wornPieces(pieces: readonly Piece[], live: Ranges): Worn[] {
  const worn: Worn[] = [];
  for (const piece of pieces) {
    const extent = extentOf(piece);
    if (extent === undefined) continue;
    const ranges = clipRanges(live, piece.start, endOf(piece));
    const isEmpty = ranges.starts.length === 0;
    const blocks = isEmpty ? 0 : blocksFor(packedBytes(ranges, piece.start));
    if (isWorthIt(extent[1], blocks)) worn.push({ piece, extent, blocks });
  }
  return worn.sort((a, b) => a.blocks / a.extent[1] - b.blocks / b.extent[1]);
}

function isWorthIt(blocks: number, packedBlocks: number): boolean {
  return packedBlocks < blocks && (blocks - packedBlocks) * GAIN_SHARE >= blocks;
}

function packedBytes(ranges: Ranges, start: number): number {
  return encodeHead(ranges, start).length + rangesBytes(ranges);
}
