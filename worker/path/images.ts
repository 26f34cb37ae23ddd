// What a checkpoint asks of whoever holds collections in memory.

import type { Ranges } from "../data/packed.ts";

export interface CheckpointHost {
  /** Tenants and databases as of now: plain data that does not change afterwards. */
  catalog(): unknown;
  /** A collection's record as of now, alike. Asked for all of them at the moment the checkpoint is of. */
  record(collection: string): unknown;
  /** The images of a collection that is loaded. */
  images(collection: string): CollectionImages | undefined;
  /** Loads a collection, where it can be loaded: others may be closed for it. */
  load(collection: string): Promise<void>;
  /**
   * Lets requests run between two slices. When it resolves no write is half done: what collections
   * have in memory is what was appended.
   */
  pause(): Promise<void>;
}

/** Which bytes of its streams a collection's records use. */
export interface LiveRanges {
  readonly vectors: Ranges;
  readonly texts: Ranges;
}

/** Images of one loaded collection, as one checkpoint takes them. */
export interface CollectionImages {
  /**
   * Every row shard as of now: a function that gives its image, called once, or null where it is as the
   * last committed checkpoint wrote it.
   */
  freezeShards(): readonly ((() => Uint8Array) | null)[];
  /** Whether the index image is worth writing anew, or giving up. */
  readonly isIndexDue: boolean;
  /** The index image in chunks, when it is due, none to give it up; undefined otherwise. */
  exportIndex(): Iterable<Uint8Array> | undefined;
  /** What is to be kept beside the index image; the same object as before where nothing is new. */
  readonly verdict: unknown;
  /** Bytes of vectors and texts that no record uses since the last look, and that records use: roughly. */
  readonly deadBytes: number;
  readonly liveBytes: number;
  /**
   * A look at which bytes records use of what the streams have now. Anything else of it may go, though
   * writes go on: no record comes to use again what none used.
   */
  liveRanges(pause: () => Promise<void>): Promise<LiveRanges>;
  /**
   * The checkpoint that holds them is committed; `withShards` says whether it wrote row images. Until then, and
   * where it never is, what is due stays due.
   */
  committed(withShards: boolean): void;
}
