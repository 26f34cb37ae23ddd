// Frames of format version 1, which are read once more, by the upgrade: no salt in the frame, and one
// checksum for head and parts together.

import { checksum } from "../checksum.ts";
import { decodeValue } from "../msgpack/decode.ts";
import { FRAME_HEADER_BYTES, FRAME_MAGIC, frameBytes, type FrameCodec, frameSeed } from "./frame.ts";

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
export const frameCodecV1: FrameCodec = {
  decodeHeader(bytes, at, salt) {
    if (salt === undefined || at + FRAME_HEADER_BYTES > bytes.length) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
    if (view.getUint32(0, true) !== FRAME_MAGIC) return undefined;
    const number = Number(view.getBigUint64(8, true));
    const sum = checksum(bytes.subarray(at, at + 28), frameSeed(salt, number));
    if (sum !== view.getUint32(28, true)) return undefined;
    return {
      bodyBytes: view.getUint32(4, true),
      number,
      salt,
      flushed: Number(view.getBigUint64(16, true)),
      bodySum: view.getUint32(24, true),
    };
  },
  decode(bytes, at, { number, flushed, salt, bodyBytes, bodySum }) {
    const bodyAt = at + FRAME_HEADER_BYTES;
    const body = bytes.subarray(bodyAt, bodyAt + bodyBytes);
    if (body.length < bodyBytes || checksum(body, frameSeed(salt, number)) !== bodySum) return undefined;
    const headBytes = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
    return {
      number,
      flushed,
      head: decodeValue(body.subarray(4, 4 + headBytes)),
      partsAt: bodyAt + 4 + headBytes,
      end: at + frameBytes(bodyBytes),
      isWhole: true,
    };
  },
};
