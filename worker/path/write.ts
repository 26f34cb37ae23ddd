// One write as the engine hands it to a path, and as the head of its log frame stores it.

import type { StreamName } from "../data/manifest.ts";

/** One operation's bytes. Everything in it becomes durable together or not at all. */
export interface Write {
  /** The collection whose record or streams it changes; absent for changes of the catalog itself. */
  readonly collection?: string;
  /** What the catalog applies at replay, as the catalog wrote it. */
  readonly catalog?: unknown;
  /** Collections that it creates or deletes, by id. */
  readonly creates?: readonly string[];
  readonly deletes?: readonly string[];
  /** Whether it makes room: it may use what is kept for a full disk. Not stored. */
  readonly frees?: boolean;
  /** Who sent it and what it is answered with, as the engine wrote it; nothing here reads it. */
  readonly sent?: unknown;
  /** Bytes to append to the collection's streams. */
  readonly parts?: Readonly<Partial<Record<StreamName, Uint8Array>>>;
}

/**
 * A part in a frame's head: its stream, where in the stream it starts and how long it is, and the
 * extent of the data file that has it already, or null when it follows the head in the frame.
 */
export type StoredPart = readonly [
  stream: StreamName,
  start: number,
  length: number,
  extent: readonly [block: number, blocks: number] | null,
];

export interface FrameHead {
  readonly collection?: string;
  readonly catalog?: unknown;
  readonly creates?: readonly string[];
  readonly deletes?: readonly string[];
  readonly sent?: unknown;
  readonly parts?: readonly StoredPart[];
}
