// One of the two log files: its header, and what a scan finds in it. What is damaged is told from what
// a crash tore: of a frame that was known flushed nothing may be missing.

import { Failure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";
import type { StorageFile } from "../storage/storage.ts";
import { frameCodec, FRAME_MAGIC, type FrameCodec, type FrameHeader, type FrameLocation } from "./frame.ts";
import { frameCodecV1 } from "./frame-v1.ts";

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
export const LOG_VERSION = 2;
const LOG_MAGIC = 0x474c4c43;

export interface LogHeader {
  readonly version: number;
  readonly pathId: bigint;
  readonly salt: number;
  readonly firstFrame: number;
}

/** A log file in memory, with a header: its own, or what its frames tell of one that is damaged. */
export interface LogFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly header: LogHeader;
  /** False: the header in the file is damaged. */
  readonly hasHeader: boolean;
  readonly codec: FrameCodec;
}

/** What lies in a log file. `end` is where the next frame goes. */
export interface LogContents {
  readonly frames: readonly FrameLocation[];
  readonly end: number;
  /** Set where a frame that is needed cannot be read: `frames` ends before it. */
  readonly damage: Failure | undefined;
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
 * Reads a whole log file. Undefined where it has neither a header nor a frame: never used, or torn while
 * it was being started, when nothing in it was acknowledged yet.
 *
 * @param pathId  taken for that of a file whose header is damaged
 * @throws {Failure}  "format-newer": written by a later version; "corrupt": of another database
 */
export function readLogFile(file: StorageFile, pathId: bigint): LogFile | undefined {
  const { name } = file;
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  const ownHeader = decodeLogHeader(bytes);
  const header = ownHeader ?? headerOfFrames(bytes, pathId);
  if (header === undefined) return undefined;
  if (header.version > LOG_VERSION) {
    throw new Failure(
      "format-newer",
      `${name} has format version ${header.version}; this build of Chromalite reads up to ${LOG_VERSION}`,
      { file: name, version: header.version, supported: LOG_VERSION },
    );
  }
  if (header.pathId !== pathId) {
    throw new Failure("corrupt", `${name} belongs to another database than the data file beside it`, {
      file: name,
      offset: 8,
    });
  }
  const codec = header.version === 1 ? frameCodecV1 : frameCodec;
  return { name, bytes, header, hasHeader: ownHeader !== undefined, codec };
}

/** Whether a file was ever started: a path whose log exists is not new. */
export function isLogStarted(file: StorageFile): boolean {
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  return (decodeLogHeader(bytes) ?? headerOfFrames(bytes, 0n)) !== undefined;
}

/** Frames know the salt and their numbers: what a header is needed for. */
function headerOfFrames(bytes: Uint8Array, pathId: bigint): LogHeader | undefined {
  for (const { header } of frameHeaders(bytes, LOG_HEADER_BYTES, frameCodec, undefined)) {
    return { version: LOG_VERSION, pathId, salt: header.salt, firstFrame: header.number };
  }
  return undefined;
}

/** The last frame that any frame of the file knew to be flushed; 0 where none did. */
export function flushedFrame({ bytes, codec, header }: LogFile): number {
  let flushed = 0;
  for (const found of frameHeaders(bytes, LOG_HEADER_BYTES, codec, header.salt)) {
    flushed = Math.max(flushed, found.header.flushed);
  }
  return flushed;
}

/** What of a log is known before its frames are read. */
export interface ScanLimits {
  /** Frames up to it are in the data file already: damage among them does no harm. */
  readonly throughFrame: number;
  /** The last frame known to have been flushed, at least `throughFrame`: a bad one after it is a torn tail. */
  readonly flushed: number;
  /** The first frame of the other file where that one comes later. */
  readonly endFrame: number;
}

/** The frames of a file, in order. */
export function scanFrames(
  { name, bytes, header, codec }: LogFile,
  { throughFrame, flushed, endFrame }: ScanLimits,
): LogContents {
  const frames: FrameLocation[] = [];
  let at = LOG_HEADER_BYTES;
  let next = header.firstFrame;
  for (;;) {
    const found = codec.decodeHeader(bytes, at, header.salt);
    const frame = found?.number === next ? codec.decode(bytes, at, found) : undefined;
    if (frame !== undefined && (frame.isWhole || next <= flushed)) {
      frames.push(frame);
      at = frame.end;
      next++;
      continue;
    }
    const resumed = next <= throughFrame ? headerAfter(next) : undefined;
    if (resumed !== undefined && resumed.header.number <= throughFrame + 1) {
      at = resumed.at;
      next = resumed.header.number;
      continue;
    }
    const needed = Math.max(next, throughFrame + 1);
    const isDamaged = needed <= flushed && needed < endFrame;
    return { frames, end: at, damage: isDamaged ? damagedFrame(name, needed, at) : undefined };
  }

  function headerAfter(number: number): { at: number; header: FrameHeader } | undefined {
    for (const later of frameHeaders(bytes, at, codec, header.salt)) {
      if (later.header.number > number) return later;
    }
    return undefined;
  }
}

/** Every valid frame header from `from` on, a multiple of 8, but for what the bodies of other frames hold. */
function* frameHeaders(
  bytes: Uint8Array,
  from: number,
  codec: FrameCodec,
  salt: number | undefined,
): Generator<{ readonly at: number; readonly header: FrameHeader }> {
  const words = new Uint32Array(bytes.buffer, 0, bytes.length >>> 2);
  for (let at = from; at + 8 <= bytes.length; at += 8) {
    if (words[at >>> 2] !== FRAME_MAGIC) continue;
    const header = codec.decodeHeader(bytes, at, salt);
    if (header === undefined) continue;
    yield { at, header };
    // The next one is behind its body, however that has fared: it is the header that tells its length.
    at += header.bodyBytes & ~7;
  }
}

function damagedFrame(file: string, frame: number, offset: number): Failure {
  return new Failure(
    "corrupt",
    `${file} is damaged at byte ${offset}: frame ${frame} is unreadable, and a later one shows that it was written whole`,
    { file, offset, frame },
  );
}
