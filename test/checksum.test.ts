import { expect, test } from "vitest";
import { checksum } from "../worker/checksum.ts";

// Published by the reference implementation's sanity test (xxhsum, XXH32, its generated buffer).
const PRIME32 = 2654435761n;
const PRIME64 = 11400714785074694797n;
function sanityBuffer(length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  let generator = PRIME32;
  for (let i = 0; i < length; i++) {
    buffer[i] = Number(generator >> 56n);
    generator = (generator * PRIME64) & 0xffffffffffffffffn;
  }
  return buffer;
}

test.each([
  [0, 0, 0x02cc5d05],
  [0, 0x9e3779b1, 0x36b78ae7],
  [1, 0, 0xcf65b03e],
  [1, 0x9e3779b1, 0xb4545aa4],
  [14, 0, 0x1208e7e2],
  [14, 0x9e3779b1, 0x6af1d1fe],
  [222, 0, 0x5bd11dbd],
  [222, 0x9e3779b1, 0x58803c5f],
])("%i bytes with seed %i hash as the reference does", (length, seed, expected) => {
  expect(checksum(sanityBuffer(length), seed)).toBe(expected);
});

test("the alignment of the bytes in memory does not matter", () => {
  const buffer = sanityBuffer(101);
  for (let shift = 0; shift < 4; shift++) {
    const moved = new Uint8Array(buffer.length + shift);
    moved.set(buffer, shift);
    expect(checksum(moved.subarray(shift), 7)).toBe(checksum(buffer, 7));
  }
});
