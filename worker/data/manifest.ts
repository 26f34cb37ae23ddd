// What a root names: the manifest (catalog state and one pointer a collection) and the descriptors
// (one collection each: its record, streams and images). Both are MessagePack in blobs of their own.

import { Failure } from "../../src/protocol/failure.ts";
import { decodeValue } from "../msgpack/decode.ts";
import { encodeValue } from "../msgpack/encode.ts";
import type { StorageFile } from "../storage/storage.ts";
import { type Pointer, tryReadBlob } from "./blob.ts";
import { BLOCK_BYTES } from "./extent.ts";
import type { Root } from "./root.ts";
import type { StoredPiece } from "./stream.ts";

export interface Manifest {
  /** Every frame up to this one is in here, in the descriptors and in what they name. */
  readonly throughFrame: number;
  /** Tenants and databases, as the catalog wrote them. */
  readonly catalog: unknown;
  /** Copies of the descriptor of each collection, by collection id: two; one where format 1 wrote it. */
  readonly collections: readonly (readonly [id: string, ...descriptors: Pointer[]])[];
}

/** A stream in a descriptor. `end` counts when there are no pieces. */
export interface StoredStream {
  readonly pieces: readonly StoredPiece[];
  readonly end: number;
}

export interface Descriptor {
  /** Parts of this collection's frames up to this one are in its streams and images. */
  readonly throughFrame: number;
  /** The collection's record, as the catalog wrote it, as of the manifest's frame. */
  readonly record: unknown;
  readonly streams: Readonly<Record<StreamName, StoredStream>>;
  /** The rows as of `throughFrame` less what the delta stream adds: one blob a sql.js shard. */
  readonly shards: readonly Pointer[];
  /** Graph and codes: derived, so their damage costs time only. Chunks that follow each other. */
  readonly index: readonly Pointer[];
  /** What was found out about the graph in the index image; nothing here reads it. */
  readonly verdict?: unknown;
}

/** The append-only streams of a collection: f32 rows by slot, documents and uris, row changes. */
export type StreamName = "vectors" | "texts" | "delta";
export const streamNames: readonly StreamName[] = ["vectors", "texts", "delta"];

export function encodeManifest(manifest: Manifest): Uint8Array {
  return encodeValue(manifest);
}

/** The manifest that `root` names, from either copy. @throws {Failure} "corrupt" if both are damaged. */
export function readManifest(data: StorageFile, root: Root): Manifest {
  const bytes = tryReadBlob(data, root.manifests[0]) ?? tryReadBlob(data, root.manifests[1]);
  if (bytes === undefined) {
    const offset = root.manifests[0][0] * BLOCK_BYTES;
    throw new Failure(
      "corrupt",
      `both copies of the manifest in ${data.name} are damaged, the first at byte ${offset}`,
      {
        file: data.name,
        offset,
      },
    );
  }
  return decodeValue(bytes) as Manifest;
}

export function encodeDescriptor(descriptor: Descriptor): Uint8Array {
  return encodeValue(descriptor);
}

/** The descriptor from the first copy that is whole; undefined where none is. */
export function readDescriptor(data: StorageFile, copies: readonly Pointer[]): Descriptor | undefined {
  for (const pointer of copies) {
    const bytes = tryReadBlob(data, pointer);
    if (bytes !== undefined) return decodeValue(bytes) as Descriptor;
  }
  return undefined;
}
