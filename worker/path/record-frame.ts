// Takes a frame that is in the log into the stores of the path: after an append, and for each frame at
// recovery. What memory knows of a path follows from its root and from this, in both cases alike.

import type { Piece } from "../data/stream.ts";
import type { AppendedFrame } from "../log/log.ts";
import { CollectionStore } from "./collection-store.ts";
import type { PathState } from "./path-state.ts";
import type { FrameHead } from "./write.ts";

/** @param at  where the log has it */
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

function deleteStore(state: PathState, id: string): void {
  const store = state.collections.get(id);
  if (store === undefined) return;
  state.collections.delete(id);
  store.isDeleted = true;
  state.deleted.push(store);
}
