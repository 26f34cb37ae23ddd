// What a collection has of its vectors in memory, by slot: which they are, where they are read, what searches them.
// Its image has the serials of its slots first, then codes and graph.

import { isFailure } from "../../src/protocol/failure.ts";
import { decodeHead, encodeHead, sealHead } from "../data/packed.ts";
import type { VectorRows } from "../data/vector-rows.ts";
import { Bitset } from "../bitset.ts";
import { Serials } from "../rows/serials.ts";
import { Vectors, type VectorsOptions } from "../vectors/vectors.ts";
import { vectorRanges } from "./live-ranges.ts";
import { SlotRows } from "./slot-rows.ts";

export interface VectorIndex {
  readonly serials: Serials;
  readonly rows: SlotRows;
  readonly vectors: Vectors;
}

export type IndexOptions = Omit<VectorsOptions, "source">;

/** An index of nothing. @param serials  of the slots that are to be appended, and later of all */
export function createIndex(options: IndexOptions, stored: VectorRows, serials = new Serials()): VectorIndex {
  const rows = new SlotRows(stored, serials, options.dimension);
  return { serials, rows, vectors: Vectors.open({ ...options, source: rows }) };
}

/** The index that an image is of; one of nothing where there is no good one. @param image  as `encodeIndex` gave it */
export function decodeIndex(
  options: IndexOptions,
  stored: VectorRows,
  image: Generator<Uint8Array>,
): VectorIndex {
  const serials = readSerials(image);
  // An image of vectors that the stream does not have is of another time.
  if (serials !== undefined && (serials.at(-1) ?? 0) < stored.count) {
    const index = createIndex(options, stored, new Serials(serials));
    if (index.vectors.loadImage(image, serials.length) === serials.length) return index;
    index.vectors.close();
  }
  return createIndex(options, stored);
}

/** The image of an index as it is when the first chunk is asked for; see `Vectors.saveImage` for what may happen meanwhile. */
export function* encodeIndex({ serials, vectors }: VectorIndex): Generator<Uint8Array, void, undefined> {
  const image = vectors.saveImage();
  try {
    const first = image.next();
    yield encodeSerials(serials, vectors.slots);
    if (!first.done) yield first.value;
    yield* image;
  } finally {
    image.return();
  }
}

/** A list of ranges, with the head of a packed piece for its form. */
function encodeSerials(serials: Serials, slots: number): Uint8Array {
  return sealHead(encodeHead(vectorRanges(Bitset.full(slots), serials, 1, Infinity), 0), 0);
}

function readSerials(image: Generator<Uint8Array>): Float64Array<ArrayBuffer> | undefined {
  const chunk = tryNext(image);
  const ranges = chunk && decodeHead(chunk, 0, 0);
  if (ranges === undefined) return undefined;
  const { starts, ends } = ranges;
  const serials = new Float64Array(starts.reduce((sum, start, i) => sum + ends[i]! - start, 0));
  let slot = 0;
  starts.forEach((start, i) => {
    for (let serial = start; serial < ends[i]!; serial++) serials[slot++] = serial;
  });
  return serials;
}

/** Undefined at the end, and where the chunk is damaged. */
function tryNext(image: Generator<Uint8Array>): Uint8Array | undefined {
  try {
    const next = image.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    if (!isFailure(error) || error.code !== "corrupt") throw error;
    return undefined;
  }
}
