// Room on a full disk, without moving anything: one new root that leaves out what collections deleted
// since the last one had, and the index images of all others, which can be made again. It is written
// into the reserve. The log stays as it is, so the root is of the same frame as the last.

import { type Pointer, pointerExtent, writeBlob } from "../data/blob.ts";
import type { Extent } from "../data/extent.ts";
import { encodeDescriptor, readDescriptor } from "../data/manifest.ts";
import type { CollectionStore } from "./collection-store.ts";
import { type Commit, commitRoot, prepareCommit } from "./commit.ts";
import { giveBack, type PathState } from "./path-state.ts";
import { releaseReserve } from "./reserve.ts";

/** A collection whose descriptor is another one in the new root; both copies of each. */
interface Leaner {
  readonly store: CollectionStore;
  readonly before: readonly Pointer[];
  readonly pointers: readonly Pointer[];
}

/** @throws {Failure}  "storage-full": not even the reserve is there; "outcome-unknown" */
export async function relieve(state: PathState): Promise<void> {
  releaseReserve(state);
  const { root, manifest } = state;
  const fresh: Extent[] = [];
  const leaner = new Map<string, Leaner>();
  let next: Commit;
  try {
    for (const [id, ...before] of manifest.collections) {
      const deleted = state.deleted.find((store) => store.id === id);
      const store = deleted ?? state.collections.get(id);
      if (store === undefined || (deleted === undefined && store.index.length === 0)) continue;
      const descriptor = readDescriptor(state.data, before);
      if (descriptor === undefined) continue;
      const lean =
        deleted === undefined ? { ...descriptor, index: [] } : store.descriptorOfDeleted(descriptor.record);
      const bytes = encodeDescriptor(lean);
      const pointers = [0, 1].map(() => {
        const pointer = writeBlob(state.data, state.allocator, bytes);
        fresh.push(pointerExtent(pointer));
        return pointer;
      });
      leaner.set(id, { store, before, pointers });
    }
    const collections = manifest.collections.map(
      ([id, ...pointers]) => [id, ...(leaner.get(id)?.pointers ?? pointers)] as const,
    );
    next = prepareCommit(state, { ...manifest, collections }, fresh);
  } catch (error) {
    giveBack(state, fresh);
    throw error;
  }
  const deleted = state.deleted.filter(({ id }) => leaner.has(id));
  await commitRoot(state, next.root);
  giveBack(state, [...install(state, next, leaner, deleted), ...root.manifests.map(pointerExtent)]);
}

/** Memory follows the root; returns what only the old one named. */
function install(
  state: PathState,
  { root, manifest }: Commit,
  leaner: ReadonlyMap<string, Leaner>,
  deleted: readonly CollectionStore[],
): Extent[] {
  state.root = root;
  state.manifest = manifest;
  const free: Extent[] = [];
  for (const { store, before, pointers } of leaner.values()) {
    if (deleted.includes(store)) {
      free.push(...store.extents());
      state.released.push(...pointers.map(pointerExtent));
      continue;
    }
    free.push(...[...store.index, ...before].map(pointerExtent));
    store.index = [];
    store.descriptors = pointers;
  }
  state.deleted = state.deleted.filter((store) => !deleted.includes(store));
  return free;
}
