// What a path keeps of one collection, loaded or not: its streams, its images, and how far they go.
// It knows where bytes are, never what a record is.

import { readBlob, type Pointer, pointerExtent } from "../data/blob.ts";
import type { Extent } from "../data/extent.ts";
import type { Descriptor, StreamName } from "../data/manifest.ts";
import { streamNames } from "../data/manifest.ts";
import { extentOf, storedToPiece, Stream } from "../data/stream.ts";
import type { StorageFile } from "../storage/storage.ts";

export type Streams = Readonly<Record<StreamName, Stream>>;

export class CollectionStore {
  readonly id: string;
  readonly streams: Streams;
  readonly #data: StorageFile;
  /** Images of the rows, and the chunks of the index image, as the last checkpoint left them. */
  shards: readonly Pointer[];
  index: readonly Pointer[];
  /** Where its descriptor lies; undefined until its first checkpoint. */
  descriptor: Pointer | undefined;
  /** Frames up to this one are in the descriptor. */
  throughFrame: number;
  /** The last frame that touched it. */
  lastFrame: number;
  /** The last frame that changed its record, and the one that the descriptor's record is of. */
  recordChangedAt = 0;
  recordThrough = 0;
  isDeleted = false;

  private constructor(id: string, data: StorageFile, descriptor?: Descriptor, pointer?: Pointer) {
    this.id = id;
    this.#data = data;
    const stored = (name: StreamName): Stream => {
      const stream = descriptor?.streams[name];
      return new Stream(data, stream?.pieces.map(storedToPiece), stream?.end);
    };
    this.streams = { vectors: stored("vectors"), texts: stored("texts"), delta: stored("delta") };
    this.shards = descriptor?.shards ?? [];
    this.index = descriptor?.index ?? [];
    this.descriptor = pointer;
    this.throughFrame = descriptor?.throughFrame ?? 0;
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
    pointer: Pointer,
  ): CollectionStore {
    return new CollectionStore(id, data, descriptor, pointer);
  }

  /** Whether something of it is in the log only: parts, or a change of its record. */
  get isDirty(): boolean {
    return (
      this.descriptor === undefined ||
      this.lastFrame > this.throughFrame ||
      this.recordChangedAt > this.recordThrough
    );
  }

  /** Bytes of its row images. */
  get shardBytes(): number {
    return this.shards.reduce((sum, pointer) => sum + pointer[2], 0);
  }

  /** The row images, verified. @throws {Failure} "corrupt" */
  readShards(): Uint8Array[] {
    return this.shards.map((pointer, i) =>
      readBlob(this.#data, pointer, `row image ${i} of collection ${this.id}`),
    );
  }

  /** The index image's chunks, verified one by one. @throws {Failure} "corrupt" */
  *readIndex(): Generator<Uint8Array> {
    for (const pointer of this.index) {
      yield readBlob(this.#data, pointer, `the index image of collection ${this.id}`);
    }
  }

  /** Every extent it has in the data file, that of its descriptor included. */
  extents(): Extent[] {
    const pieces = streamNames.flatMap((name) => this.streams[name].pieces);
    const blobs = [...this.shards, ...this.index, ...(this.descriptor ? [this.descriptor] : [])];
    return [...pieces.map(extentOf).filter((extent) => extent !== undefined), ...blobs.map(pointerExtent)];
  }
}
