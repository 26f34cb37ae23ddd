// Vectors as a collection's stream has them, and an index over some of them.

import { createIndex, type VectorIndex } from "../../worker/collection/vector-index.ts";
import { Stream } from "../../worker/data/stream.ts";
import { encodeRows, rowBytes, VectorRows } from "../../worker/data/vector-rows.ts";
import { Serials } from "../../worker/rows/serials.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openMemory } from "../../worker/storage/memory.ts";
import { rowOf, textLikeEmbeddings } from "../wasm/datasets.ts";
import { loadEngine } from "../wasm/engine.ts";

export const DIMENSION = 24;
export const written = textLikeEmbeddings(600, DIMENSION, 7);
export const options = {
  hnsw: await loadEngine(),
  dimension: DIMENSION,
  space: "l2",
  maxNeighbors: 16,
  efConstruction: 100,
  efSearch: 100,
  cacheBytes: 0,
} as const;

/** The rows of all that was written; `damaged` of them cannot be read. */
export function storedRows(damaged: readonly number[] = []): VectorRows {
  const bytes = encodeRows(written.values, DIMENSION, 0);
  for (const serial of damaged) bytes[serial * rowBytes(DIMENSION)]! ^= 1;
  const file = new CheckedStorage(openMemory(["data"])).file("data");
  file.write(bytes, 0);
  return new VectorRows(new Stream(file, [{ start: 0, length: bytes.length, place: [0, 20] }]), DIMENSION);
}

/** An index of the vectors with these serials, which can be read. */
export function indexOf(taken: readonly number[], stored = storedRows()): VectorIndex {
  const index = createIndex(options, stored, new Serials(Float64Array.from(taken)));
  const values = new Float32Array(taken.length * DIMENSION);
  taken.forEach((serial, slot) => values.set(rowOf(written, serial), slot * DIMENSION));
  index.vectors.append(0, values);
  return index;
}

/** The serial of the vector that a search for the one of `serial` finds. */
export function nearestSerial({ serials, vectors }: VectorIndex, serial: number): number {
  return serials.serialOf(vectors.search(rowOf(written, serial), 1).slots[0]!);
}
