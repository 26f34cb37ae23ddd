// One frame of the log: a header, a head (MessagePack) and up to three parts, all under checksums.
// They are seeded by the log's salt and the frame's number, so what an earlier use of the file left
// behind never passes; the salt is in the frame, too, so that it can be read where the file's header is
// lost. This file knows bytes; what a head means is the path's business.

import { checksum } from "../checksum.ts";
import { decodeValue } from "../msgpack/decode.ts";
import { encodeValue } from "../msgpack/encode.ts";

/**
 * | offset | bytes | field                                                       |
 * |-------:|------:|-------------------------------------------------------------|
 * |      0 |     4 | magic "CLFR"                                                |
 * |      4 |     4 | body length, without padding                                |
 * |      8 |     8 | frame number                                                |
 * |     16 |     4 | the log's salt                                              |
 * |     20 |     4 | how many frames lie between it and the last one known flushed when it was written |
 * |     24 |     4 | checksum of the body                                        |
 * |     28 |     4 | checksum of bytes 0 to 27                                   |
 * |     32 |     4 | head length                                                 |
 * |     36 |     4 | checksum of the head                                        |
 * |     40 |       | head, parts; padded with zeros to 8                         |
 */
export const FRAME_HEADER_BYTES = 32;
export const FRAME_MAGIC = 0x52464c43;
const BODY_HEADER_BYTES = 8;

/** A frame as it lies in a log file. `partsAt` is the file offset of the first byte after the head. */
export interface FrameLocation {
  readonly number: number;
  /** Last frame number known flushed when this one was written. */
  readonly flushed: number;
  readonly head: unknown;
  readonly partsAt: number;
  readonly end: number;
  /** False: its parts are damaged, each of which has checksums of its own. */
  readonly isWhole: boolean;
}

export interface FrameHeader {
  readonly bodyBytes: number;
  readonly number: number;
  readonly salt: number;
  readonly flushed: number;
  readonly bodySum: number;
}

/** How the frames of one format are read. */
export interface FrameCodec {
  /** The header at `at`; undefined where there is none, or that of a log with another salt where one is given. */
  decodeHeader(bytes: Uint8Array, at: number, salt: number | undefined): FrameHeader | undefined;
  /** The frame whose valid header is `header`; undefined where its head is torn or damaged. */
  decode(bytes: Uint8Array, at: number, header: FrameHeader): FrameLocation | undefined;
}

/** The seed of a frame's checksums: other logs and other places in this log give other seeds. */
export function frameSeed(salt: number, number: number): number {
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
  return { head: encoded, parts, bytes: frameBytes(BODY_HEADER_BYTES + encoded.length + partBytes) };
}

/** Writes `draft` into `target` at `at` (a multiple of 8) and returns the offset of its parts. */
export function encodeFrame(
  draft: FrameDraft,
  target: Uint8Array,
  at: number,
  { number, flushed, salt }: { number: number; flushed: number; salt: number },
): number {
  const view = new DataView(target.buffer, target.byteOffset + at);
  const seed = frameSeed(salt, number);
  view.setUint32(FRAME_HEADER_BYTES, draft.head.length, true);
  view.setUint32(FRAME_HEADER_BYTES + 4, checksum(draft.head, seed), true);
  let end = at + FRAME_HEADER_BYTES + BODY_HEADER_BYTES;
  target.set(draft.head, end);
  const partsAt = (end += draft.head.length);
  for (const part of draft.parts) {
    target.set(part, end);
    end += part.length;
  }
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, end - at - FRAME_HEADER_BYTES, true);
  view.setBigUint64(8, BigInt(number), true);
  view.setUint32(16, salt, true);
  view.setUint32(20, Math.min(number - flushed, 2 ** 32 - 1), true);
  view.setUint32(24, checksum(target.subarray(at + FRAME_HEADER_BYTES, end), seed), true);
  view.setUint32(28, checksum(target.subarray(at, at + 28), seed), true);
  return partsAt;
}

/** Frames as they are written now. */
export const frameCodec: FrameCodec = {
  decodeHeader(bytes, at, salt) {
    if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
    if (view.getUint32(0, true) !== FRAME_MAGIC) return undefined;
    const number = Number(view.getBigUint64(8, true));
    const ownSalt = view.getUint32(16, true);
    if (salt !== undefined && salt !== ownSalt) return undefined;
    const sum = checksum(bytes.subarray(at, at + 28), frameSeed(ownSalt, number));
    if (sum !== view.getUint32(28, true)) return undefined;
    return {
      bodyBytes: view.getUint32(4, true),
      number,
      salt: ownSalt,
      flushed: Math.max(0, number - view.getUint32(20, true)),
      bodySum: view.getUint32(24, true),
    };
  },
  decode(bytes, at, { number, flushed, salt, bodyBytes, bodySum }) {
    const bodyAt = at + FRAME_HEADER_BYTES;
    const headAt = bodyAt + BODY_HEADER_BYTES;
    if (bodyAt + bodyBytes > bytes.length) return undefined;
    const seed = frameSeed(salt, number);
    const isWhole = checksum(bytes.subarray(bodyAt, bodyAt + bodyBytes), seed) === bodySum;
    const view = new DataView(bytes.buffer, bytes.byteOffset + bodyAt, BODY_HEADER_BYTES);
    const headBytes = view.getUint32(0, true);
    if (BODY_HEADER_BYTES + headBytes > bodyBytes) return undefined;
    const head = bytes.subarray(headAt, headAt + headBytes);
    if (checksum(head, seed) !== view.getUint32(4, true)) return undefined;
    return {
      number,
      flushed,
      head: decodeValue(head),
      partsAt: headAt + headBytes,
      end: at + frameBytes(bodyBytes),
      isWhole,
    };
  },
};
