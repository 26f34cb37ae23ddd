import { expect, test } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import { BLOCK_BYTES } from "../../worker/data/extent.ts";
import { readRoot, type Root, writeRoot } from "../../worker/data/root.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openMemory } from "../../worker/storage/memory.ts";
import type { StorageFile } from "../../worker/storage/storage.ts";

function newFile(): StorageFile {
  return new CheckedStorage(openMemory(["data"])).file("data");
}

function root(generation: number, version = 1): Root {
  const manifests = [
    [4, 1, 10, 11],
    [5, 1, 10, generation],
  ] as const;
  return { version, pathId: 2n ** 63n + 5n, generation, manifests };
}

test("a file without a root has none", () => {
  expect(readRoot(newFile())).toBeUndefined();
});

test("the newest root is read, whichever slot it is in", () => {
  const file = newFile();
  for (let generation = 1; generation <= 5; generation++) {
    writeRoot(file, root(generation));
    expect(readRoot(file)).toEqual(root(generation));
  }
});

test("either copy of the newest root is enough, and without both the one before is read", () => {
  const file = newFile();
  writeRoot(file, root(2));
  writeRoot(file, root(3));
  const damage = (block: number): void => file.write(Uint8Array.of(0xff), block * BLOCK_BYTES + 20);
  damage(2);
  expect(readRoot(file)).toEqual(root(3));
  damage(3);
  expect(readRoot(file)).toEqual(root(2));
});

test("each flipped bit of a root's copies is found", () => {
  const file = newFile();
  writeRoot(file, root(1));
  const bytes = new Uint8Array(76);
  file.read(bytes, 2 * BLOCK_BYTES);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >>> 3]! ^= 1 << (bit & 7);
    const other = newFile();
    other.write(damaged, 0);
    expect(readRoot(other)).toBeUndefined();
  }
});

test("a newer format is refused with both versions", () => {
  const file = newFile();
  writeRoot(file, root(1, 3));
  expect(() => readRoot(file)).toThrow(Failure);
  expect(() => readRoot(file)).toThrow("format version 3; this build of Chromalite reads up to 2");
});
