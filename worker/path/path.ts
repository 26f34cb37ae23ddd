// One path: its log, its data file, and the stores of its collections. It makes writes durable, moves
// them from the log into the data file at checkpoints, and finds everything again after a crash.
// Invariant: what an acknowledged write needs is named by the flushed root or by a flushed frame.

import type { Durability } from "../../src/protocol/operation.ts";
import { Failure, isFailure } from "../../src/protocol/failure.ts";
import { BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import type { StreamName } from "../data/manifest.ts";
import { FORMAT_VERSION } from "../data/root.ts";
import type { Piece } from "../data/stream.ts";
import type { AppendedFrame } from "../log/log.ts";
import { draftFrame, type FrameDraft } from "../log/frame.ts";
import { isAnyImageDue, runCheckpoint } from "./checkpoint.ts";
import { CollectionStore } from "./collection-store.ts";
import type { CheckpointHost } from "./images.ts";
import { giveBack, type PathState } from "./path-state.ts";
import { relieve } from "./relief.ts";
import { keepRoom, tryToKeepReserve } from "./reserve.ts";
import { EXTENT_BYTES_MAX } from "./slice-writer.ts";
import { type FrozenFiles, freezeFiles } from "./freeze.ts";
import { startOfTail } from "./tail.ts";
import type { FrameHead, StoredPart, Write } from "./write.ts";

/** Writes that may share one append: with their heads they stay below half a log file. */
export const GROUP_WRITES_MAX = 32;

interface AppendOptions {
  readonly durability: Durability;
  readonly withReserve: boolean;
  readonly stagedBytesMin: number;
}

export class Path {
  readonly #state: PathState;
  readonly #host: CheckpointHost;
  /** Set where an acknowledged frame of the log is damaged: nothing is written then. */
  readonly damage: Failure | undefined;
  #checkpoint: Promise<void> | undefined;
  #isBroken = false;
  #fullBy: Failure | undefined;

  constructor(state: PathState, host: CheckpointHost, damage?: Failure) {
    this.#state = state;
    this.#host = host;
    this.damage = damage;
  }

  collection(id: string): CollectionStore | undefined {
    return this.#state.collections.get(id);
  }

  /** What was found damaged since the path was opened: in the log first, then collection by collection. */
  get damageFound(): Failure[] {
    const ofCollections = [...this.#state.collections.values()].flatMap(({ damage }) => damage);
    return this.damage === undefined ? ofCollections : [this.damage, ...ofCollections];
  }

  get collectionCount(): number {
    return this.#state.collections.size;
  }

  /** The number of the last frame: it changes with every write. */
  get lastFrame(): number {
    return this.#state.log.lastFrame;
  }

  /** The collection that a checkpoint is taking images of: it has to stay loaded. */
  get movingCollection(): string | undefined {
    return this.#state.moving;
  }

  /** True when the log holds frames whose checkpoint should run soon: a rotation waits for it. */
  get needsCheckpoint(): boolean {
    const { log } = this.#state;
    return !log.otherIsFree || log.activeBytes > log.bytesMax * 0.75;
  }

  /** Whether a group of writes fits; where it does not, a checkpoint makes room. */
  get hasRoom(): boolean {
    const { log } = this.#state;
    return log.otherIsFree || log.fits(log.bytesMax / 2);
  }

  /** True when a checkpoint has anything to do: frames in the log, images that are due, a file with a free end. */
  get wantsCheckpoint(): boolean {
    const { log, manifest, root } = this.#state;
    if (this.damage !== undefined) return false;
    if (
      root.version < FORMAT_VERSION ||
      log.lastFrame > manifest.throughFrame ||
      startOfTail(this.#state) !== undefined
    )
      return true;
    return isAnyImageDue(this.#state, this.#host);
  }

  /** True after a flush failed: nothing may be written any more until the path is opened anew. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Set where the path broke because a flush found no room and kept nothing: the files are good as they are. */
  get fullBy(): Failure | undefined {
    return this.#fullBy;
  }

  /** Bytes of the files. */
  get storedBytes(): number {
    const { data, log } = this.#state;
    return data.size() + log.file(0).size() + log.file(1).size();
  }

  /**
   * Makes writes durable, in order, with one log write and one flush, and adds them to their stores.
   * Relaxed ones are durable with the next strict append, with a checkpoint, with `flush` and with `close`.
   * At most `GROUP_WRITES_MAX` of them, and only while `hasRoom`.
   *
   * Cost: the bytes once; parts of `stagedBytesMin` and more cost one more flush for all of them.
   *
   * @throws {Failure}  "storage-full": nothing was kept. "outcome-unknown": the path is broken.
   */
  async append(writes: readonly Write[], durability: Durability = "strict"): Promise<void> {
    this.#assertUsable();
    if (!writes.every(({ frees }) => frees === true)) {
      return this.#append(writes, {
        durability,
        withReserve: false,
        stagedBytesMin: this.#state.limits.stagedBytesMin,
      });
    }
    try {
      await this.#append(writes, {
        durability,
        withReserve: true,
        stagedBytesMin: this.#state.limits.stagedBytesMin,
      });
    } catch (error) {
      const { log } = this.#state;
      if (this.#isBroken || !isFull(error)) throw error;
      // The data file has no room: all of it goes to the log, into bytes that the other file has.
      if (log.canRotate) await log.rotate();
      await this.#append(writes, { durability, withReserve: true, stagedBytesMin: Infinity });
    }
  }

  async #append(
    writes: readonly Write[],
    { durability, withReserve, stagedBytesMin }: AppendOptions,
  ): Promise<void> {
    const staged: Extent[] = [];
    try {
      const placed = this.#place(writes, staged, stagedBytesMin);
      // For relaxed ones too: a frame that the disk kept must not name bytes that it lost.
      if (staged.length > 0) await this.#flushData();
      const bytes = placed.reduce((sum, { draft }) => sum + draft.bytes, 0);
      if (!withReserve) keepRoom(this.#state, bytes);
      await this.#rotateIfFull(bytes, withReserve);
      const frames = await this.#state.log.append(
        placed.map(({ draft }) => draft),
        { durability, withReserve },
      );
      frames.forEach((frame, i) => this.#record(writes[i]!, placed[i]!.parts, frame));
    } catch (error) {
      this.#breakIfUnknown(error);
      if (!this.#isBroken) giveBack(this.#state, staged);
      throw error;
    }
  }

  /**
   * Moves what is in the log into the data file and commits it with one new root, in slices between
   * which `pause` lets requests run. One at a time: a call while it runs waits for that run.
   *
   * @throws {Failure}  "storage-full": the state before still holds, and the log keeps its frames.
   */
  checkpoint(): Promise<void> {
    this.#checkpoint ??= this.#runCheckpoint().finally(() => (this.#checkpoint = undefined));
    return this.#checkpoint;
  }

  /** The files as they are now, held until the thaw. To be called when no write is half done. */
  freeze(): FrozenFiles {
    this.#assertUsable();
    return freezeFiles(this.#state);
  }

  /** Makes durable what was appended relaxed. @throws {Failure} "outcome-unknown": the path is broken. */
  async flush(): Promise<void> {
    try {
      await this.#state.log.flush();
    } catch (error) {
      this.#breakIfUnknown(error);
      throw error;
    }
  }

  /** Flushes and closes the files. Nothing more is written, by a checkpoint neither. */
  async close(): Promise<void> {
    const isUsable = !this.#isBroken && this.damage === undefined;
    this.#isBroken = true;
    const { log, manifest, storage } = this.#state;
    try {
      if (isUsable) await log.flush();
      // Nothing is lost without it.
      if (isUsable) await log.mark(manifest.throughFrame).catch(() => undefined);
    } finally {
      await storage.close();
    }
  }

  async #runCheckpoint(): Promise<void> {
    this.#assertUsable();
    try {
      await runCheckpoint(this.#state, this.#host).catch((error: unknown) => {
        if (!isFull(error)) throw error;
        return this.#runRelief();
      });
    } catch (error) {
      this.#breakIfUnknown(error);
      throw error;
    }
  }

  /** Makes room on a full disk, and a checkpoint in it. @throws {Failure} "storage-full": there is too little */
  async #runRelief(): Promise<void> {
    const state = this.#state;
    state.isRelieving = true;
    try {
      await relieve(state);
      // Images can wait: what is in the log cannot.
      await runCheckpoint(state, { ...this.#host, images: () => undefined });
      state.log.shrinkOther(0);
    } finally {
      state.isRelieving = false;
      if (!this.#isBroken) tryToKeepReserve(state);
    }
  }

  /** Decides where each part goes, writes the staged ones, and drafts the frames. */
  #place(
    writes: readonly Write[],
    staged: Extent[],
    stagedBytesMin: number,
  ): { draft: FrameDraft; parts: readonly StoredPart[] }[] {
    const { data, allocator, collections } = this.#state;
    const ends = new Map<string, Map<StreamName, number>>();
    return writes.map((write) => {
      const inline: Uint8Array[] = [];
      const parts: StoredPart[] = [];
      const { collection, catalog, creates, deletes, sent } = write;
      const streams = collection === undefined ? undefined : collections.get(collection)?.streams;
      for (const [name, bytes] of Object.entries(write.parts ?? {}) as [StreamName, Uint8Array][]) {
        if (collection === undefined) throw new Error("parts of a write need a collection");
        const provisional = ends.get(collection) ?? new Map<StreamName, number>();
        ends.set(collection, provisional);
        const start = provisional.get(name) ?? streams?.[name].end ?? 0;
        provisional.set(name, start + bytes.length);
        if (bytes.length < stagedBytesMin) {
          inline.push(bytes);
          parts.push([name, start, bytes.length, null]);
          continue;
        }
        for (let at = 0; at < bytes.length; at += EXTENT_BYTES_MAX) {
          const piece = bytes.subarray(at, at + EXTENT_BYTES_MAX);
          const extent = allocator.allocate(blocksFor(piece.length));
          staged.push(extent);
          data.write(piece, extent[0] * BLOCK_BYTES);
          parts.push([name, start + at, piece.length, extent]);
        }
      }
      const head: FrameHead = {
        ...(collection === undefined ? {} : { collection }),
        ...(catalog === undefined ? {} : { catalog }),
        ...(creates === undefined ? {} : { creates }),
        ...(deletes === undefined ? {} : { deletes }),
        ...(sent === undefined ? {} : { sent }),
        ...(parts.length === 0 ? {} : { parts }),
      };
      return { draft: draftFrame(head, inline), parts };
    });
  }

  async #rotateIfFull(bytes: number, withReserve: boolean): Promise<void> {
    const { log } = this.#state;
    if (log.fits(bytes)) return;
    if (log.canRotate) await log.rotate();
    if (!log.fits(bytes, withReserve)) {
      throw new Failure(
        "storage-full",
        `a write of ${bytes} bytes was given; the log takes at most ${log.bytesMax}`,
      );
    }
  }

  #record(write: Write, parts: readonly StoredPart[], frame: AppendedFrame): void {
    recordFrame(this.#state, { ...write, parts }, frame);
  }

  async #flushData(): Promise<void> {
    try {
      await this.#state.data.flush();
    } catch (cause) {
      throw new Failure("outcome-unknown", `${this.#state.data.name} could not be flushed`, {}, { cause });
    }
  }

  #breakIfUnknown(error: unknown): void {
    if (!isFailure(error) || error.code !== "outcome-unknown") return;
    this.#isBroken = true;
    if (this.#state.storage.flushesWhole === true) this.#fullBy = fullBelow(error);
  }

  #assertUsable(): void {
    if (this.damage !== undefined) throw this.damage;
    if (this.#isBroken) throw new Failure("closed", "the path was closed, or broke and must be opened anew");
  }
}

/** Takes a frame that is in the log into the stores: after an append, and for each frame at recovery. */
export function recordFrame(state: PathState, head: FrameHead, at: AppendedFrame): void {
  for (const id of head.creates ?? []) {
    state.collections.set(id, CollectionStore.create(id, state.data, at.number));
  }
  for (const id of head.deletes ?? []) deleteStore(state, id);
  const store = head.collection === undefined ? undefined : state.collections.get(head.collection);
  if (store === undefined) return;
  if (head.catalog !== undefined) store.recordChangedAt = at.number;
  // A collection's turn comes after the moment a checkpoint is of: it may be further than the manifest.
  if (at.number <= store.throughFrame) return;
  let inlineAt = at.partsAt;
  for (const [name, start, length, extent] of head.parts ?? []) {
    const place = extent ?? { file: state.log.file(at.file), offset: inlineAt };
    const piece: Piece = { start, length, place };
    store.streams[name].append(piece);
    if (extent === null) inlineAt += length;
  }
  store.lastFrame = at.number;
}

function isFull(error: unknown): boolean {
  return isFailure(error) && error.code === "storage-full";
}

/** The failure for want of room that `error` comes from. */
function fullBelow(error: unknown): Failure | undefined {
  if (!isFailure(error)) return undefined;
  return error.code === "storage-full" ? error : fullBelow(error.cause);
}

function deleteStore(state: PathState, id: string): void {
  const store = state.collections.get(id);
  if (store === undefined) return;
  state.collections.delete(id);
  store.isDeleted = true;
  state.deleted.push(store);
}
