// A checkpoint: what is in the log moves into the data file, collection by collection, and one new
// root commits all of it. Order: extents, descriptors and manifest are written; flush; the root is
// written; flush; only then are old extents and the retired log file free. Whatever stops it before
// the root, the state before still holds.

import { pointerExtent } from "../data/blob.ts";
import type { Extent } from "../data/extent.ts";
import type { Manifest } from "../data/manifest.ts";
import { FORMAT_VERSION } from "../data/root.ts";
import type { CollectionStore } from "./collection-store.ts";
import { type Commit, commitRoot, prepareCommit } from "./commit.ts";
import type { CheckpointHost } from "./images.ts";
import { imagesOf, isPackingDue, type Moved, type Squeeze } from "./move-collection.ts";
import { moveInTurn, whileInTurn } from "./move-in-turn.ts";
import { giveBack, isTight, type PathState } from "./path-state.ts";
import { releaseRoom } from "./reserve.ts";
import { SliceWriter } from "./slice-writer.ts";
import { noteTried, tailPays, takePlaces } from "./tail.ts";

/** @param squeeze  on a full disk: what is done to make room */
export async function runCheckpoint(
  state: PathState,
  host: CheckpointHost,
  squeeze?: Squeeze,
): Promise<void> {
  const { log, manifest, root } = state;
  const isUpgrade = root.version < FORMAT_VERSION;
  const hasFrames = log.lastFrame > manifest.throughFrame;
  const isDue = squeeze !== undefined || hasFrames || isUpgrade || tailPays(state);
  if (!isDue && !isAnyImageDue(state, host)) return;
  if (log.canRotate) log.rotate();
  await host.pause();
  // From here to the next pause nothing is half written: this is the moment the checkpoint is of.
  const throughFrame = log.lastFrame;
  const catalog = host.catalog();
  const present = [...state.collections.values()];
  const places = squeeze === undefined ? takePlaces(state) : undefined;
  const writer = new SliceWriter(state.data, state.allocator, {
    pause: () => whileInTurn(state, host),
    blockLimit: squeeze?.blockLimit ?? Infinity,
    isFull: squeeze !== undefined,
    ...(places !== undefined && { places }),
  });
  const due = present.filter(
    (store) =>
      !store.isLost &&
      (isUpgrade ||
        store.isDirty ||
        isImageDue(state, host, store.id) ||
        store.extents().some((extent) => writer.isToMove(extent)) ||
        squeeze?.packs?.store === store),
  );
  const records = new Map(due.map(({ id }) => [id, host.record(id)]));
  const { released, deleted } = state;
  state.released = [];
  state.deleted = [];
  const moved: Moved[] = [];
  const fresh: Extent[] = [];
  let next: Commit;
  try {
    for (const store of due) {
      if (moved.length > 0) await host.pause();
      moved.push(await moveInTurn(state, host, writer, store, records.get(store.id), squeeze));
    }
    writer.leave();
    next = prepareCommit(state, manifestOf(throughFrame, catalog, present, moved), fresh);
  } catch (error) {
    state.released.push(...released);
    state.deleted.push(...deleted);
    writer.leave();
    giveBack(state, [...writer.extents, ...fresh]);
    throw error;
  } finally {
    state.turn = undefined;
  }
  await commitRoot(state, next.root);
  install(state, next, moved);
  log.releaseOther(throughFrame);
  releaseRoom(state);
  log.shrinkOther(state.data.size());
  const gone = deleted.flatMap((store) => store.extents());
  giveBack(state, [...released, ...gone, ...root.manifests.map(pointerExtent)]);
  if (squeeze !== undefined) noteTried(state);
}

/** Whether a checkpoint would write something that is not in the log: an image, or what packing leaves. */
export function isAnyImageDue(state: PathState, host: CheckpointHost): boolean {
  if (isTight(state)) return false;
  return [...state.collections.keys()].some((id) => isImageDue(state, host, id));
}

function isImageDue({ limits, collections }: PathState, host: CheckpointHost, id: string): boolean {
  const store = collections.get(id);
  const images = imagesOf(store, host);
  if (store === undefined || images === undefined) return false;
  const isVerdictNew = store.index.length > 0 && (images.verdict ?? store.verdict) !== store.verdict;
  return images.isIndexDue || isVerdictNew || isPackingDue(images, limits);
}

function manifestOf(
  throughFrame: number,
  catalog: unknown,
  present: readonly CollectionStore[],
  moved: readonly Moved[],
): Manifest {
  const descriptors = new Map(moved.map((part) => [part.store.id, part.descriptors]));
  const collections = present.map(
    (store) => [store.id, ...(descriptors.get(store.id) ?? store.descriptors)] as const,
  );
  return { throughFrame, catalog, collections };
}

/** After the commit: memory follows the disk, and what only the old root named is free. */
function install(state: PathState, next: Commit, moved: readonly Moved[]): void {
  state.root = next.root;
  state.manifest = next.manifest;
  for (const part of moved) {
    const { store } = part;
    part.images?.committed(part.withShards);
    if (store.isDeleted) {
      // Its old extents are released with it; the new root names its new ones until the next.
      state.released.push(...part.extents);
      continue;
    }
    for (const { stream, covered, replacement } of part.runs) stream.replace(covered, replacement);
    store.shards = part.shards;
    store.index = part.index;
    store.verdict = part.verdict;
    store.descriptors = part.descriptors;
    store.throughFrame = part.throughFrame;
    store.recordThrough = next.manifest.throughFrame;
    state.allocator.free(part.replaced);
  }
}
