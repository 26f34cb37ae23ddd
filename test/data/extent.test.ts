import fc from "fast-check";
import { expect, test } from "vitest";
import { Allocator, type Extent } from "../../worker/data/extent.ts";

function blocksOf([start, blocks]: Extent): number[] {
  return Array.from({ length: blocks }, (_, i) => start + i);
}

test("never gives out a block that is in use, and loses none, against a set of blocks", () => {
  const steps = fc.array(
    fc.record({ allocates: fc.boolean(), size: fc.integer({ min: 1, max: 9 }), pick: fc.nat() }),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const allocator = new Allocator(4);
      const held: Extent[] = [];
      const used = new Set<number>();
      for (const { allocates, size, pick } of list) {
        if (allocates || held.length === 0) {
          const extent = allocator.allocate(size);
          for (const block of blocksOf(extent)) {
            expect(used.has(block)).toBe(false);
            expect(block).toBeGreaterThanOrEqual(4);
            used.add(block);
          }
          held.push(extent);
        } else {
          const [extent] = held.splice(pick % held.length, 1);
          allocator.free([extent!]);
          for (const block of blocksOf(extent!)) used.delete(block);
        }
        expect(allocator.freeBlocks + used.size).toBe(allocator.endBlock - 4);
      }
      const reopened = Allocator.fromUsed(4, held);
      const highest = Math.max(3, ...used);
      expect(reopened.endBlock).toBe(highest + 1);
      expect(reopened.freeBlocks).toBe(highest + 1 - 4 - used.size);
    }),
  );
});

test("free blocks at the end are given up, those before a used one are kept", () => {
  const allocator = new Allocator(4);
  const [first, second, third] = [allocator.allocate(2), allocator.allocate(3), allocator.allocate(5)];
  allocator.free([first]);
  allocator.trim();
  expect(allocator.endBlock).toBe(14);
  allocator.free([second, third]);
  allocator.trim();
  expect(allocator.endBlock).toBe(4);
  expect(allocator.freeBlocks).toBe(0);
  expect(allocator.allocate(1)).toEqual([4, 1]);
});

test("a block that is named twice is found when the allocator is derived", () => {
  expect(() =>
    Allocator.fromUsed(4, [
      [4, 3],
      [6, 1],
    ]),
  ).toThrow(new RangeError("block 6 is named twice"));
});

test("a block that is freed twice is found", () => {
  const allocator = new Allocator(0);
  const extent = allocator.allocate(4);
  allocator.free([extent]);
  expect(() => allocator.free([[extent[0] + 1, 1]])).toThrow("are free already");
});

test("an allocation of no blocks is refused", () => {
  expect(() => new Allocator(0).allocate(0)).toThrow("expected at least one block, got 0");
});
