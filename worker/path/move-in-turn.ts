// A collection's turn in a checkpoint. A write that is given up half-way takes its collection's memory along, and
// the images that were being taken of it: the turn begins anew then, with what the path has. Its frames have to
// move in any case, since the log that holds them is about to be released.

import type { CollectionStore } from "./collection-store.ts";
import type { CheckpointHost } from "./images.ts";
import { leaveDeleted, moveCollection, type Moved, type Squeeze } from "./move-collection.ts";
import type { PathState } from "./path-state.ts";
import type { SliceWriter } from "./slice-writer.ts";

/** What a pause ends with where the turn is over. Nobody outside hears of it. */
const turnIsOver = Symbol("the memory of the collection was given up");

export async function moveInTurn(
  state: PathState,
  host: CheckpointHost,
  writer: SliceWriter,
  store: CollectionStore,
  record: unknown,
  squeeze?: Squeeze,
): Promise<Moved> {
  for (;;) {
    state.turn = undefined;
    // A pause may have let its deletion in.
    if (store.isDeleted) return leaveDeleted(writer, store, record);
    const taken = writer.extents.length;
    state.turn = { collection: store.id, isOver: false };
    try {
      return await moveCollection(state, host, writer, store, record, squeeze);
    } catch (error) {
      if (error !== turnIsOver) throw error;
      writer.backTo(taken);
    }
  }
}

/** A pause in a checkpoint; one from which a turn that is over does not come back. */
export async function whileInTurn(state: PathState, host: CheckpointHost): Promise<void> {
  await host.pause();
  if (state.turn?.isOver === true) throw turnIsOver;
}
