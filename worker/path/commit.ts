// One new root: what it names is written and flushed before it, and the old root holds until it is.

import { Failure } from "../../src/protocol/failure.ts";
import { type Pointer, pointerExtent, writeBlob } from "../data/blob.ts";
import type { Extent } from "../data/extent.ts";
import { encodeManifest, type Manifest } from "../data/manifest.ts";
import { FORMAT_VERSION, type Root, writeRoot } from "../data/root.ts";
import type { PathState } from "./path-state.ts";

export interface Commit {
  readonly root: Root;
  readonly manifest: Manifest;
}

/** Writes the manifest twice; nothing is committed yet. @param fresh  gets the extents that it takes */
export function prepareCommit(state: PathState, manifest: Manifest, fresh: Extent[]): Commit {
  const bytes = encodeManifest(manifest);
  const write = (): Pointer => {
    const pointer = writeBlob(state.data, state.allocator, bytes);
    fresh.push(pointerExtent(pointer));
    return pointer;
  };
  const { pathId, generation } = state.root;
  const root: Root = {
    version: FORMAT_VERSION,
    pathId,
    generation: generation + 1,
    manifests: [write(), write()],
  };
  return { root, manifest };
}

/**
 * Makes everything before it durable, then the root. From the first byte of the root on, a failure
 * leaves open which of two states the disk has, so it is told as "outcome-unknown".
 */
export async function commitRoot({ data, log, usesReserve }: PathState, root: Root): Promise<void> {
  const reserve = usesReserve === true ? "use" : "leave";
  try {
    // An index image may cover slots of frames that were appended relaxed.
    await log.flush();
    await data.flush("strict", reserve);
    writeRoot(data, root);
    await data.flush("strict", reserve);
  } catch (cause) {
    throw new Failure(
      "outcome-unknown",
      `the checkpoint of ${data.name} could not be completed; the database must be opened anew`,
      { file: data.name },
      { cause },
    );
  }
}
