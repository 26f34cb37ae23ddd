// One of the two log files: its header, and what a scan finds in it.

import { Failure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";
import type { StorageFile } from "../storage/storage.ts";
import { decodeFrame, decodeFrameHeader, FRAME_MAGIC, type FrameLocation } from "./frame.ts";

/**
 * | offset | bytes | field                                      |
 * |-------:|------:|--------------------------------------------|
 * |      0 |     4 | magic "CLLG"                               |
 * |      4 |     4 | format version                             |
 * |      8 |     8 | path id, drawn when the path was created   |
 * |     16 |     4 | salt, drawn at each rotation               |
 * |     24 |     8 | number of the first frame                  |
 * |     60 |     4 | checksum of bytes 0 to 59                  |
 */
export const LOG_HEADER_BYTES = 64;
export const LOG_VERSION = 1;
const LOG_MAGIC = 0x474c4c43;

export interface LogHeader {
  readonly version: number;
  readonly pathId: bigint;
  readonly salt: number;
  readonly firstFrame: number;
}

/** What lies in a log file. `end` is where the next frame goes. */
export interface LogContents {
  readonly header: LogHeader;
  readonly frames: readonly FrameLocation[];
  readonly end: number;
}

export function encodeLogHeader(header: LogHeader): Uint8Array {
  const bytes = new Uint8Array(LOG_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, LOG_MAGIC, true);
  view.setUint32(4, header.version, true);
  view.setBigUint64(8, header.pathId, true);
  view.setUint32(16, header.salt, true);
  view.setBigUint64(24, BigInt(header.firstFrame), true);
  view.setUint32(60, checksum(bytes.subarray(0, 60), 0), true);
  return bytes;
}

function decodeLogHeader(bytes: Uint8Array): LogHeader | undefined {
  if (bytes.length < LOG_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, LOG_HEADER_BYTES);
  if (view.getUint32(0, true) !== LOG_MAGIC) return undefined;
  if (checksum(bytes.subarray(0, 60), 0) !== view.getUint32(60, true)) return undefined;
  return {
    version: view.getUint32(4, true),
    pathId: view.getBigUint64(8, true),
    salt: view.getUint32(16, true),
    firstFrame: Number(view.getBigUint64(24, true)),
  };
}

/**
 * Reads a whole log file. Frames up to `throughFrame` are in the data file already: damage among them
 * alone does no harm, and is what a torn restart of a file that was free looks like. Undefined where it has no valid header: never used, or torn while it was
 * being started, when nothing in it was acknowledged yet.
 *
 * @throws {Failure}  "corrupt": a frame is bad although a later one says that it was flushed;
 *     "format-newer": written by a later version
 */
export function scanLogFile(file: StorageFile, throughFrame: number): LogContents | undefined {
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  const header = decodeLogHeader(bytes);
  if (header === undefined) return undefined;
  if (header.version > LOG_VERSION) {
    throw new Failure(
      "format-newer",
      `${file.name} has format version ${header.version}; this build of Chromalite reads up to ${LOG_VERSION}`,
      { file: file.name, version: header.version, supported: LOG_VERSION },
    );
  }
  const frames: FrameLocation[] = [];
  let at = LOG_HEADER_BYTES;
  let next = header.firstFrame;
  for (;;) {
    const found = decodeFrameHeader(bytes, at, header.salt);
    const frame = found?.number === next ? decodeFrame(bytes, at, header.salt, found) : undefined;
    if (frame === undefined) break;
    frames.push(frame);
    at = frame.end;
    next++;
  }
  assertTornTail(file.name, bytes, at, header.salt, Math.max(next, throughFrame + 1));
  return { header, frames, end: at };
}

/** The bad frame at `at` is the end of the log unless a later frame knew `expected` to be flushed. */
function assertTornTail(file: string, bytes: Uint8Array, at: number, salt: number, expected: number): void {
  const words = new Uint32Array(bytes.buffer, 0, bytes.length >>> 2);
  for (let later = at; later + 8 <= bytes.length; later += 8) {
    if (words[later >>> 2] !== FRAME_MAGIC) continue;
    const header = decodeFrameHeader(bytes, later, salt);
    if (header !== undefined && header.flushed >= expected) {
      throw new Failure(
        "corrupt",
        `${file} is damaged at byte ${at}: frame ${expected} is unreadable, and frame ${header.number} at byte ${later} shows that it was written whole`,
        { file, offset: at, frame: expected },
      );
    }
  }
}
