// One collection's part of a checkpoint: its log pieces move into extents, pieces that are hardly used
// are packed, its images are written where they are due, and a new descriptor says where all of it is.

import { type Pointer, pointerExtent, tryReadBlob } from "../data/blob.ts";
import { blocksFor, type Extent } from "../data/extent.ts";
import {
  type Descriptor,
  encodeDescriptor,
  type StoredStream,
  type StreamName,
  streamNames,
} from "../data/manifest.ts";
import type { Ranges } from "../data/packed.ts";
import { extentOf, isInLog, isPacked, type Piece, pieceToStored, type Stream } from "../data/stream.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { CheckpointHost, CollectionImages, LiveRanges } from "./images.ts";
import type { PathLimits } from "./limits.ts";
import { endOf, type MovedRun, packStream } from "./pack-streams.ts";
import type { PathState } from "./path-state.ts";
import type { SliceWriter } from "./slice-writer.ts";
import { squeezeStream } from "./squeeze-stream.ts";

/** What a descriptor says, and what changes in memory after the commit. */
export interface Moved {
  readonly store: CollectionStore;
  readonly descriptors: readonly Pointer[];
  readonly throughFrame: number;
  readonly shards: readonly Pointer[];
  readonly index: readonly Pointer[];
  readonly verdict: unknown;
  readonly runs: readonly MovedRun[];
  readonly images: CollectionImages | undefined;
  readonly withShards: boolean;
  /** Extents that are in use now, and those that no longer are. */
  readonly extents: readonly Extent[];
  readonly replaced: readonly Extent[];
}

/** How a checkpoint gets by on a full disk. */
export interface Squeeze {
  /** Everything goes to where it ends at or before this block, as far as there is room; what lies higher moves. */
  readonly blockLimit: number;
  /** A collection to be packed, by what its records used of so much of its streams when that was looked at. */
  readonly packs?: { readonly store: CollectionStore; readonly live: LiveRanges; readonly ends: StreamEnds };
}

/** Where streams ended at some moment. What came later is not to be judged by what was known then. */
export interface StreamEnds {
  readonly vectors: number;
  readonly texts: number;
}

/**
 * Pieces below this are joined with their neighbours when those move: once there are as many bytes of them, so
 * that each is written twice at most, or when their blocks are mostly empty.
 */
const SMALL_PIECE_BYTES = 32 * 1024;

/** Whether so much is dead that packing is worth a look at every record. */
export function isPackingDue({ deadBytes, liveBytes }: CollectionImages, limits: PathLimits): boolean {
  return deadBytes > Math.max(limits.deadBytesMin, liveBytes);
}

/** Whether so much is dead that packing should not wait for the log to fill, or for a pause. */
export function isPackingPressing({ deadBytes, liveBytes }: CollectionImages, limits: PathLimits): boolean {
  return deadBytes > limits.pressingBytesMin + 4 * liveBytes;
}

/**
 * Images of a collection that is loaded and whole. Of a damaged one none are made: what stands in memory
 * for what could not be read must not come to be believed.
 */
export function imagesOf(
  store: CollectionStore | undefined,
  host: CheckpointHost,
): CollectionImages | undefined {
  return store === undefined || store.isDamaged ? undefined : host.images(store.id);
}

export async function moveCollection(
  state: PathState,
  host: CheckpointHost,
  writer: SliceWriter,
  store: CollectionStore,
  record: unknown,
  squeeze?: Squeeze,
): Promise<Moved> {
  const { data, limits } = state;
  // All of this is taken at one moment, before the first pause.
  const throughFrame = store.lastFrame;
  const images = imagesOf(store, host);
  const withShards =
    images !== undefined &&
    store.streams.delta.length > Math.max(limits.deltaBytesMin, store.shardBytes * limits.deltaShareMin);
  const frozen = withShards ? images.freezeShards() : [];
  const plans = streamNames.map((name) => ({
    name,
    stream: store.streams[name],
    pieces: [...store.streams[name].pieces],
    end: store.streams[name].end,
  }));

  const before = writer.extents.length;
  const replaced: Extent[] = [];
  const runs: MovedRun[] = [];
  const streams = {} as Record<StreamName, StoredStream>;
  const squeezed = squeeze?.packs?.store === store ? squeeze.packs : undefined;
  const live =
    images !== undefined && isPackingDue(images, limits)
      ? await images.liveRanges(() => writer.pause())
      : squeezed?.live;
  if (squeezed !== undefined) writer.keep(blocksToCommit(state, store));
  for (const { name, stream, pieces, end } of plans) {
    const ranges = name === "delta" ? undefined : live?.[name];
    const movedRuns =
      name === "delta" && withShards
        ? [{ stream, covered: pieces, replacement: [] }]
        : await moveStream(
            writer,
            stream,
            pieces,
            !store.isDamaged,
            ranges && (() => pack(name, stream, pieces, ranges)),
          );
    for (const { covered, freed } of movedRuns) {
      replaced.push(...(freed ?? covered.map(extentOf).filter((extent) => extent !== undefined)));
    }
    runs.push(...movedRuns);
    streams[name] = { pieces: replacePieces(pieces, movedRuns).map(pieceToStored), end };
  }
  writer.release();
  // What is written anew has no use for the places of what it replaces: any will do.
  writer.leave([
    ...replaced,
    ...[...(withShards ? store.shards : []), ...store.descriptors].map(pointerExtent),
  ]);

  const shards: Pointer[] = [];
  for (const pointer of store.shards) {
    if (!withShards) shards.push(await moveDown(pointer));
  }
  for (const [i, take] of frozen.entries()) {
    const previous = store.shards[i];
    if (take === null && previous === undefined)
      throw new Error(`shard ${i} of ${store.id} was never written`);
    shards.push(take === null ? previous! : await writer.blob(take()));
    if (take !== null && previous !== undefined) replaced.push(pointerExtent(previous));
  }
  if (withShards) replaced.push(...store.shards.slice(frozen.length).map(pointerExtent));

  const chunks = images?.exportIndex();
  const index: Pointer[] = [];
  if (chunks === undefined) {
    for (const pointer of store.index) index.push(await moveDown(pointer));
  } else {
    writer.leave(store.index.map(pointerExtent));
    for (const chunk of chunks) index.push(await writer.blob(chunk));
    replaced.push(...store.index.map(pointerExtent));
  }

  const verdict = images?.verdict ?? store.verdict;
  const descriptor: Descriptor = {
    throughFrame,
    record,
    streams,
    shards,
    index,
    ...(verdict === undefined ? {} : { verdict }),
  };
  const descriptors = await writeDescriptor(writer, descriptor);
  replaced.push(...store.descriptors.map(pointerExtent));
  return {
    store,
    descriptors,
    throughFrame,
    shards,
    index,
    verdict,
    runs,
    images,
    withShards,
    extents: writer.extents.slice(before),
    replaced,
  };

  function pack(
    name: StreamName,
    stream: Stream,
    pieces: readonly Piece[],
    ranges: Ranges,
  ): Promise<MovedRun[]> {
    if (squeezed === undefined || name === "delta") return packStream(writer, stream, pieces, ranges);
    const known = pieces.filter((piece) => endOf(piece) <= squeezed.ends[name]);
    return squeezeStream(writer, stream, known, ranges);
  }

  /** A blob that lies too high goes to where there is room further down; a damaged one stays, for whoever reads it. */
  async function moveDown(blob: Pointer): Promise<Pointer> {
    const extent = pointerExtent(blob);
    if (!writer.isToMove(extent)) return blob;
    const bytes = tryReadBlob(data, blob);
    if (bytes === undefined) store.unreadable.add(blob);
    const moved = bytes && (await writer.blob(bytes, extent));
    if (moved === undefined) return blob;
    replaced.push(extent);
    return moved;
  }
}

/**
 * The part of one that was deleted before its turn. The descriptor that it had would not do: replay meets frames
 * of it that were written before the deletion, and those before them go with the log.
 */
export async function leaveDeleted(
  writer: SliceWriter,
  store: CollectionStore,
  record: unknown,
): Promise<Moved> {
  const before = writer.extents.length;
  const descriptor = store.descriptorOfDeleted(record);
  const descriptors = await writeDescriptor(writer, descriptor);
  return {
    store,
    descriptors,
    throughFrame: descriptor.throughFrame,
    shards: [],
    index: [],
    verdict: undefined,
    runs: [],
    images: undefined,
    withShards: false,
    extents: writer.extents.slice(before),
    replaced: [],
  };
}

/** What descriptor and manifest take, twice each, if they grow by a block. */
function blocksToCommit({ root }: PathState, { descriptors }: CollectionStore): number {
  return 2 * (root.manifests[0][1] + 1) + 2 * ((descriptors[0]?.[1] ?? 0) + 1);
}

/** Both copies. */
async function writeDescriptor(writer: SliceWriter, descriptor: Descriptor): Promise<Pointer[]> {
  const bytes = encodeDescriptor(descriptor);
  return [await writer.blob(bytes), await writer.blob(bytes)];
}

/**
 * Moves a stream's pieces: those that are packed first, then what is in the log, then what lies too high.
 * @param isSound  false: what the data file has of it stays where it is, since it may not be readable
 */
async function moveStream(
  writer: SliceWriter,
  stream: Stream,
  pieces: readonly Piece[],
  isSound: boolean,
  pack: (() => Promise<MovedRun[]>) | undefined,
): Promise<MovedRun[]> {
  const moved = pack === undefined ? [] : await pack();
  const done = new Set(moved.flatMap(({ covered }) => covered));
  for (const piece of pieces) if (!isSound && !isInLog(piece)) done.add(piece);
  for (const covered of logRuns(pieces, done)) {
    const length = covered.reduce((sum, piece) => sum + piece.length, 0);
    moved.push({ stream, covered, replacement: await writer.copy(stream, covered[0]!.start, length) });
    for (const piece of covered) done.add(piece);
  }
  for (const piece of pieces) {
    const extent = extentOf(piece);
    if (done.has(piece) || extent === undefined || !writer.isToMove(extent)) continue;
    const replacement = await moveDown(writer, stream, piece, extent);
    if (replacement !== undefined) moved.push({ stream, covered: [piece], replacement });
  }
  return moved;
}

async function moveDown(
  writer: SliceWriter,
  stream: Stream,
  piece: Piece,
  extent: Extent,
): Promise<Piece[] | undefined> {
  const { start, length } = piece;
  if (!isPacked(piece)) return writer.copy(stream, start, length, extent);
  const packed = await writer.pack(stream, start, length, stream.partsOf(piece), extent);
  return packed && [packed];
}

/** Runs of neighbouring pieces with one in the log among them; small pieces of the data file join in. */
function logRuns(pieces: readonly Piece[], done: ReadonlySet<Piece>): Piece[][] {
  const runs: Piece[][] = [];
  let run: Piece[] = [];
  const close = (): void => {
    const fromLog = run.findIndex(isInLog);
    if (fromLog !== -1) runs.push(isWorthJoining(run.slice(0, fromLog), run) ? run : run.slice(fromLog));
    run = [];
  };
  for (const piece of pieces) {
    const previous = run.at(-1);
    if (previous !== undefined && previous.start + previous.length !== piece.start) close();
    if (!done.has(piece) && (isInLog(piece) || (piece.length < SMALL_PIECE_BYTES && !isPacked(piece)))) {
      run.push(piece);
    } else {
      close();
    }
  }
  close();
  return runs;
}

/** Whether `small` pieces of the data file are to be written again with the rest of their run. */
function isWorthJoining(small: readonly Piece[], run: readonly Piece[]): boolean {
  const bytes = run.reduce((sum, { length }) => sum + length, 0);
  const blocks = small.reduce((sum, { length }) => sum + blocksFor(length), 0);
  return bytes >= SMALL_PIECE_BYTES || blocks > 2 * blocksFor(bytes);
}

/** `pieces` with the runs replaced. */
export function replacePieces(pieces: readonly Piece[], runs: readonly MovedRun[]): Piece[] {
  const runByFirst = new Map(runs.map((run) => [run.covered[0], run]));
  const covered = new Set(runs.flatMap((run) => run.covered));
  return pieces.flatMap((piece) => {
    const run = runByFirst.get(piece);
    if (run !== undefined) return [...run.replacement];
    return covered.has(piece) ? [] : [piece];
  });
}
