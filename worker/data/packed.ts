// What is left of a range of a stream when most of it is no longer used: the parts still used, one
// after another in one extent, behind a head that says where in the range they were. Offsets in the
// stream stay what they are, so nothing that names them has to change.

import { checksum } from "../checksum.ts";
import type { StorageFile } from "../storage/storage.ts";
import { BLOCK_BYTES } from "./extent.ts";

/**
 * | offset | bytes | head of a packed piece                                                       |
 * |-------:|------:|------------------------------------------------------------------------------|
 * |      0 |     4 | checksum of the rest of the head, seeded with the extent's first block       |
 * |      4 |     4 | number of parts                                                              |
 * |      8 |       | of each part, LEB128: bytes left out before it, its length                   |
 */
const FIXED_BYTES = 8;
const VARINT_BYTES_MAX = 8;

/** Ranges of a stream, ascending, neither empty nor adjacent: `starts[i]` to before `ends[i]`. */
export interface Ranges {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** The first range that ends after `offset`. */
export function rangeAt({ ends }: Ranges, offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What of `ranges` lies from `start` to before `end`. */
export function clipRanges(ranges: Ranges, start: number, end: number): Ranges {
  const first = rangeAt(ranges, start);
  let last = first;
  while (last < ranges.starts.length && ranges.starts[last]! < end) last++;
  const starts = ranges.starts.slice(first, last);
  const ends = ranges.ends.slice(first, last);
  if (starts.length > 0) {
    starts[0] = Math.max(starts[0]!, start);
    ends[ends.length - 1] = Math.min(ends.at(-1)!, end);
  }
  return { starts, ends };
}

export function rangesBytes({ starts, ends }: Ranges): number {
  let bytes = 0;
  for (let i = 0; i < starts.length; i++) bytes += ends[i]! - starts[i]!;
  return bytes;
}

/** The head without its checksum, which depends on where it will lie (`sealHead`). @param start  of what it is about */
export function encodeHead({ starts, ends }: Ranges, start: number): Uint8Array {
  const bytes = new Uint8Array(FIXED_BYTES + starts.length * 2 * VARINT_BYTES_MAX);
  let at = FIXED_BYTES;
  const put = (value: number): void => {
    for (; value >= 128; value = Math.floor(value / 128)) bytes[at++] = (value % 128) | 128;
    bytes[at++] = value;
  };
  let before = start;
  for (let i = 0; i < starts.length; i++) {
    put(starts[i]! - before);
    put(ends[i]! - starts[i]!);
    before = ends[i]!;
  }
  new DataView(bytes.buffer).setUint32(4, starts.length, true);
  return bytes.subarray(0, at);
}

export function sealHead(head: Uint8Array, block: number): Uint8Array {
  new DataView(head.buffer, head.byteOffset).setUint32(0, checksum(head.subarray(4), block), true);
  return head;
}

/** The ranges that a head lists, and where each part begins in the extent. */
export interface PackedParts extends Ranges {
  readonly places: Float64Array;
}

/** Undefined where the head is damaged. */
export function readParts(
  data: StorageFile,
  block: number,
  headBytes: number,
  start: number,
): PackedParts | undefined {
  const head = new Uint8Array(headBytes);
  const read = data.read(head, block * BLOCK_BYTES);
  return read < headBytes ? undefined : decodeHead(head, block, start);
}

/** What a sealed head lists. @returns undefined where it is damaged */
export function decodeHead(head: Uint8Array, block: number, start: number): PackedParts | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < FIXED_BYTES || checksum(head.subarray(4), block) !== view.getUint32(0, true)) {
    return undefined;
  }
  const count = view.getUint32(4, true);
  const parts = {
    starts: new Float64Array(count),
    ends: new Float64Array(count),
    places: new Float64Array(count),
  };
  let at = FIXED_BYTES;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = head[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  let before = start;
  let place = head.length;
  for (let i = 0; i < count; i++) {
    parts.starts[i] = before + next();
    parts.places[i] = place;
    const length = next();
    parts.ends[i] = before = parts.starts[i]! + length;
    place += length;
  }
  return parts;
}
