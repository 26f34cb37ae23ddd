// One frame of the log: a header with two checksums, a head (MessagePack) and up to three parts.
// Both checksums are seeded by the log's salt and the frame's number, so what an earlier use of the
// file left behind never passes. This file knows bytes; what a head means is the path's business.

import { checksum } from "../checksum.ts";
import { decodeValue } from "../msgpack/decode.ts";
import { encodeValue } from "../msgpack/encode.ts";

/**
 * | offset | bytes | field                                                       |
 * |-------:|------:|-------------------------------------------------------------|
 * |      0 |     4 | magic "CLFR"                                                |
 * |      4 |     4 | body length, without padding                                |
 * |      8 |     8 | frame number                                                |
 * |     16 |     8 | last frame number known flushed when this one was written   |
 * |     24 |     4 | checksum of the body                                        |
 * |     28 |     4 | checksum of bytes 0 to 27                                   |
 * |     32 |       | body: u32 head length, head, parts; padded with zeros to 8  |
 */
export const FRAME_HEADER_BYTES = 32;
export const FRAME_MAGIC = 0x52464c43;
const BODY_START = FRAME_HEADER_BYTES + 4;

/** A frame as it lies in a log file. `partsAt` is the file offset of the first byte after the head. */
export interface FrameLocation {
  readonly number: number;
  readonly head: unknown;
  readonly partsAt: number;
  readonly end: number;
}

export interface FrameHeader {
  readonly bodyBytes: number;
  readonly number: number;
  readonly flushed: number;
  readonly bodySum: number;
}

/** The seed of a frame's checksums: other logs and other places in this log give other seeds. */
function frameSeed(salt: number, number: number): number {
  return (salt ^ Math.imul(number, 0x9e3779b1) ^ Math.floor(number / 2 ** 32)) | 0;
}

/** How many bytes a body of `bodyBytes` takes in the file, header and padding included. */
export function frameBytes(bodyBytes: number): number {
  return (FRAME_HEADER_BYTES + bodyBytes + 7) & ~7;
}

/** A frame being built: its head is encoded, its parts are still where the caller has them. */
export interface FrameDraft {
  readonly head: Uint8Array;
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
}

export function draftFrame(head: unknown, parts: readonly Uint8Array[]): FrameDraft {
  const encoded = encodeValue(head);
  const partBytes = parts.reduce((sum, part) => sum + part.length, 0);
  return { head: encoded, parts, bytes: frameBytes(4 + encoded.length + partBytes) };
}

/** Writes `draft` into `target` at `at` (a multiple of 8) and returns the offset of its parts. */
export function encodeFrame(
  draft: FrameDraft,
  target: Uint8Array,
  at: number,
  { number, flushed, salt }: { number: number; flushed: number; salt: number },
): number {
  const view = new DataView(target.buffer, target.byteOffset + at);
  let end = at + BODY_START;
  view.setUint32(FRAME_HEADER_BYTES, draft.head.length, true);
  target.set(draft.head, end);
  const partsAt = (end += draft.head.length);
  for (const part of draft.parts) {
    target.set(part, end);
    end += part.length;
  }
  const seed = frameSeed(salt, number);
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, end - at - FRAME_HEADER_BYTES, true);
  view.setBigUint64(8, BigInt(number), true);
  view.setBigUint64(16, BigInt(flushed), true);
  view.setUint32(24, checksum(target.subarray(at + FRAME_HEADER_BYTES, end), seed), true);
  view.setUint32(28, checksum(target.subarray(at, at + 28), seed), true);
  return partsAt;
}

/** The header at `at`, or undefined where there is none of this log. */
export function decodeFrameHeader(bytes: Uint8Array, at: number, salt: number): FrameHeader | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
  if (view.getUint32(0, true) !== FRAME_MAGIC) return undefined;
  const number = Number(view.getBigUint64(8, true));
  const sum = checksum(bytes.subarray(at, at + 28), frameSeed(salt, number));
  if (sum !== view.getUint32(28, true)) return undefined;
  return {
    bodyBytes: view.getUint32(4, true),
    number,
    flushed: Number(view.getBigUint64(16, true)),
    bodySum: view.getUint32(24, true),
  };
}

/** The frame whose valid header is `header`, or undefined where its body is torn or damaged. */
export function decodeFrame(
  bytes: Uint8Array,
  at: number,
  salt: number,
  header: FrameHeader,
): FrameLocation | undefined {
  const bodyAt = at + FRAME_HEADER_BYTES;
  const body = bytes.subarray(bodyAt, bodyAt + header.bodyBytes);
  if (body.length < header.bodyBytes) return undefined;
  if (checksum(body, frameSeed(salt, header.number)) !== header.bodySum) return undefined;
  const headBytes = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  return {
    number: header.number,
    head: decodeValue(body.subarray(4, 4 + headBytes)),
    partsAt: bodyAt + 4 + headBytes,
    end: at + frameBytes(header.bodyBytes),
  };
}
