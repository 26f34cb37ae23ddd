// An index as bytes: what is written is read back, and nothing damaged is believed.

import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { HnswIndex, HnswParameters } from "../../wasm/hnsw.ts";
import { decodeImage, encodeImage } from "../../wasm/image.ts";
import { checksum } from "../../worker/checksum.ts";
import { rowOf, textLikeEmbeddings, type Dataset } from "./datasets.ts";
import { defaults, findNearest, loadEngine } from "./engine.ts";

vi.setConfig({ testTimeout: 60_000 });

const engine = await loadEngine();

function openFilled(set: Dataset, parameters: Partial<HnswParameters> = {}): HnswIndex {
  const index = engine.open({ ...defaults, ...parameters, dimension: set.dimension });
  index.append(set.values);
  index.add(set.rows);
  return index;
}

function cutAnywhere(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

function joined(chunks: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat([...chunks]));
}

test.each(["i8", "f32"] as const)("an index with %s codes answers alike after a round trip", (codeKind) => {
  const set = textLikeEmbeddings(9000, 96, 21);
  const index = openFilled(set, { codeKind });
  index.remove(3);
  index.remove(8999);
  const chunks = [...encodeImage(index)];
  expect(chunks.length).toBeGreaterThan(2);
  for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual((1 << 20) + 4);

  const copy = decodeImage(engine, index.parameters, cutAnywhere(joined(chunks), 70_001));
  const { memoryBytes: _, revision: __, cachedRows: ___, ...state } = index.state();
  expect(copy.state()).toMatchObject(state);
  for (let row = 0; row < 30; row++)
    expect(findNearest(copy, set, rowOf(set, row), { k: 10 })).toEqual(
      findNearest(index, set, rowOf(set, row), { k: 10 }),
    );
});

test("an index goes on growing after a round trip as it would have without", () => {
  const set = textLikeEmbeddings(3000, 64, 22);
  const index = engine.open({ ...defaults, dimension: 64, codeKind: "f32" });
  index.append(set.values.subarray(0, 2000 * 64));
  index.add(1500);
  const copy = decodeImage(engine, index.parameters, encodeImage(index));
  expect(copy.state()).toMatchObject({ slots: 2000, indexed: 1500 });
  copy.append(set.values.subarray(2000 * 64));
  copy.add(1500);
  let found = 0;
  for (let row = 0; row < 3000; row += 10)
    found += Number(findNearest(copy, set, rowOf(set, row), { k: 1 }).slots[0] === row);
  expect(found).toBe(300);
});

test("an empty index, and one without a graph, make the round trip", () => {
  const empty = engine.open({ ...defaults, dimension: 7 });
  expect(decodeImage(engine, empty.parameters, encodeImage(empty)).state().slots).toBe(0);
  empty.append(new Float32Array(70));
  expect(decodeImage(engine, empty.parameters, encodeImage(empty)).state()).toMatchObject({
    slots: 10,
    nodes: 0,
  });
});

test("slots appended and removed while an image is written are not in it", () => {
  const set = textLikeEmbeddings(2000, 32, 23);
  const index = openFilled(set);
  const writing = encodeImage(index);
  const chunks = [writing.next().value as Uint8Array];
  index.append(
    set.values.map((value) => value * 100),
    true,
  );
  for (let slot = 0; slot < 4000; slot += 3) index.remove(slot);
  const copy = decodeImage(engine, index.parameters, [...chunks, ...writing]);
  expect(copy.state()).toMatchObject({ slots: 2000, removed: 0, nodes: 2000 });
  expect(findNearest(copy, set, rowOf(set, 3), { k: 1 }).slots[0]).toBe(3);
});

test("indexing while an image is written ends the writing with an error", () => {
  const set = textLikeEmbeddings(100, 32, 24);
  const index = openFilled(set);
  const writing = encodeImage(index);
  writing.next();
  index.append(set.values);
  index.add(1);
  expect(() => [...writing]).toThrow("the index changed while its image was written");
});

test("one flipped bit anywhere is reported", () => {
  const set = textLikeEmbeddings(300, 24, 25);
  const index = openFilled(set);
  index.remove(100);
  const image = joined(encodeImage(index));
  expect(decodeImage(engine, index.parameters, [image]).state().nodes).toBe(300);
  fc.assert(
    fc.property(fc.nat(image.length - 1), fc.nat(7), (at, bit) => {
      const damaged = image.slice();
      damaged[at]! ^= 1 << bit;
      expect(() => decodeImage(engine, index.parameters, [damaged])).toThrow(
        expect.objectContaining({ name: "Failure", code: expect.stringMatching(/^(corrupt|format-newer)$/) }),
      );
    }),
    { numRuns: 500 },
  );
});

test("an image cut short anywhere is reported", () => {
  const index = openFilled(textLikeEmbeddings(100, 24, 26));
  const image = joined(encodeImage(index));
  fc.assert(
    fc.property(fc.nat(image.length - 1), (length) => {
      expect(() => decodeImage(engine, index.parameters, [image.subarray(0, length)])).toThrow(
        expect.objectContaining({ code: "corrupt" }),
      );
    }),
  );
});

test("an image of other parameters, or of a newer format, is refused", () => {
  const index = openFilled(textLikeEmbeddings(100, 24, 27));
  const image = joined(encodeImage(index));
  for (const other of [
    { dimension: 25 },
    { space: "ip" as const },
    { maxNeighbors: 8 },
    { efConstruction: 50 },
  ])
    expect(() => decodeImage(engine, { ...index.parameters, ...other }, [image])).toThrow(/expected/);
  const newer = image.slice();
  newer[4] = 2;
  expect(() => decodeImage(engine, index.parameters, [newer])).toThrow(
    expect.objectContaining({ code: "format-newer" }),
  );
});

test("links that lead nowhere are refused even under a valid checksum", () => {
  const index = openFilled(textLikeEmbeddings(50, 24, 28));
  expect(decodeImage(engine, index.parameters, encodeImage(index)).state().nodes).toBe(50);
  const { memory } = index;
  const out = memory.scratch(16);
  index.call((exports, handle) => exports.hnsw_image_part(handle, 3, 0, 0, out, out + 4));
  const firstNode = memory.u32[out >>> 2]!;
  const firstLink = firstNode + 6 + 4;
  new DataView(memory.u8.buffer).setUint32(firstLink, 50, true);
  expect(() => decodeImage(engine, index.parameters, encodeImage(index))).toThrow(
    expect.objectContaining({ code: "corrupt" }),
  );
});

test("the checksum in wasm is the one of every other file", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (bytes, seed) => {
      const address = engine.memory.scratch(16 + bytes.length);
      engine.memory.u8.set(bytes, address + 16);
      engine.memory.run(() => engine.memory.exports.hnsw_checksum(address + 16, bytes.length, seed, address));
      expect(engine.memory.u32[address >>> 2]).toBe(checksum(bytes, seed));
    }),
  );
});
