// The index of a collection's vectors whose serials have gaps: where they are read, and what its image brings back.

import { expect, test } from "vitest";
import {
  createIndex,
  decodeIndex,
  encodeIndex,
  type VectorIndex,
} from "../../worker/collection/vector-index.ts";
import { Serials } from "../../worker/rows/serials.ts";
import { rowOf } from "../wasm/datasets.ts";
import { DIMENSION, indexOf, nearestSerial, options, storedRows, written } from "./written-vectors.ts";

/** An index of every third vector, and of the 30 last. */
function indexWithGaps(): VectorIndex {
  const all = Array.from({ length: written.rows }, (_, serial) => serial);
  return indexOf(all.filter((serial) => serial % 3 === 0 || serial >= written.rows - 30));
}

function* chunksOf(image: readonly Uint8Array[]): Generator<Uint8Array> {
  yield* image;
}

test("a slot leads to the row of its vector, one by one and over gaps", () => {
  const { rows, serials } = indexWithGaps();
  const values = new Float32Array(serials.length * DIMENSION);
  rows.readRows(0, serials.length, values);
  for (let slot = 0; slot < serials.length; slot++) {
    const vector = rowOf(written, serials.serialOf(slot));
    expect(values.subarray(slot * DIMENSION, (slot + 1) * DIMENSION)).toEqual(vector);
    const alone = new Float32Array(DIMENSION);
    rows.readRows(slot, 1, alone);
    expect(alone).toEqual(vector);
    expect(rows.holds(slot)).toBe(true);
  }
});

test("damaged vectors are told by their slots", () => {
  const stored = storedRows([3, 4, 594]);
  const { rows, serials } = createIndex(
    options,
    stored,
    new Serials(Float64Array.of(0, 3, 5, 593, 594, 595)),
  );
  expect(rows.readSoundRows(0, 6, new Float32Array(6 * DIMENSION))).toEqual([1, 4]);
  expect(() => rows.readRows(0, 6, new Float32Array(6 * DIMENSION))).toThrow("damaged");
  expect(rows.damaged(1).message).toContain(`vector ${serials.serialOf(1)}`);
  expect(() => rows.readRows(5, 1, new Float32Array(DIMENSION))).not.toThrow();
});

test("an image brings the slots back with their serials, and reads no vector for it", () => {
  const index = indexWithGaps();
  index.vectors.tombstone(1);
  const image = [...encodeIndex(index)];
  const loaded = decodeIndex(options, storedRows(), chunksOf(image));
  expect(loaded.vectors.slots).toBe(index.vectors.slots);
  expect(loaded.vectors.removed).toBe(1);
  expect(loaded.serials.length).toBe(index.serials.length);
  for (let serial = 0; serial < written.rows; serial++) {
    expect(nearestSerial(loaded, serial)).toBe(nearestSerial(index, serial));
  }
});

test("what is appended while an image is written is not in it", () => {
  const index = indexWithGaps();
  const { slots } = index.vectors;
  const image: Uint8Array[] = [];
  for (const chunk of encodeIndex(index)) {
    image.push(chunk);
    index.vectors.append(
      index.serials.append(written.rows + index.serials.length),
      rowOf(written, 1).slice(),
    );
  }
  expect(index.vectors.slots).toBeGreaterThan(slots);
  expect(decodeIndex(options, storedRows(), chunksOf(image)).vectors.slots).toBe(slots);
});

test("an image that is damaged, cut short, missing, of another time or without serials is not believed", () => {
  const index = indexWithGaps();
  const image = [...encodeIndex(index)];
  const later = createIndex(options, storedRows(), new Serials(Float64Array.of(written.rows)));
  later.vectors.append(0, rowOf(written, 0).slice());
  const damaged = image.map((chunk) => chunk.slice());
  damaged[0]![9]! ^= 1;
  const codesDamaged = image.map((chunk) => chunk.slice());
  codesDamaged.at(-1)![0]! ^= 1;
  for (const chunks of [
    damaged,
    codesDamaged,
    image.slice(0, -1),
    image.slice(0, 1),
    image.slice(1),
    [],
    [new Uint8Array(3)],
    [...encodeIndex(later)],
  ]) {
    const loaded = decodeIndex(options, storedRows(), chunksOf(chunks));
    expect([loaded.vectors.slots, loaded.serials.length]).toEqual([0, 0]);
  }
});
