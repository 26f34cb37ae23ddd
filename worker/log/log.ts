// The log of a path: two files that take turns. The active one takes frames; the other is free, or
// holds frames whose checkpoint is not committed yet. Invariant: frame numbers go on by one, across
// files too; a frame is acknowledged only after the flush that follows its write.

import { Failure } from "../../src/protocol/failure.ts";
import type { StorageFile } from "../storage/storage.ts";
import { encodeFrame, type FrameDraft, type FrameLocation } from "./frame.ts";
import { encodeLogHeader, LOG_HEADER_BYTES, LOG_VERSION, type LogContents, scanLogFile } from "./log-file.ts";

/** A log file takes no more than this; what does not fit waits for a rotation. */
export const LOG_BYTES_MAX = 16 * 2 ** 20;

/** What stays writable on a full disk, at most an eighth of a log file: bytes that a file has can be overwritten. */
const RESERVE_BYTES_MAX = 256 * 1024;

export type LogFiles = readonly [StorageFile, StorageFile];
export type LogIndex = 0 | 1;

/** Where an appended frame went: file, number, and the offset of its parts. */
export interface AppendedFrame {
  readonly file: LogIndex;
  readonly number: number;
  readonly partsAt: number;
}

export interface RecoveredFrame extends FrameLocation {
  readonly file: LogIndex;
}

export class Log {
  readonly #files: LogFiles;
  readonly #pathId: bigint;
  readonly #bytesMax: number;
  #active: LogIndex;
  #salt: number;
  #end: number;
  #lastFrame: number;
  #flushedFrame: number;
  #otherIsFree: boolean;
  /** Bytes of frames in the other file, where it is not free. */
  #otherBytes: number;
  #headerIsWritten: boolean;

  private constructor(
    files: LogFiles,
    pathId: bigint,
    bytesMax: number,
    state: {
      active: LogIndex;
      salt: number;
      end: number;
      lastFrame: number;
      otherIsFree: boolean;
      otherBytes: number;
      headerIsWritten: boolean;
    },
  ) {
    this.#files = files;
    this.#pathId = pathId;
    this.#bytesMax = bytesMax;
    this.#active = state.active;
    this.#salt = state.salt;
    this.#end = state.end;
    this.#lastFrame = state.lastFrame;
    this.#flushedFrame = state.lastFrame;
    this.#otherIsFree = state.otherIsFree;
    this.#otherBytes = state.otherBytes;
    this.#headerIsWritten = state.headerIsWritten;
  }

  /** Starts the log of a new path in the first file; its first frame has number 1. */
  static create(files: LogFiles, pathId: bigint, bytesMax = LOG_BYTES_MAX): Log {
    return new Log(files, pathId, bytesMax, {
      active: 0,
      salt: drawSalt(),
      end: LOG_HEADER_BYTES,
      lastFrame: 0,
      otherIsFree: true,
      otherBytes: 0,
      headerIsWritten: false,
    });
  }

  /** Whether either file was ever started: a path whose log exists is not new. */
  static isStarted(files: LogFiles): boolean {
    return files.some((file) => scanLogFile(file, 0) !== undefined);
  }

  /**
   * Reads both files and returns the frames after `throughFrame`, which the manifest has already.
   * A torn tail is cut off and the cut is flushed, so that its bytes cannot come back behind a new frame.
   *
   * @throws {Failure}  "corrupt" for damage or a gap, "format-newer", or what the storage throws
   */
  static async recover(
    files: LogFiles,
    pathId: bigint,
    throughFrame: number,
    bytesMax = LOG_BYTES_MAX,
  ): Promise<{ log: Log; frames: RecoveredFrame[] }> {
    const contents = files.map((file) => ownContents(file, pathId, throughFrame));
    const order = ([0, 1] as LogIndex[])
      .filter((index) => contents[index] !== undefined)
      .sort((a, b) => contents[a]!.header.firstFrame - contents[b]!.header.firstFrame);
    const frames = order.flatMap((file) => contents[file]!.frames.map((frame) => ({ ...frame, file })));
    const wanted = frames.filter((frame) => frame.number > throughFrame);
    assertNoGap(files, wanted, throughFrame);
    const active = order.at(-1);
    if (active === undefined) {
      // Both files are unstarted: the path was created and the machine stopped before its first write.
      return { log: Log.#continueAfter(files, pathId, throughFrame, bytesMax), frames: [] };
    }
    const { header, end } = contents[active]!;
    const lastFrame = header.firstFrame + contents[active]!.frames.length - 1;
    if (lastFrame < throughFrame) throw missingFrames(files[active].name, lastFrame + 1);
    if (files[active].size() > end) {
      files[active].truncate(end);
      await files[active].flush();
    }
    const log = new Log(files, pathId, bytesMax, {
      active,
      salt: header.salt,
      end,
      lastFrame,
      otherIsFree: !wanted.some((frame) => frame.file !== active),
      otherBytes: contents[active === 0 ? 1 : 0]?.end ?? 0,
      headerIsWritten: true,
    });
    return { log, frames: wanted };
  }

  static #continueAfter(files: LogFiles, pathId: bigint, throughFrame: number, bytesMax: number): Log {
    if (throughFrame > 0) throw missingFrames(files[0].name, throughFrame);
    return Log.create(files, pathId, bytesMax);
  }

  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** Bytes of frames in the active file. */
  get activeBytes(): number {
    return this.#end - LOG_HEADER_BYTES;
  }

  /** Bytes of frames that are not known to be in the data file: at most this. */
  get pendingBytes(): number {
    return this.activeBytes + (this.#otherIsFree ? 0 : this.#otherBytes);
  }

  /** Whether a rotation is possible: the other file holds nothing that is still needed. */
  get otherIsFree(): boolean {
    return this.#otherIsFree;
  }

  get bytesMax(): number {
    return this.#bytesMax;
  }

  /** @param withReserve  whether the write may use what is kept for a full disk */
  fits(bytes: number, withReserve = false): boolean {
    return this.#end + bytes <= this.#bytesMax + (withReserve ? this.reserveBytes : 0);
  }

  /** Bytes kept for writes that make room. */
  get reserveBytes(): number {
    return Math.min(RESERVE_BYTES_MAX, this.#bytesMax >>> 3);
  }

  file(index: LogIndex): StorageFile {
    return this.#files[index];
  }

  /**
   * Appends frames with one write and makes them durable with one flush.
   *
   * Cost: their bytes, one write, one flush. They must fit (`fits`).
   *
   * @param options.withReserve  for writes that make room: they may use what is kept for a full disk
   * @throws {Failure}  "storage-full": the log is as it was before the call. "outcome-unknown": the
   *     flush failed, or the cut after a failed write did; the path must be opened anew.
   */
  async append(
    drafts: readonly FrameDraft[],
    { flush = true, withReserve = false } = {},
  ): Promise<AppendedFrame[]> {
    const headerBytes = this.#headerIsWritten ? 0 : LOG_HEADER_BYTES;
    const bytes = new Uint8Array(headerBytes + drafts.reduce((sum, draft) => sum + draft.bytes, 0));
    const start = this.#end - headerBytes;
    if (headerBytes > 0) {
      bytes.set(
        encodeLogHeader({
          version: LOG_VERSION,
          pathId: this.#pathId,
          salt: this.#salt,
          firstFrame: this.#lastFrame + 1,
        }),
      );
    }
    const appended: AppendedFrame[] = [];
    let at = headerBytes;
    for (const draft of drafts) {
      const number = this.#lastFrame + 1 + appended.length;
      const partsAt = encodeFrame(draft, bytes, at, {
        number,
        flushed: this.#flushedFrame,
        salt: this.#salt,
      });
      appended.push({ file: this.#active, number, partsAt: start + partsAt });
      at += draft.bytes;
    }
    const file = this.#files[this.#active];
    if (!withReserve) this.#keepReserve(start + bytes.length);
    this.#writeOrUndo(file, bytes, start);
    this.#end = start + bytes.length;
    this.#lastFrame += drafts.length;
    this.#headerIsWritten = true;
    if (flush) await this.#flush(file);
    return appended;
  }

  /**
   * Makes the other file the active one. Its header goes with the first write to it.
   * The file that was active stays as it is until `releaseOther`.
   */
  async rotate(): Promise<void> {
    if (!this.#otherIsFree) throw new Error("rotation while the other log file is still needed");
    await this.flush();
    this.#otherBytes = this.activeBytes;
    this.#active = this.#active === 0 ? 1 : 0;
    this.#salt = drawSalt();
    this.#end = LOG_HEADER_BYTES;
    this.#otherIsFree = false;
    this.#headerIsWritten = false;
  }

  /** The checkpoint that holds all of the other file's frames is committed. */
  releaseOther(): void {
    this.#otherIsFree = true;
  }

  /** Gives the other file's bytes back to the disk but for the reserve, where it is free and has more than `bytesMax`. */
  shrinkOther(bytesMax: number): void {
    const other = this.#files[this.#active === 0 ? 1 : 0];
    const kept = LOG_HEADER_BYTES + this.reserveBytes;
    if (this.#otherIsFree && other.size() > Math.max(kept, bytesMax)) other.truncate(kept);
  }

  /** Makes frames durable that were appended without a flush. @throws {Failure} "outcome-unknown" */
  async flush(): Promise<void> {
    if (this.#flushedFrame < this.#lastFrame) await this.#flush(this.#files[this.#active]);
  }

  /**
   * Sees to it that, with frames up to `end`, there are written bytes to overwrite: in the other file, which
   * a rotation would use, or behind the end where that one is not free.
   */
  #keepReserve(end: number): void {
    const active = this.#files[this.#active];
    if (active.size() - end >= this.reserveBytes) return;
    if (!this.#otherIsFree)
      return this.#extend(active, Math.max(active.size(), end), end + 2 * this.reserveBytes);
    const other = this.#files[this.#active === 0 ? 1 : 0];
    this.#extend(other, other.size(), LOG_HEADER_BYTES + this.reserveBytes);
  }

  #extend(file: StorageFile, from: number, to: number): void {
    if (from < to) this.#writeOrUndo(file, new Uint8Array(to - from), from);
  }

  /** A write that failed leaves nothing behind: a part of it could pass for a frame later. */
  #writeOrUndo(file: StorageFile, bytes: Uint8Array, start: number): void {
    const size = file.size();
    try {
      file.write(bytes, start);
    } catch (error) {
      try {
        const over = Math.min(bytes.length, size - start);
        if (over > 0) file.write(new Uint8Array(over), start);
        if (file.size() > size) file.truncate(size);
      } catch (undoError) {
        throw outcomeUnknown(file.name, undoError);
      }
      throw error;
    }
  }

  async #flush(file: StorageFile): Promise<void> {
    try {
      await file.flush();
    } catch (error) {
      throw outcomeUnknown(file.name, error);
    }
    this.#flushedFrame = this.#lastFrame;
  }
}

function ownContents(file: StorageFile, pathId: bigint, throughFrame: number): LogContents | undefined {
  const contents = scanLogFile(file, throughFrame);
  if (contents !== undefined && contents.header.pathId !== pathId) {
    throw new Failure("corrupt", `${file.name} belongs to another database than the data file beside it`, {
      file: file.name,
      offset: 8,
    });
  }
  return contents;
}

function assertNoGap(files: LogFiles, frames: readonly RecoveredFrame[], throughFrame: number): void {
  let expected = throughFrame + 1;
  for (const frame of frames) {
    if (frame.number !== expected) throw missingFrames(files[frame.file].name, expected);
    expected++;
  }
}

function missingFrames(file: string, frame: number): Failure {
  return new Failure("corrupt", `frame ${frame} is missing from the log: ${file} does not go on from it`, {
    file,
    frame,
  });
}

function outcomeUnknown(file: string, cause: unknown): Failure {
  return new Failure(
    "outcome-unknown",
    `${file} could not be flushed, so whether the write was kept is not known; read it back to find out`,
    { file },
    { cause },
  );
}

function drawSalt(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
