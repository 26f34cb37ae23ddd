// What a path, its checkpoints and its opening work on.

import { type Allocator, BLOCK_BYTES, type Extent } from "../data/extent.ts";
import type { Manifest } from "../data/manifest.ts";
import type { Root } from "../data/root.ts";
import type { Log } from "../log/log.ts";
import type { Storage, StorageFile } from "../storage/storage.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { PathLimits } from "./limits.ts";

/** What a path is made of; `openPath` puts it together. */
export interface PathState {
  readonly storage: Storage;
  readonly data: StorageFile;
  readonly log: Log;
  readonly allocator: Allocator;
  readonly collections: Map<string, CollectionStore>;
  readonly limits: PathLimits;
  root: Root;
  manifest: Manifest;
  /** Where the file ended after things were last moved down. */
  tailTriedAt?: number;
  /** The collection that a checkpoint is working on. */
  moving?: string | undefined;
  /** Extents that nothing uses any more but the flushed root may name: free after the next root. */
  released: Extent[];
}

/** Frees blocks that no flushed root names, and gives the end of the data file back to the disk. */
export function giveBack({ data, allocator }: PathState, extents: Iterable<Extent>): void {
  allocator.free(extents);
  allocator.trim();
  const bytes = allocator.endBlock * BLOCK_BYTES;
  if (data.size() > bytes) data.truncate(bytes);
}
