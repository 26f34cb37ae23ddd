// An index made anew from one that goes on: what it takes over, what came and went meanwhile, what stops it.

import { expect, test } from "vitest";
import { Bitset } from "../../worker/bitset.ts";
import { Renewal } from "../../worker/collection/renewal.ts";
import { createIndex, type VectorIndex } from "../../worker/collection/vector-index.ts";
import { rowOf } from "../wasm/datasets.ts";
import { DIMENSION, indexOf, nearestSerial, options, storedRows, written } from "./written-vectors.ts";

/** The first 400 vectors, every fourth of which is left. */
function wornIndex(stored = storedRows()): { worn: VectorIndex; live: Bitset } {
  const worn = indexOf([...Array(400).keys()], stored);
  const live = new Bitset();
  for (let slot = 0; slot < 400; slot++) {
    if (slot % 4 === 0) live.add(slot);
    else worn.vectors.tombstone(slot);
  }
  return { worn, live };
}

function renewalOf(worn: VectorIndex, stored = storedRows()): Renewal {
  return new Renewal(worn, createIndex(options, stored), DIMENSION);
}

test("it has what was left, in the same order, and nothing else", () => {
  const { worn, live } = wornIndex();
  const renewal = renewalOf(worn);
  expect(renewal.progress(100)).toBe(0);
  expect(renewal.step(live, 1000)).toBe(false);
  expect(renewal.progress(100)).toBe(1);
  const kept = renewal.finish(live);
  expect([...kept]).toEqual(Array.from({ length: 100 }, (_, i) => i * 4));
  expect(renewal.index.vectors.slots).toBe(100);
  expect(renewal.index.vectors.removed).toBe(0);
  for (let serial = 0; serial < 400; serial++) {
    expect(nearestSerial(renewal.index, serial)).toBe(nearestSerial(worn, serial));
  }
});

test("what is written while it is made is in it, what is deleted is not found", () => {
  const { worn, live } = wornIndex();
  const renewal = renewalOf(worn);
  // All there was, and its time is over.
  expect(renewal.step(live, 0)).toBe(true);
  for (let serial = 400; serial < written.rows; serial++) {
    const slot = worn.serials.append(serial);
    worn.vectors.append(slot, rowOf(written, serial).slice());
    live.add(slot);
  }
  for (const slot of [0, 8, 396, 599]) {
    live.remove(slot);
    worn.vectors.tombstone(slot);
  }
  while (renewal.step(live, 0)) expect(worn.vectors.slots).toBe(written.rows);
  const kept = renewal.finish(live);
  expect([...kept].filter((slot) => live.has(slot))).toHaveLength(live.count());
  for (let serial = 0; serial < written.rows; serial++) {
    const found = nearestSerial(renewal.index, serial);
    expect(found).toBe(nearestSerial(worn, serial));
    expect([0, 8, 396, 599]).not.toContain(found);
  }
});

test("a vector that cannot be read stops it, and the index there is answers on", () => {
  const stored = storedRows([40]);
  const { worn, live } = wornIndex(stored);
  const renewal = renewalOf(worn, stored);
  expect(() => renewal.step(live, 1000)).toThrow(expect.objectContaining({ code: "corrupt" }));
  renewal.close();
  expect(nearestSerial(worn, 80)).toBe(80);
});
