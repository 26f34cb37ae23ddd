// A checkpoint: what is in the log moves into the data file, collection by collection, and one new
// root commits all of it. Order: extents, descriptors and manifest are written; flush; the root is
// written; flush; only then are old extents and the retired log file free. Whatever stops it before
// the root, the state before still holds.

import { Failure } from "../../src/protocol/failure.ts";
import { type Pointer, pointerExtent, writeBlob } from "../data/blob.ts";
import { type Allocator, BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import {
  type Descriptor,
  encodeDescriptor,
  encodeManifest,
  type Manifest,
  type StoredStream,
  type StreamName,
  streamNames,
} from "../data/manifest.ts";
import { FORMAT_VERSION, type Root, writeRoot } from "../data/root.ts";
import { extentOf, isInLog, type Piece, pieceToStored, type Stream } from "../data/stream.ts";
import type { StorageFile } from "../storage/storage.ts";
import type { CollectionStore } from "./collection-store.ts";
import { giveBack, type PathState } from "./path-state.ts";

/** What a checkpoint asks of whoever holds collections in memory. */
export interface CheckpointHost {
  /** Tenants and databases as of now: plain data that does not change afterwards. */
  catalog(): unknown;
  /** A collection's record as of now, alike. Asked for all of them at the moment the checkpoint is of. */
  record(collection: string): unknown;
  /** The images of a collection that is loaded. */
  images(collection: string): CollectionImages | undefined;
  /**
   * Lets requests run between two slices. When it resolves no write is half done: what collections
   * have in memory is what was appended.
   */
  pause(): Promise<void>;
}

/** Images of one loaded collection. */
export interface CollectionImages {
  /** Every row shard as of now, or null where it is as the last committed checkpoint wrote it. */
  exportShards(): readonly (Uint8Array | null)[];
  /** Whether the index image is worth writing anew. */
  readonly isIndexDue: boolean;
  /** The index image in chunks, when it is due; undefined otherwise. */
  exportIndex(): Iterable<Uint8Array> | undefined;
  /** The checkpoint that holds them is committed; `withShards` says whether it wrote row images. */
  committed(withShards: boolean): void;
}

/** Pieces below this are joined with their neighbours when those move. */
const SMALL_PIECE_BYTES = 32 * 1024;
/** Bytes copied between two pauses. */
const SLICE_BYTES = 2 ** 20;

/** A collection's part of a checkpoint: what its descriptor says, and what changes in memory after the commit. */
interface Moved {
  readonly store: CollectionStore;
  readonly descriptor: Pointer;
  readonly throughFrame: number;
  readonly shards: readonly Pointer[];
  readonly index: readonly Pointer[];
  readonly runs: readonly MovedRun[];
  readonly images: CollectionImages | undefined;
  readonly withShards: boolean;
  /** Extents written for it, and those it no longer needs. */
  readonly fresh: readonly Extent[];
  readonly replaced: readonly Extent[];
}

interface MovedRun {
  readonly stream: Stream;
  readonly covered: readonly Piece[];
  readonly replacement: readonly Piece[];
}

export async function runCheckpoint(state: PathState, host: CheckpointHost): Promise<void> {
  const { log, manifest, root } = state;
  if (log.lastFrame === manifest.throughFrame && !isAnyIndexDue(state, host)) return;
  if (log.otherIsFree && log.activeBytes > 0) await log.rotate();
  await host.pause();
  // From here to the next pause nothing is half written: this is the moment the checkpoint is of.
  const throughFrame = log.lastFrame;
  const catalog = host.catalog();
  const present = [...state.collections.values()];
  const due = present.filter((store) => store.isDirty || host.images(store.id)?.isIndexDue === true);
  const records = new Map(due.map(({ id }) => [id, host.record(id)]));
  const released = state.released;
  state.released = [];
  const moved: Moved[] = [];
  const fresh: Extent[] = [];
  let next: { root: Root; manifest: Manifest };
  try {
    for (const store of due) {
      if (moved.length > 0) await host.pause();
      // A pause may have let its deletion in.
      if (store.isDeleted) continue;
      state.moving = store.id;
      moved.push(await moveCollection(state, host, store, records.get(store.id), fresh));
    }
    next = writeManifest(state, root, throughFrame, catalog, present, moved, fresh);
  } catch (error) {
    state.released.push(...released);
    giveBack(state, fresh);
    throw error;
  } finally {
    state.moving = undefined;
  }
  await commitRoot(state, next.root);
  install(state, next, moved);
  log.releaseOther();
  giveBack(state, [...released, ...root.manifests.map(pointerExtent)]);
}

function isAnyIndexDue({ collections }: PathState, host: CheckpointHost): boolean {
  return [...collections.keys()].some((id) => host.images(id)?.isIndexDue === true);
}

/** Writes the manifest twice; nothing is committed yet. */
function writeManifest(
  state: PathState,
  previous: Root,
  throughFrame: number,
  catalog: unknown,
  present: readonly CollectionStore[],
  moved: readonly Moved[],
  fresh: Extent[],
): { root: Root; manifest: Manifest } {
  const descriptors = new Map(moved.map(({ store, descriptor }) => [store.id, descriptor]));
  const collections: (readonly [string, Pointer])[] = [];
  for (const store of present) {
    const descriptor = descriptors.get(store.id) ?? store.descriptor;
    // A collection deleted since the checkpoint began may have none: its deletion is replayed anyway.
    if (descriptor !== undefined) collections.push([store.id, descriptor]);
  }
  const manifest: Manifest = { throughFrame, catalog, collections };
  const bytes = encodeManifest(manifest);
  const write = (): Pointer => {
    const pointer = writeBlob(state.data, state.allocator, bytes);
    fresh.push(pointerExtent(pointer));
    return pointer;
  };
  const root: Root = {
    version: FORMAT_VERSION,
    pathId: previous.pathId,
    generation: previous.generation + 1,
    manifests: [write(), write()],
  };
  return { root, manifest };
}

/**
 * Makes everything before it durable, then the root. From the first byte of the root on, a failure
 * leaves open which of two states the disk has, so it is told as "outcome-unknown".
 */
async function commitRoot({ data, log }: PathState, root: Root): Promise<void> {
  try {
    // An index image may cover slots of frames that were appended without a flush.
    await log.flush();
    await data.flush();
    writeRoot(data, root);
    await data.flush();
  } catch (cause) {
    throw new Failure(
      "outcome-unknown",
      `the checkpoint of ${data.name} could not be completed; the database must be opened anew`,
      { file: data.name },
      { cause },
    );
  }
}

/** After the commit: memory follows the disk, and what only the old root named is free. */
function install(state: PathState, next: { root: Root; manifest: Manifest }, moved: readonly Moved[]): void {
  state.root = next.root;
  state.manifest = next.manifest;
  for (const part of moved) {
    const { store } = part;
    part.images?.committed(part.withShards);
    if (store.isDeleted) {
      // Its old extents were released when it was deleted; the new root names its new ones until the next.
      state.released.push(...part.fresh);
      continue;
    }
    for (const { stream, covered, replacement } of part.runs) stream.replace(covered, replacement);
    store.shards = part.shards;
    store.index = part.index;
    store.descriptor = part.descriptor;
    store.throughFrame = part.throughFrame;
    store.recordThrough = next.manifest.throughFrame;
    state.allocator.free(part.replaced);
  }
}

/** Copies one collection's log pieces into extents, writes its images where they are due, and describes it. */
async function moveCollection(
  state: PathState,
  host: CheckpointHost,
  store: CollectionStore,
  record: unknown,
  freshOfAll: Extent[],
): Promise<Moved> {
  const { data, allocator, limits } = state;
  // All of this is taken at one moment, before the first pause.
  const throughFrame = store.lastFrame;
  const images = host.images(store.id);
  const withShards =
    images !== undefined &&
    store.streams.delta.length > Math.max(limits.deltaBytesMin, store.shardBytes * limits.deltaShareMin);
  const shardImages = withShards ? images.exportShards() : [];
  const plans = streamNames.map((name) => ({
    name,
    stream: store.streams[name],
    pieces: [...store.streams[name].pieces],
    end: store.streams[name].end,
  }));

  const fresh: Extent[] = [];
  const replaced: Extent[] = [];
  const take = (extent: Extent): void => {
    fresh.push(extent);
    freshOfAll.push(extent);
  };
  const runs: MovedRun[] = [];
  const streams = {} as Record<StreamName, StoredStream>;
  for (const { name, stream, pieces, end } of plans) {
    const isDropped = name === "delta" && withShards;
    const movedRuns = isDropped
      ? [{ covered: [...pieces], replacement: [] }]
      : await copyRuns(data, allocator, stream, pieces, take, host);
    let stored = [...pieces];
    for (const { covered, replacement } of movedRuns) {
      runs.push({ stream, covered, replacement });
      replaced.push(...covered.map(extentOf).filter((extent) => extent !== undefined));
      const first = covered[0];
      if (first !== undefined) stored.splice(stored.indexOf(first), covered.length, ...replacement);
    }
    streams[name] = { pieces: stored.map(pieceToStored), end };
  }

  let shards = store.shards;
  if (withShards) {
    const written: Pointer[] = [];
    for (const [i, bytes] of shardImages.entries()) {
      const before = store.shards[i];
      if (bytes === null && before !== undefined) {
        written.push(before);
        continue;
      }
      if (bytes === null) throw new Error(`shard ${i} of collection ${store.id} was never written`);
      const pointer = writeBlob(data, allocator, bytes);
      take(pointerExtent(pointer));
      written.push(pointer);
      await host.pause();
      if (before !== undefined) replaced.push(pointerExtent(before));
    }
    shards = written;
  }

  let index = store.index;
  const chunks = images?.exportIndex();
  if (chunks !== undefined) {
    const written: Pointer[] = [];
    for (const chunk of chunks) {
      const pointer = writeBlob(data, allocator, chunk);
      take(pointerExtent(pointer));
      written.push(pointer);
      await host.pause();
    }
    replaced.push(...store.index.map(pointerExtent));
    index = written;
  }

  const descriptor: Descriptor = { throughFrame, record, streams, shards, index };
  const pointer = writeBlob(data, allocator, encodeDescriptor(descriptor));
  take(pointerExtent(pointer));
  if (store.descriptor !== undefined) replaced.push(pointerExtent(store.descriptor));
  return {
    store,
    descriptor: pointer,
    throughFrame,
    shards,
    index,
    runs,
    images,
    withShards,
    fresh,
    replaced,
  };
}

/** Copies each run of log pieces (and small neighbours) into one fresh extent. */
async function copyRuns(
  data: StorageFile,
  allocator: Allocator,
  stream: Stream,
  pieces: readonly Piece[],
  take: (extent: Extent) => void,
  host: CheckpointHost,
): Promise<{ covered: Piece[]; replacement: Piece[] }[]> {
  const moved: { covered: Piece[]; replacement: Piece[] }[] = [];
  for (const covered of movableRuns(pieces)) {
    const start = covered[0]!.start;
    const length = covered.reduce((sum, piece) => sum + piece.length, 0);
    const extent = allocator.allocate(blocksFor(length));
    take(extent);
    for (let at = 0; at < length; at += SLICE_BYTES) {
      const slice = new Uint8Array(Math.min(SLICE_BYTES, length - at));
      stream.read(slice, start + at);
      data.write(slice, extent[0] * BLOCK_BYTES + at);
      await host.pause();
    }
    moved.push({ covered, replacement: [{ start, length, place: extent }] });
  }
  return moved;
}

/** Runs of neighbouring pieces with one in the log among them; small pieces of the data file join in. */
function movableRuns(pieces: readonly Piece[]): Piece[][] {
  const runs: Piece[][] = [];
  let run: Piece[] = [];
  const close = (): void => {
    if (run.some(isInLog)) runs.push(run);
    run = [];
  };
  for (const piece of pieces) {
    if (piece.length === 0 && !isInLog(piece)) continue;
    if (isInLog(piece) || piece.length < SMALL_PIECE_BYTES) run.push(piece);
    else close();
  }
  close();
  return runs;
}
