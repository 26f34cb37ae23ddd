// Finds what the two log files hold when a path is opened: the frames after those that the data file has,
// where the log goes on, and whether a frame that was acknowledged cannot be read.

import { Failure } from "../../src/protocol/failure.ts";
import type { FrameLocation } from "./frame.ts";
import {
  flushedFrame,
  LOG_VERSION,
  type LogContents,
  type LogFile,
  readLogFile,
  scanFrames,
} from "./log-file.ts";
import type { LogFiles, LogIndex } from "./log.ts";

export interface RecoveredFrame extends FrameLocation {
  readonly file: LogIndex;
}

/** Frames of the file that is not active. */
export interface OtherFrames {
  readonly bytes: number;
  readonly lastFrame: number;
}

/** Where a log goes on. */
export interface LogTail {
  readonly active: LogIndex;
  readonly salt: number;
  /** Where the next frame goes in the active file. */
  readonly end: number;
  readonly lastFrame: number;
  /** The last frame that a later one tells to be flushed. */
  readonly toldFlushed: number;
  /** What the other file holds that is needed; undefined where it is free. */
  readonly other: OtherFrames | undefined;
  /** Whether frames go on in the other file: this one is of an older format, or damaged where nothing is needed. */
  readonly isClosed: boolean;
}

export interface RecoveredLog {
  readonly frames: readonly RecoveredFrame[];
  /** Undefined where neither file was ever started. */
  readonly tail: LogTail | undefined;
  /** Set where an acknowledged frame cannot be read: `frames` are those before it. */
  readonly damage: Failure | undefined;
}

/**
 * @param throughFrame  the last frame that the manifest has already
 * @throws {Failure}  "corrupt": a file of another database, or no log where there was one; "format-newer"
 */
export function recoverLog(files: LogFiles, pathId: bigint, throughFrame: number): RecoveredLog {
  const read = files.map((file) => readLogFile(file, pathId));
  const order = ([0, 1] as LogIndex[])
    .filter((index) => read[index] !== undefined)
    .sort((a, b) => read[a]!.header.firstFrame - read[b]!.header.firstFrame);
  const active = order.at(-1);
  if (active === undefined) {
    if (throughFrame > 0) throw missingFrames(files[0].name, throughFrame);
    return { frames: [], tail: undefined, damage: undefined };
  }
  const flushed = Math.max(throughFrame, ...order.map((index) => flushedFrame(read[index]!)));
  const scans = order.map((index, i) => {
    const endFrame = read[order[i + 1] ?? -1]?.header.firstFrame ?? Infinity;
    return { index, ...scanFrames(read[index]!, { throughFrame, flushed, endFrame }) };
  });
  const damaged = scans.findIndex(({ damage }) => damage !== undefined);
  const readable = damaged < 0 ? scans : scans.slice(0, damaged + 1);
  const frames = readable
    .flatMap(({ index, frames: found }) => found.map((frame) => ({ ...frame, file: index })))
    .filter((frame) => frame.number > throughFrame);
  const gap = firstGap(files, frames, throughFrame);
  return {
    frames: gap === undefined ? frames : frames.slice(0, gap.index),
    tail: tailOf(read[active]!, scans.at(-1)!, {
      active,
      throughFrame,
      frames,
      otherBytes: scans.length > 1 ? scans[0]!.end : 0,
    }),
    damage: gap?.damage ?? scans[damaged]?.damage,
  };
}

function tailOf(
  { header, hasHeader }: LogFile,
  { frames: found, end }: LogContents,
  {
    active,
    throughFrame,
    frames,
    otherBytes,
  }: {
    active: LogIndex;
    throughFrame: number;
    frames: readonly RecoveredFrame[];
    otherBytes: number;
  },
): LogTail {
  const last = found.at(-1);
  const lastOther = frames.findLast((frame) => frame.file !== active);
  const lastFrame = frames.at(-1)?.number ?? throughFrame;
  const goesOnAfter = last?.number ?? header.firstFrame - 1;
  return {
    active,
    salt: header.salt,
    end,
    lastFrame,
    toldFlushed: Math.max(throughFrame, last === undefined ? 0 : isMark(last) ? last.number : last.flushed),
    other: lastOther === undefined ? undefined : { bytes: otherBytes, lastFrame: lastOther.number },
    isClosed: goesOnAfter !== lastFrame || !hasHeader || header.version < LOG_VERSION,
  };
}

/** An empty frame: nobody misses it. */
function isMark({ head }: FrameLocation): boolean {
  return Object.keys(head as object).length === 0;
}

/** The first place where a number is missing: between the files, or before the first. */
function firstGap(
  files: LogFiles,
  frames: readonly RecoveredFrame[],
  throughFrame: number,
): { index: number; damage: Failure } | undefined {
  const index = frames.findIndex(({ number }, i) => number !== throughFrame + 1 + i);
  if (index < 0) return undefined;
  const { name } = files[frames[index]!.file];
  return { index, damage: missingFrames(name, throughFrame + 1 + index) };
}

function missingFrames(file: string, frame: number): Failure {
  return new Failure("corrupt", `frame ${frame} is missing from the log: ${file} does not go on from it`, {
    file,
    frame,
  });
}
