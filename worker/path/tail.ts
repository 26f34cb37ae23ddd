// The end of the data file: where much of the file is free, a checkpoint moves what lies highest down into it, and
// the file is cut. Where everything goes is planned before anything is written, so a try that would gain nothing
// is none. What a plan goes by: each extent into the lowest free run that is long enough, the highest first.
// Where that moves nothing any more, each free run is shorter than the extent behind it: more is used than free.

import { pointerExtent } from "../data/blob.ts";
import type { Allocator, Extent } from "../data/extent.ts";
import { streamNames } from "../data/manifest.ts";
import { ROOT_BLOCKS } from "../data/root.ts";
import { extentOf } from "../data/stream.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { PathState } from "./path-state.ts";

/** The part of `freeBlocksMin` that may be free beyond as much as is used, and that a move gains at least. */
const SLACK_SHARE = 1 / 8;

/** Where extents go, by the block at which they lie. */
export type Places = Map<number, Extent>;

/** An extent that a root leads to. */
interface Resident {
  readonly extent: Extent;
  /** Undefined for the manifests. */
  readonly store?: CollectionStore;
  /** Moved as it is, left where it is, or written anew with every root, or every time its collection is. */
  readonly kind: "moves" | "stays" | "anew";
}

/** Whether a checkpoint would make the file shorter, or bring what is free together. */
export function tailPays(state: PathState): boolean {
  if (!isWorn(state)) return false;
  const at = state.allocator.blocksFreed;
  if (state.tail?.at !== at) state.tail = { pays: planTail(state) !== undefined, at };
  return state.tail.pays;
}

/** Takes the places to which things are to move; undefined where nothing is to be gained. */
export function takePlaces(state: PathState): Places | undefined {
  const places = tailPays(state) ? planTail(state) : undefined;
  for (const place of places?.values() ?? []) state.allocator.take(place);
  return places;
}

/** On a full disk it was tried in the way that is right there: not again until something becomes free. */
export function noteTried(state: PathState): void {
  state.tail = { pays: false, at: state.allocator.blocksFreed };
}

function isWorn(state: PathState): boolean {
  const { free, used } = occupancy(state);
  return isLoose(state) || (free >= state.limits.freeBlocksMin && free * 2 >= used);
}

/** More is free than used. */
function isLoose(state: PathState): boolean {
  const { free, used } = occupancy(state);
  return free > used + slackBlocks(state);
}

function slackBlocks({ limits }: PathState): number {
  return limits.freeBlocksMin * SLACK_SHARE;
}

/** The reserve has no content, and goes wherever there is room. */
function occupancy({ allocator, reserve }: PathState): { free: number; used: number } {
  const reserved = reserve?.[1] ?? 0;
  return { free: allocator.freeBlocks + reserved, used: allocator.usedBlocks - reserved };
}

function planTail(state: PathState): Places | undefined {
  const residents = residentsOf(state).sort((a, b) => b.extent[0] - a.extent[0]);
  return planCut(state, residents) ?? (isLoose(state) ? planGathering(state, residents) : undefined);
}

/** Moves that make the file shorter by as much as they copy at least. */
function planCut(state: PathState, residents: readonly Resident[]): Places | undefined {
  const { usedBlocks } = state.allocator;
  const draft = new Draft(state);
  const highest = endOf(residents[0]!.extent);
  const gainMin = isLoose(state) ? 1 : slackBlocks(state);
  let count = 0;
  for (let i = 0; i <= residents.length; i++) {
    const resident = residents[i];
    const end = Math.max(draft.end, resident === undefined ? ROOT_BLOCKS : endOf(resident.extent));
    if (highest - end >= Math.max(gainMin, draft.blocks)) count = draft.places.size;
    // It gets no lower than what is placed, nor than all that is used.
    if (resident === undefined || end <= Math.max(usedBlocks, draft.end) || !draft.move(resident)) break;
  }
  return count === 0 ? undefined : new Map([...draft.places].slice(0, count));
}

/** All moves there are, though something keeps the end of the file: room for it comes together behind them. */
function planGathering(state: PathState, residents: readonly Resident[]): Places | undefined {
  const draft = new Draft(state);
  for (const resident of residents) {
    if (resident.kind === "moves") draft.move(resident);
    else if (resident.kind === "anew" && resident.store !== undefined) draft.lower(resident.store);
  }
  return draft.gathers ? draft.places : undefined;
}

/** Moves that are tried out: what they take is taken of a copy. */
class Draft {
  readonly places: Places = new Map();
  /** Where the highest place ends. */
  end = 0;
  /** Blocks to be written, the root among them. */
  blocks = 1;
  /** Whether anything gets lower but for what has to be written anew with it. */
  gathers = false;
  readonly #room: Allocator;
  readonly #stores = new Set<CollectionStore>();
  /** So many blocks found no place: no more do any further down. */
  #tooLong = Infinity;

  constructor({ allocator, root }: PathState) {
    this.#room = allocator.copy();
    for (const pointer of root.manifests) this.#writeAnew(pointerExtent(pointer));
    const starts = root.manifests.map(([start]) => start);
    this.gathers = this.end <= Math.max(...starts);
  }

  /** False where it stays. */
  move({ extent, store, kind }: Resident): boolean {
    if (kind === "stays" || extent[1] >= this.#tooLong) return false;
    if (kind === "moves") {
      const place = this.#room.allocateBelow(extent[1], extent[0]);
      if (place === undefined) {
        this.#tooLong = extent[1];
        return false;
      }
      this.#put(extent, place);
      this.gathers = true;
    }
    if (store !== undefined && !this.#stores.has(store)) {
      this.#stores.add(store);
      for (const pointer of store.descriptors) this.#writeAnew(pointerExtent(pointer));
    }
    return true;
  }

  /** Plans to write a collection's descriptor anew, where both copies are to lie lower than the higher one does. */
  lower(store: CollectionStore): void {
    if (this.#stores.has(store)) return;
    const extents = store.descriptors.map(pointerExtent);
    const limit = Math.max(...extents.map(([start]) => start));
    const places = extents.map(([, blocks]) => this.#room.allocateBelow(blocks, limit));
    if (places.includes(undefined)) {
      this.#room.free(places.filter((place) => place !== undefined));
      return;
    }
    this.#stores.add(store);
    this.gathers = true;
    for (const [i, place] of places.entries()) this.#put(extents[i]!, place!);
  }

  /** Wherever there is room; behind everything else where there is none. */
  #writeAnew(extent: Extent): void {
    const place = this.#room.allocateBelow(extent[1], Infinity);
    if (place === undefined) this.#write(this.#room.allocateLast(extent[1]));
    else this.#put(extent, place);
  }

  #put([start]: Extent, place: Extent): void {
    this.places.set(start, place);
    this.#write(place);
  }

  #write(place: Extent): void {
    this.end = Math.max(this.end, endOf(place));
    this.blocks += place[1];
  }
}

function residentsOf({ root, collections }: PathState): Resident[] {
  const residents: Resident[] = root.manifests.map((pointer) => ({
    extent: pointerExtent(pointer),
    kind: "anew",
  }));
  for (const store of collections.values()) {
    const descriptors = store.isLost ? "stays" : "anew";
    const pieces = store.isDamaged ? "stays" : "moves";
    const add = (extent: Extent, kind: Resident["kind"]): number => residents.push({ extent, store, kind });
    for (const pointer of store.descriptors) add(pointerExtent(pointer), descriptors);
    for (const pointer of [...store.shards, ...store.index]) {
      add(pointerExtent(pointer), store.unreadable.has(pointer) ? "stays" : "moves");
    }
    for (const extent of streamNames.flatMap((name) => store.streams[name].pieces.map(extentOf))) {
      if (extent !== undefined) add(extent, pieces);
    }
  }
  return residents;
}

function endOf([start, blocks]: Extent): number {
  return start + blocks;
}
