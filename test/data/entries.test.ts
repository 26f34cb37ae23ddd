import { expect, test } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import type { RecordsChange } from "../../worker/change.ts";
import { encodeDelta, readDelta, Texts, TextWriter } from "../../worker/data/entries.ts";
import { Stream } from "../../worker/data/stream.ts";
import { encodeRows, rowBytes, VectorRows } from "../../worker/data/vector-rows.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openMemory } from "../../worker/storage/memory.ts";
import type { StorageFile } from "../../worker/storage/storage.ts";

function newFile(): StorageFile {
  return new CheckedStorage(openMemory(["data"])).file("data");
}

/** A stream whose bytes lie in two pieces, split at `cut`, in blocks that do not follow each other. */
function streamOf(bytes: Uint8Array, cut: number, file = newFile()): Stream {
  file.write(bytes.subarray(0, cut), 4 * 4096);
  file.write(bytes.subarray(cut), 1 * 4096);
  return new Stream(file, [
    { start: 0, length: cut, place: [4, 1] },
    { start: cut, length: bytes.length - cut, place: [1, 1] },
  ]);
}

function expectCorrupt(read: () => unknown): void {
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Failure);
  expect((thrown as Failure).code).toBe("corrupt");
}

test("vector rows come back bit for bit, also across a cut in the stream", () => {
  const values = Float32Array.from({ length: 30 }, (_, i) => Math.fround(i / 7));
  const bytes = encodeRows(values, 3, 0);
  expect(bytes.length).toBe(10 * rowBytes(3));
  for (const cut of [1, 16, 40, 159]) {
    const rows = new VectorRows(streamOf(bytes, cut), 3);
    expect(rows.count).toBe(10);
    const read = new Float32Array(15);
    rows.readRows(4, 5, read);
    expect(read).toEqual(values.subarray(12, 27));
  }
});

test("each flipped bit of a vector row is found when the row is read", () => {
  const bytes = encodeRows(Float32Array.of(1, 2, 3, 4), 2, 0);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >>> 3]! ^= 1 << (bit & 7);
    const rows = new VectorRows(streamOf(damaged, 8), 2);
    expectCorrupt(() => rows.readRows(0, 2, new Float32Array(4)));
  }
});

test("a row in the place of another is found", () => {
  const bytes = encodeRows(Float32Array.of(1, 2, 3, 4), 2, 0);
  const swapped = new Uint8Array([...bytes.subarray(12), ...bytes.subarray(0, 12)]);
  const rows = new VectorRows(streamOf(swapped, 5), 2);
  expectCorrupt(() => rows.readRows(0, 1, new Float32Array(2)));
});

test("texts come back, whatever is in them, and a flipped bit is found", () => {
  const texts = ["", "plain", "\0 NUL", "ünïcödé 🙂", "x".repeat(3000)];
  const writer = new TextWriter(0);
  const spans = texts.map((text) => writer.add(text));
  const bytes = writer.bytes().slice();
  const source = new Texts(streamOf(bytes, 100));
  expect(spans.map((span) => new TextDecoder().decode(source.read(span)))).toEqual(texts);
  for (const at of [spans[1]!.offset, spans[1]!.offset + 5, spans[4]!.offset + 2000]) {
    const damaged = bytes.slice();
    damaged[at]! ^= 16;
    const reader = new Texts(streamOf(damaged, 7));
    expectCorrupt(() => spans.map((span) => reader.read(span)));
  }
});

test("changes come back with every type of value, hostile keys too", () => {
  const metadata = JSON.parse('{"__proto__": "kept", "constructor": 1}') as Record<string, never>;
  const changes: RecordsChange[] = [
    {
      inserts: {
        sequenceStart: 2 ** 40,
        serialStart: 7,
        ids: ["a\0b", "🙂"],
        metadatas: [metadata, { big: 2n ** 62n, float: { "#float": 1 }, list: [1.5, 2.5], negative: -1 }],
        documents: [{ offset: 5, length: 9 }, null],
        uris: [null, null],
      },
    },
    { deletes: [1, 2, 3] },
  ];
  const first = encodeDelta(changes, 0);
  const second = encodeDelta([{ deletes: [9] }], first.length);
  const stream = streamOf(new Uint8Array([...first, ...second]), first.length - 3);
  const read = [...readDelta(stream)];
  expect(read).toEqual([changes, [{ deletes: [9] }]]);
  const restored = read[0]![0]!.inserts!.metadatas[0]!;
  expect(Object.keys(restored)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(restored)).toBe(Object.prototype);
});

test("each flipped bit of a change is found", () => {
  const bytes = encodeDelta([{ deletes: [1, 2, 3] }], 0);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >>> 3]! ^= 1 << (bit & 7);
    expectCorrupt(() => [...readDelta(streamOf(damaged, 4))]);
  }
});
