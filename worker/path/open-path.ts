// Opens a path: finds the newest root, reads manifest and descriptors, replays the log's frames into
// the stores, and derives which blocks are free. Nothing of a collection's contents is loaded.

import { Failure } from "../../src/protocol/failure.ts";
import { pointerExtent, writeBlob } from "../data/blob.ts";
import { Allocator, BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import { clearImport, hasImportMark } from "../data/import-mark.ts";
import { encodeManifest, type Manifest, readDescriptor, readManifest } from "../data/manifest.ts";
import { FORMAT_VERSION, readRoot, type Root, ROOT_BLOCKS, writeRoot } from "../data/root.ts";
import { isLogStarted } from "../log/log-file.ts";
import { Log, type LogFiles } from "../log/log.ts";
import type { Storage, StorageFile } from "../storage/storage.ts";
import type { CheckpointHost } from "./images.ts";
import { CollectionStore } from "./collection-store.ts";
import { type PathLimits, pathLimits } from "./limits.ts";
import { type PathState } from "./path-state.ts";
import { Path } from "./path.ts";
import { recordFrame } from "./record-frame.ts";
import type { FrameHead } from "./write.ts";

/** The files of a path, all created with it. */
export const pathFiles = ["log-0", "log-1", "data"] as const;

/** A path, and what the catalog needs to be as it was. */
export interface OpenedPath {
  readonly path: Path;
  /** Tenants and databases at the last checkpoint; undefined for a path that is new. */
  readonly catalog: unknown;
  /** Each collection's record at its last checkpoint, by collection id; undefined where it is lost. */
  readonly records: ReadonlyMap<string, unknown>;
  /** Changes of the catalog since, oldest first. */
  readonly changes: readonly unknown[];
  /** What `Write.sent` was in the frames since, with the frames' numbers, oldest first. */
  readonly sent: readonly (readonly [frame: number, sent: unknown])[];
  /** Set where an acknowledged frame of the log is damaged: this is the path as of the frame before. */
  readonly damage: Failure | undefined;
}

/** Two manifests of a few bytes: what a new data file has behind its roots. */
const NEW_DATA_BYTES_MAX = (ROOT_BLOCKS + 2) * BLOCK_BYTES;

/**
 * Opens the path whose files `storage` has, creating it where they are empty.
 *
 * Cost: the root, the manifest, one descriptor a collection, and both log files (16 MB each at most).
 *
 * @param emptyCatalog  what the manifest of a new path says of tenants and databases
 * @throws {Failure}  "corrupt", naming file and offset; "format-newer"; what the storage throws
 */
export async function openPath(
  storage: Storage,
  host: CheckpointHost,
  emptyCatalog: unknown,
  changedLimits: Partial<PathLimits> = {},
): Promise<OpenedPath> {
  const limits = { ...pathLimits, ...changedLimits };
  const data = storage.file("data");
  const files: LogFiles = [storage.file("log-0"), storage.file("log-1")];
  let root = readRoot(data);
  if (root === undefined && hasImportMark(data)) await clearImport(data, files);
  root ??= await createRoot(data, files, emptyCatalog);
  const manifest = readManifest(data, root);
  const collections = readStores(data, manifest);
  const records = new Map([...collections].map(([id, { record }]) => [id, record]));
  const { log, frames, damage } = await Log.recover(files, root.pathId, manifest.throughFrame, {
    bytesMax: limits.logBytesMax,
    tears: storage.flushesWhole !== true,
  });
  // What a killed process left may be in the system's cache alone. It counts as durable from here on: writes that are
  // sent again are answered from it, and the log that a root has made free is written over.
  for (const file of [data, ...files]) await file.flush();

  const used: Extent[] = root.manifests.map(pointerExtent);
  for (const { store } of collections.values()) used.push(...store.extents());
  const state: PathState = {
    storage,
    data,
    log,
    allocator: new Allocator(ROOT_BLOCKS),
    collections: new Map([...collections].map(([id, { store }]) => [id, store])),
    limits,
    root,
    manifest,
    released: [],
    deleted: [],
    roomBlocks: 0,
    roomBetween: 0,
    roomForLogBytes: 0,
  };
  const changes: unknown[] = [];
  const sent: [number, unknown][] = [];
  for (const frame of frames) {
    const head = frame.head as FrameHead;
    if (head.catalog !== undefined) changes.push(head.catalog);
    if (head.sent !== undefined) sent.push([frame.number, head.sent]);
    const store = head.collection === undefined ? undefined : state.collections.get(head.collection);
    // What a descriptor has already is among its own extents.
    if (store === undefined || frame.number > store.throughFrame) used.push(...stagedExtents(head));
    recordFrame(state, head, { file: frame.file, number: frame.number, partsAt: frame.partsAt });
  }
  const allocator = allocatorOf(state, used);
  return {
    path: new Path({ ...state, allocator, roomBlocks: roomIn(state, allocator) }, host, damage),
    catalog: manifest.catalog,
    records,
    changes,
    sent,
    damage,
  };
}

function readStores(
  data: StorageFile,
  manifest: Manifest,
): Map<string, { store: CollectionStore; record: unknown }> {
  const stores = new Map<string, { store: CollectionStore; record: unknown }>();
  for (const [id, ...copies] of manifest.collections) {
    const descriptor = readDescriptor(data, copies);
    const store =
      descriptor === undefined
        ? CollectionStore.lost(id, data, copies)
        : CollectionStore.fromDescriptor(id, data, descriptor, copies);
    store.recordThrough = manifest.throughFrame;
    stores.set(id, { store, record: descriptor?.record });
  }
  return stores;
}

/** Extents that a frame put into the data file itself, also those of a collection deleted since. */
function stagedExtents(head: FrameHead): Extent[] {
  return (head.parts ?? []).map(([, , , extent]) => extent).filter((extent) => extent !== null);
}

/** What the last one to write kept of the file for the log is kept on, until there is nothing in the log. */
function roomIn({ data, log }: PathState, { endBlock }: Allocator): number {
  return log.pendingBytes === 0 ? 0 : Math.max(0, blocksFor(data.size()) - endBlock);
}

function allocatorOf({ data, collections }: PathState, used: readonly Extent[]): Allocator {
  const hasLost = [...collections.values()].some(({ isLost }) => isLost);
  // What a lost collection has is not known. Until it is deleted and the path opened anew, only the end is free.
  const end = blocksFor(data.size());
  if (hasLost) return Allocator.fromUsed(ROOT_BLOCKS, [[ROOT_BLOCKS, end - ROOT_BLOCKS]]);
  try {
    return Allocator.fromUsed(ROOT_BLOCKS, used);
  } catch (cause) {
    throw new Failure(
      "corrupt",
      `two parts of the database name the same block of ${data.name}`,
      { file: data.name },
      { cause },
    );
  }
}

/** Writes the first root, after making sure that there is no database whose roots are all damaged. */
async function createRoot(data: StorageFile, files: LogFiles, emptyCatalog: unknown): Promise<Root> {
  if (files.some(isLogStarted) || data.size() > NEW_DATA_BYTES_MAX) {
    throw new Failure("corrupt", `all four copies of the root in ${data.name} are damaged`, {
      file: data.name,
      offset: 0,
    });
  }
  const allocator = new Allocator(ROOT_BLOCKS);
  const manifest = encodeManifest({ throughFrame: 0, catalog: emptyCatalog, collections: [] });
  const root: Root = {
    version: FORMAT_VERSION,
    pathId: crypto.getRandomValues(new BigUint64Array(1))[0]!,
    generation: 1,
    manifests: [writeBlob(data, allocator, manifest), writeBlob(data, allocator, manifest)],
  };
  await data.flush();
  // Both slots take their blocks of the disk now: a root that makes room on a full disk may be the second.
  data.write(new Uint8Array(ROOT_BLOCKS * BLOCK_BYTES), 0);
  writeRoot(data, root);
  await data.flush();
  return root;
}
