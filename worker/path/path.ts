// One path: its log, its data file, and the stores of its collections. It makes writes durable, moves
// them from the log into the data file at checkpoints, and finds everything again after a crash.
// Invariant: what an acknowledged write needs is named by the flushed root or by a flushed frame.

import type { Durability } from "../../src/protocol/operation.ts";
import { Failure, isFailure } from "../../src/protocol/failure.ts";
import type { Extent } from "../data/extent.ts";
import { FORMAT_VERSION } from "../data/root.ts";
import { isAnyImageDue } from "./checkpoint.ts";
import type { CollectionStore } from "./collection-store.ts";
import { type FrozenFiles, freezeFiles } from "./freeze.ts";
import { checkpointOrRelieve, isFull, makeRoom } from "./full-disk.ts";
import type { CheckpointHost } from "./images.ts";
import { flushOrBreak } from "./flush.ts";
import { giveBack, type PathState, storedBytes } from "./path-state.ts";
import { placeWrites } from "./place-writes.ts";
import { recordFrame } from "./record-frame.ts";
import { imagesOf, isPackingPressing } from "./move-collection.ts";
import { keepRoom } from "./reserve.ts";
import { tailPays } from "./tail.ts";
import type { Write } from "./write.ts";

/** Writes that may share one append: with their heads they stay below half a log file. */
export const GROUP_WRITES_MAX = 32;

interface AppendOptions {
  readonly durability: Durability;
  readonly reserve: "keep" | "use";
  readonly stagedBytesMin: number;
}

export class Path {
  readonly #state: PathState;
  readonly #host: CheckpointHost;
  /** Set where an acknowledged frame of the log is damaged: nothing is written then. */
  readonly damage: Failure | undefined;
  #checkpoint: Promise<void> | undefined;
  #isBroken = false;
  #isPackingPressing = false;
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
    return this.#state.turn?.collection;
  }

  /** To be called where a collection's memory is given up: a checkpoint that is at it begins with it anew. */
  giveUp(collection: string): void {
    const { turn } = this.#state;
    if (turn?.collection === collection) turn.isOver = true;
  }

  /** True when a checkpoint should run soon: a rotation of the log waits for it, or much space would come back. */
  get needsCheckpoint(): boolean {
    const { log } = this.#state;
    return !log.otherIsFree || log.activeBytes > log.bytesMax * 0.75 || this.#isPackingPressing;
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
    if (root.version < FORMAT_VERSION || log.lastFrame > manifest.throughFrame || tailPays(this.#state))
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
    return storedBytes(this.#state);
  }

  /**
   * Makes writes durable, in order, with one log write and one flush, and adds them to their stores.
   * Relaxed ones are durable with the next strict append, with a checkpoint, with `flush` and with `close`.
   * At most `GROUP_WRITES_MAX` of them, and only while `hasRoom`.
   *
   * Cost: the bytes once; parts of `stagedBytesMin` and more cost one more flush for all of them.
   *
   * @throws {Failure}  "storage-full": nothing was kept. "outcome-unknown": the path is broken. `isUntried` knows what
   *     was thrown where the path broke, or was broken, before the log was written to.
   */
  async append(writes: readonly Write[], durability: Durability = "strict"): Promise<void> {
    if (this.#isBroken) throw untried();
    this.#assertUsable();
    if (!writes.every(({ frees }) => frees === true)) {
      return this.#append(writes, {
        durability,
        reserve: "keep",
        stagedBytesMin: this.#state.limits.stagedBytesMin,
      });
    }
    try {
      await this.#append(writes, {
        durability,
        reserve: "use",
        stagedBytesMin: this.#state.limits.stagedBytesMin,
      });
    } catch (error) {
      const { log } = this.#state;
      if (this.#isBroken || !isFull(error)) throw error;
      // The data file has no room: all of it goes to the log, into bytes that the other file has.
      if (log.canRotate) log.rotate();
      await this.#append(writes, { durability, reserve: "use", stagedBytesMin: Infinity });
    }
  }

  async #append(
    writes: readonly Write[],
    { durability, reserve, stagedBytesMin }: AppendOptions,
  ): Promise<void> {
    const staged: Extent[] = [];
    let isTried = false;
    try {
      const placed = placeWrites(this.#state, writes, staged, stagedBytesMin);
      // For relaxed ones too: a frame that the disk kept must not name bytes that it lost.
      if (staged.length > 0) await flushOrBreak(this.#state.data, reserve);
      const bytes = placed.reduce((sum, { draft }) => sum + draft.bytes, 0);
      if (reserve === "keep") keepRoom(this.#state, bytes);
      this.#rotateIfFull(bytes, reserve === "use");
      isTried = true;
      const frames = await this.#state.log.append(
        placed.map(({ draft }) => draft),
        { durability, reserve },
      );
      frames.forEach((frame, i) =>
        recordFrame(this.#state, { ...writes[i]!, parts: placed[i]!.parts }, frame),
      );
      // What goes past the log does not fill it, and replaces as much as what does.
      if (staged.length > 0) this.#isPackingPressing ||= writes.some((write) => this.#isMostlyDead(write));
    } catch (error) {
      this.#breakIfUnknown(error);
      if (!this.#isBroken) giveBack(this.#state, staged);
      throw this.#isBroken && !isTried ? untried(error) : error;
    }
  }

  /**
   * Moves what is in the log into the data file and commits it with one new root, in slices between
   * which `pause` lets requests run. One at a time: a call while it runs waits for that run.
   *
   * @throws {Failure}  "storage-full": the state before still holds, and the log keeps its frames.
   */
  checkpoint(): Promise<void> {
    this.#isPackingPressing = false;
    this.#checkpoint ??= this.#guarded(() => checkpointOrRelieve(this.#state, this.#host)).finally(
      () => (this.#checkpoint = undefined),
    );
    return this.#checkpoint;
  }

  /**
   * Makes room after a write was refused: what is in the log moves into the data file, what records do not use any
   * more is packed, and where that is not enough, index images go. Runs in slices, as a checkpoint does.
   *
   * Cost: collections are loaded for it, the largest first, until a sixteenth of the data file was gained.
   *
   * @throws {Failure}  "storage-full": the state before still holds
   */
  async makeRoom(): Promise<void> {
    await this.#checkpoint?.catch(() => undefined);
    this.#checkpoint = this.#guarded(() => makeRoom(this.#state, this.#host)).finally(
      () => (this.#checkpoint = undefined),
    );
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

  #isMostlyDead({ collection }: Write): boolean {
    const { collections, limits } = this.#state;
    const store = collection === undefined ? undefined : collections.get(collection);
    const images = imagesOf(store, this.#host);
    return images !== undefined && isPackingPressing(images, limits);
  }

  /** Runs what writes a root. Nothing is known of the path when it fails in that. */
  async #guarded(run: () => Promise<void>): Promise<void> {
    this.#assertUsable();
    try {
      await run();
    } catch (error) {
      this.#breakIfUnknown(error);
      throw error;
    }
  }

  #rotateIfFull(bytes: number, withReserve: boolean): void {
    const { log } = this.#state;
    if (log.fits(bytes)) return;
    if (log.canRotate) log.rotate();
    if (!log.fits(bytes, withReserve)) {
      throw new Failure(
        "storage-full",
        `a write of ${bytes} bytes was given; the log takes at most ${log.bytesMax}`,
      );
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

/** For a write that met a path that broke before: nothing of it was written. */
export function untried(cause?: unknown): Failure {
  const message =
    "the files of the path could not be flushed before this write, and nothing of it was written";
  return new Failure("storage-lost", message, { isUntried: true }, { cause });
}

/** Whether an append failed for what was before it: on a path that is opened anew it may be tried again. */
export function isUntried(error: unknown): boolean {
  return isFailure(error) && error.details["isUntried"] === true;
}

/** The failure for want of room that `error` comes from. */
function fullBelow(error: unknown): Failure | undefined {
  if (!isFailure(error)) return undefined;
  return error.code === "storage-full" ? error : fullBelow(error.cause);
}
