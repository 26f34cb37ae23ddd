// What a path keeps of one collection, loaded or not: its streams, its images, how far they go, and what of
// it was found damaged. It knows where bytes are, never what a record is.

import { Failure } from "../../src/protocol/failure.ts";
import { type Pointer, pointerExtent, readBlob, readBlobUnverified, tryReadBlob } from "../data/blob.ts";
import { BLOCK_BYTES, type Extent } from "../data/extent.ts";
import type { Descriptor, StreamName } from "../data/manifest.ts";
import { streamNames } from "../data/manifest.ts";
import { extentOf, storedToPiece, Stream } from "../data/stream.ts";
import type { StorageFile } from "../storage/storage.ts";

export type Streams = Readonly<Record<StreamName, Stream>>;

/** Of what was found damaged, so many places are kept. */
const DAMAGE_MAX = 100;

export class CollectionStore {
  readonly id: string;
  readonly streams: Streams;
  readonly #data: StorageFile;
  readonly #damage = new Map<string, Failure>();
  /** Images of the rows, and the chunks of the index image, as the last checkpoint left them. */
  shards: readonly Pointer[];
  index: readonly Pointer[];
  /** What was kept beside the index image, as whoever made it gave it. */
  verdict: unknown;
  /** Where its descriptor lies, in two copies; none until its first checkpoint. */
  descriptors: readonly Pointer[];
  /** Frames up to this one are in the descriptor. */
  throughFrame: number;
  /** The last frame that touched it. */
  lastFrame: number;
  /** The last frame that changed its record, and the one that the descriptor's record is of. */
  recordChangedAt = 0;
  recordThrough = 0;
  isDeleted = false;
  /** Images that could not be read when they were to move: they stay, for whoever loads the collection. */
  readonly unreadable = new WeakSet<Pointer>();
  /** Damage for which its rows could not be read: without them nothing is known of its records. */
  rowsDamage: Failure | undefined;
  /** Whether every copy of its descriptor is damaged: nothing is known but its id. */
  readonly isLost: boolean;

  private constructor(
    id: string,
    data: StorageFile,
    { descriptor, copies = [] }: { descriptor?: Descriptor; copies?: readonly Pointer[] } = {},
  ) {
    this.id = id;
    this.#data = data;
    const stored = (name: StreamName): Stream => {
      const stream = descriptor?.streams[name];
      return new Stream(data, stream?.pieces.map(storedToPiece), stream?.end, (what, file, offset) =>
        this.damaged(what, file, offset, { stream: name }),
      );
    };
    this.streams = { vectors: stored("vectors"), texts: stored("texts"), delta: stored("delta") };
    this.shards = descriptor?.shards ?? [];
    this.index = descriptor?.index ?? [];
    this.verdict = descriptor?.verdict;
    this.descriptors = copies;
    this.isLost = copies.length > 0 && descriptor === undefined;
    // No frame adds to streams that are not known.
    this.throughFrame = this.isLost ? Infinity : (descriptor?.throughFrame ?? 0);
    this.lastFrame = this.throughFrame;
  }

  static create(id: string, data: StorageFile, frame: number): CollectionStore {
    const store = new CollectionStore(id, data);
    store.lastFrame = frame;
    return store;
  }

  static fromDescriptor(
    id: string,
    data: StorageFile,
    descriptor: Descriptor,
    copies: readonly Pointer[],
  ): CollectionStore {
    return new CollectionStore(id, data, { descriptor, copies });
  }

  /** A collection whose descriptor cannot be read, in any of its `copies`. */
  static lost(id: string, data: StorageFile, copies: readonly Pointer[]): CollectionStore {
    const store = new CollectionStore(id, data, { copies });
    store.rowsDamage = store.damaged("every copy of its descriptor", data, copies[0]![0] * BLOCK_BYTES);
    return store;
  }

  /** Whether something of it is in the log only: parts, or a change of its record. */
  get isDirty(): boolean {
    return (
      this.descriptors.length === 0 ||
      this.lastFrame > this.throughFrame ||
      this.recordChangedAt > this.recordThrough
    );
  }

  /** Bytes of its row images. */
  get shardBytes(): number {
    return this.shards.reduce((sum, pointer) => sum + pointer[2], 0);
  }

  /** What was found damaged since the path was opened, oldest first. */
  get damage(): readonly Failure[] {
    return [...this.#damage.values()];
  }

  /** Whether anything of it was found damaged that cannot be made again: it is read-only then. */
  get isDamaged(): boolean {
    return this.#damage.size > 0;
  }

  /** Notes damage at `offset` of `file`; returns the failure that tells of it. */
  damaged(
    what: string,
    file: StorageFile,
    offset: number,
    details: Readonly<Record<string, unknown>> = {},
  ): Failure {
    const failure = new Failure(
      "corrupt",
      `collection ${this.id} is damaged, and read-only: ${what} at byte ${offset} of ${file.name} fails its checksum`,
      { collection: this.id, file: file.name, offset, ...details },
    );
    const place = `${file.name}:${offset}`;
    if (this.#damage.size < DAMAGE_MAX && !this.#damage.has(place)) this.#damage.set(place, failure);
    return failure;
  }

  /** The row images, verified. @throws {Failure} "corrupt" */
  readShards(): Uint8Array[] {
    return this.shards.map((_, i) => this.readShard(i));
  }

  /** One of them. @throws {Failure} "corrupt" */
  readShard(i: number): Uint8Array {
    const pointer = this.shards[i]!;
    const bytes = tryReadBlob(this.#data, pointer);
    if (bytes === undefined) throw this.damaged(`row image ${i}`, this.#data, pointer[0] * BLOCK_BYTES);
    return bytes;
  }

  /** The bytes in the place of a row image, whatever they are: for salvage alone. */
  readShardUnverified(i: number): Uint8Array {
    return readBlobUnverified(this.#data, this.shards[i]!);
  }

  /** The index image's chunks, verified one by one. Its damage costs time only. @throws {Failure} "corrupt" */
  *readIndex(): Generator<Uint8Array> {
    for (const pointer of this.index) {
      yield readBlob(this.#data, pointer, `the index image of collection ${this.id}`);
    }
  }

  /** Every extent it has in the data file, those of its descriptor included. */
  extents(): Extent[] {
    const pieces = streamNames.flatMap((name) => this.streams[name].pieces);
    const blobs = [...this.shards, ...this.index, ...this.descriptors];
    return [...pieces.map(extentOf).filter((extent) => extent !== undefined), ...blobs.map(pointerExtent)];
  }

  /** What replay needs of it once its deletion is in the log: its record, and that no frame adds to it. */
  descriptorOfDeleted(record: unknown): Descriptor {
    const end = (name: StreamName) => ({ pieces: [], end: this.streams[name].end });
    const streams = { vectors: end("vectors"), texts: end("texts"), delta: end("delta") };
    return { throughFrame: this.lastFrame, record, streams, shards: [], index: [] };
  }
}
