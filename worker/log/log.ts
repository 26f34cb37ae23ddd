// The log of a path: two files that take turns. The active one takes frames; the other is free, or
// holds frames whose checkpoint is not committed yet. Invariant: frame numbers go on by one, across
// files too; a frame is acknowledged only after the flush that follows its write. Writes, rotations and
// releases come in beside flushes: what a flush made durable is what was written before it began.

import type { Durability } from "../../src/protocol/operation.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { ReserveUse, StorageFile } from "../storage/storage.ts";
import { draftFrame, encodeFrame, type FrameDraft } from "./frame.ts";
import { encodeLogHeader, LOG_HEADER_BYTES, LOG_VERSION } from "./log-file.ts";
import { type LogTail, type OtherFrames, type RecoveredFrame, recoverLog } from "./recover-log.ts";

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

/** A log as it was found. */
export interface RecoveredLog {
  readonly log: Log;
  /** The frames after those that the data file has. */
  readonly frames: readonly RecoveredFrame[];
  /** Set where an acknowledged frame cannot be read: `frames` are those before it, and nothing may be appended. */
  readonly damage: Failure | undefined;
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
  /** What the other file holds that no root has yet; undefined where it is free. */
  #other: OtherFrames | undefined;
  #headerIsWritten: boolean;
  /** The last frame that a later one tells to be flushed: of those after it nobody could tell damage from a torn tail. */
  #toldFlushed: number;
  /** Whether nothing goes behind the active file's frames: they are of an older format, or damaged. */
  #isClosed: boolean;

  private constructor(files: LogFiles, pathId: bigint, bytesMax: number, state: LogTail) {
    this.#files = files;
    this.#pathId = pathId;
    this.#bytesMax = bytesMax;
    this.#active = state.active;
    this.#salt = state.salt;
    this.#end = state.end;
    this.#lastFrame = state.lastFrame;
    this.#flushedFrame = state.lastFrame;
    this.#other = state.other;
    this.#headerIsWritten = state.end > LOG_HEADER_BYTES;
    this.#toldFlushed = state.toldFlushed;
    this.#isClosed = state.isClosed;
  }

  /** Starts the log of a new path in the first file; its first frame has number 1. */
  static create(files: LogFiles, pathId: bigint, bytesMax = LOG_BYTES_MAX): Log {
    return new Log(files, pathId, bytesMax, {
      active: 0,
      salt: drawSalt(),
      end: LOG_HEADER_BYTES,
      lastFrame: 0,
      toldFlushed: 0,
      other: undefined,
      isClosed: false,
    });
  }

  /**
   * Reads both files and returns the frames after `throughFrame`, which the manifest has already.
   * A torn tail becomes zeros, and those are flushed, so that its bytes cannot come back behind a new frame.
   *
   * @param options.tears  false where a flush keeps all or nothing: there is no torn tail then, and nothing is written,
   *     since there may be no room for it
   * @throws {Failure}  "corrupt", as `recoverLog`; "format-newer"; what the storage throws
   */
  static async recover(
    files: LogFiles,
    pathId: bigint,
    throughFrame: number,
    { bytesMax = LOG_BYTES_MAX, tears = true }: { bytesMax?: number; tears?: boolean } = {},
  ): Promise<RecoveredLog> {
    const { frames, tail, damage } = recoverLog(files, pathId, throughFrame);
    if (tail === undefined) return { log: Log.create(files, pathId, bytesMax), frames, damage };
    const log = new Log(files, pathId, bytesMax, tail);
    if (damage !== undefined) return { log, frames, damage };
    const active = files[tail.active];
    const size = active.size();
    // What is kept for a full disk is kept on: it may be full now.
    const kept = Math.min(size, tail.end + log.reserveBytes);
    if (tears && kept > tail.end && (kept < size || !isZero(active, tail.end, kept))) {
      active.write(new Uint8Array(kept - tail.end), tail.end);
      if (kept < size) active.truncate(kept);
      await active.flush();
    }
    if (tail.isClosed && tail.other === undefined) {
      log.rotate();
      log.releaseOther(throughFrame);
    }
    return { log, frames, damage };
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
    return this.activeBytes + (this.#other?.bytes ?? 0);
  }

  /** Whether a rotation is possible and gives room. */
  get canRotate(): boolean {
    return this.otherIsFree && (this.activeBytes > 0 || this.#isClosed);
  }

  /** Whether a rotation is possible: the other file holds nothing that is still needed. */
  get otherIsFree(): boolean {
    return this.#other === undefined;
  }

  get bytesMax(): number {
    return this.#bytesMax;
  }

  /** @param withReserve  whether the write may use what is kept for a full disk */
  fits(bytes: number, withReserve = false): boolean {
    if (this.#isClosed) return false;
    return this.#end + bytes <= this.#bytesMax + (withReserve ? this.reserveBytes : 0);
  }

  /** Bytes kept for writes that make room. */
  get reserveBytes(): number {
    return Math.min(RESERVE_BYTES_MAX, this.#bytesMax >>> 3);
  }

  file(index: LogIndex): StorageFile {
    return this.#files[index];
  }

  /** What recovery would read: the active file's frames, and the other file where it is needed. */
  copyFiles(): { file: LogIndex; bytes: Uint8Array }[] {
    const active = this.#active;
    const other = this.#otherIndex;
    const copies: { file: LogIndex; bytes: Uint8Array }[] = [];
    // A file that was just rotated to has no header yet: the other one tells the number of the last frame.
    if (!this.otherIsFree || !this.#headerIsWritten) {
      copies.push({ file: other, bytes: readWhole(this.#files[other], this.#files[other].size()) });
    }
    if (this.#headerIsWritten)
      copies.push({ file: active, bytes: readWhole(this.#files[active], this.#end) });
    return copies;
  }

  /**
   * Appends frames with one write and makes them durable with one flush, as far as `durability` wants.
   *
   * Cost: their bytes, one write, one flush. They must fit (`fits`).
   *
   * @param options.reserve  "use" for writes that make room: they may take what is kept for a full disk. By default
   *     they keep it, or are refused
   * @throws {Failure}  "storage-full": the log is as it was before the call. "outcome-unknown": the
   *     flush failed, or the cut after a failed write did; the path must be opened anew.
   */
  async append(
    drafts: readonly FrameDraft[],
    {
      durability = "strict",
      reserve = "keep",
    }: { readonly durability?: Durability; readonly reserve?: ReserveUse } = {},
  ): Promise<AppendedFrame[]> {
    // A machine that stops must not keep frames of this file and lose those before them.
    if (this.#isOtherUnflushed) await this.flush();
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
    if (reserve === "keep") this.#keepReserve(start + bytes.length);
    this.#writeOrUndo(file, bytes, start);
    this.#end = start + bytes.length;
    this.#toldFlushed = this.#flushedFrame;
    this.#lastFrame += drafts.length;
    this.#headerIsWritten = true;
    await this.#flush(durability, reserve);
    return appended;
  }

  /**
   * Makes the other file the active one. Its header goes with the first write to it.
   * The file that was active stays as it is until `releaseOther`, and is flushed before the other one is written to.
   */
  rotate(): void {
    if (!this.otherIsFree) throw new Error("rotation while the other log file is still needed");
    this.#other = { bytes: this.activeBytes, lastFrame: this.#lastFrame };
    this.#active = this.#otherIndex;
    this.#salt = drawSalt();
    this.#end = LOG_HEADER_BYTES;
    this.#headerIsWritten = false;
    this.#isClosed = false;
  }

  /** A root that has all frames up to this one is committed. Frames after it may be in the other file too. */
  releaseOther(throughFrame: number): void {
    if (this.#other !== undefined && this.#other.lastFrame <= throughFrame) this.#other = undefined;
  }

  /** Gives the other file's bytes back to the disk but for the reserve, where it is free and has more than `bytesMax`. */
  shrinkOther(bytesMax: number): void {
    const other = this.#files[this.#otherIndex];
    const kept = LOG_HEADER_BYTES + this.reserveBytes;
    if (this.otherIsFree && other.size() > Math.max(kept, bytesMax)) other.truncate(kept);
  }

  /** Makes frames durable that were appended relaxed. @throws {Failure} "outcome-unknown" */
  async flush(): Promise<void> {
    if (this.#flushedFrame === this.#lastFrame) return;
    await this.#flush("strict", "leave");
  }

  /**
   * Ends the log with an empty frame where its last ones are needed: it tells them to be flushed, so that
   * damage in them is not taken for a torn tail. Of frames that were flushed.
   */
  async mark(throughFrame: number): Promise<void> {
    if (Math.max(this.#toldFlushed, throughFrame) >= this.#lastFrame || this.#isClosed) return;
    await this.append([draftFrame({}, [])], { durability: "relaxed", reserve: "leave" });
    this.#toldFlushed = this.#lastFrame;
  }

  /**
   * Sees to it that, with frames up to `end`, there are written bytes to overwrite: in the other file, which
   * a rotation would use, or behind the end where that one is not free.
   */
  #keepReserve(end: number): void {
    const active = this.#files[this.#active];
    if (active.size() - end >= this.reserveBytes) return;
    if (!this.otherIsFree)
      return this.#extend(active, Math.max(active.size(), end), end + 2 * this.reserveBytes);
    const other = this.#files[this.#otherIndex];
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

  get #otherIndex(): LogIndex {
    return this.#active === 0 ? 1 : 0;
  }

  get #isOtherUnflushed(): boolean {
    return this.#other !== undefined && this.#other.lastFrame > this.#flushedFrame;
  }

  /** Flushes the file that has the frames which are not flushed: never both have some. */
  async #flush(durability: Durability, reserve: ReserveUse): Promise<void> {
    const lastFrame = this.#lastFrame;
    const file = this.#files[this.#isOtherUnflushed ? this.#otherIndex : this.#active];
    try {
      await file.flush(durability, reserve);
    } catch (error) {
      throw outcomeUnknown(file.name, error);
    }
    if (durability === "strict") this.#flushedFrame = Math.max(this.#flushedFrame, lastFrame);
  }
}

function outcomeUnknown(file: string, cause: unknown): Failure {
  return new Failure(
    "outcome-unknown",
    `${file} could not be flushed, so whether the write was kept is not known; read it back to find out`,
    { file },
    { cause },
  );
}

function isZero(file: StorageFile, from: number, to: number): boolean {
  const bytes = new Uint8Array(to - from);
  file.read(bytes, from);
  return bytes.every((byte) => byte === 0);
}

function drawSalt(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

function readWhole(file: StorageFile, bytes: number): Uint8Array {
  const target = new Uint8Array(bytes);
  return target.subarray(0, file.read(target, 0));
}
