import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkedBytes } from "../../worker/storage/chunked-bytes.ts";

/** The slow, obvious reference: one array, copied at each change. */
class PlainBytes {
  bytes = new Uint8Array(0);

  write(source: Uint8Array, at: number): void {
    if (source.length > 0) this.truncate(Math.max(this.bytes.length, at + source.length));
    this.bytes.set(source, source.length > 0 ? at : 0);
  }

  truncate(size: number): void {
    const next = new Uint8Array(size);
    next.set(this.bytes.subarray(0, size));
    this.bytes = next;
  }

  fork(): PlainBytes {
    const copy = new PlainBytes();
    copy.bytes = this.bytes.slice();
    return copy;
  }
}

const change = fc.oneof(
  fc.record({ call: fc.constant("write"), at: fc.nat(100), source: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ call: fc.constant("truncate"), size: fc.nat(150) }),
  fc.record({ call: fc.constant("fork"), swap: fc.boolean() }),
);

test("behaves as one array of bytes, and a fork as a copy of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(change), (chunkBytes, changes) => {
      const copies = [{ actual: new ChunkedBytes(chunkBytes), expected: new PlainBytes() }];
      for (const step of changes) {
        const { actual, expected } = copies[0]!;
        if ("at" in step) {
          actual.write(step.source, step.at);
          expected.write(step.source, step.at);
        } else if ("size" in step) {
          actual.truncate(step.size);
          expected.truncate(step.size);
        } else {
          const copy = { actual: actual.fork(), expected: expected.fork() };
          if (step.swap) copies.unshift(copy);
          else copies.push(copy);
        }
      }
      for (const { actual, expected } of copies) expect(actual.toBytes()).toEqual(expected.bytes);
    }),
  );
});

test("a chunk is its bytes up to the end, and absent where nothing was written", () => {
  const bytes = new ChunkedBytes(8);
  bytes.write(Uint8Array.of(1, 2, 3), 17);
  expect(bytes.chunk(0)).toBeUndefined();
  expect(bytes.chunk(2)).toEqual(Uint8Array.of(0, 1, 2, 3));
  bytes.truncate(18);
  expect(bytes.chunk(2)).toEqual(Uint8Array.of(0, 1));
});
