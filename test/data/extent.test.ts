import fc from "fast-check";
import { expect, test } from "vitest";
import { Allocator, type Extent } from "../../worker/data/extent.ts";

function blocksOf([start, blocks]: Extent): number[] {
  return Array.from({ length: blocks }, (_, i) => start + i);
}

/** Where the first run of `size` blocks begins that are not used, before `end`. */
function lowestHole(used: ReadonlySet<number>, end: number, size: number): number | undefined {
  for (let start = 4; start + size <= end; start++) {
    if (Array.from({ length: size }, (_, i) => start + i).every((block) => !used.has(block))) return start;
  }
  return undefined;
}

function longestHole(used: ReadonlySet<number>, end: number): number {
  for (let size = end - 4; size > 0; size--) if (lowestHole(used, end, size) !== undefined) return size;
  return 0;
}

test("never gives out a block that is in use, and loses none, and takes the lowest place, against a set of blocks", () => {
  const steps = fc.array(
    fc.record({
      step: fc.constantFrom(
        "allocate",
        "allocate below",
        "allocate up to",
        "take",
        "free",
        "free",
        "trim",
        "reach",
      ),
      size: fc.integer({ min: 1, max: 9 }),
      pick: fc.nat(),
    }),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const allocator = new Allocator(4);
      const held: Extent[] = [];
      const used = new Set<number>();
      for (const { step, size, pick } of list) {
        if (step === "trim") {
          allocator.trim();
        } else if (step === "reach") {
          const end = allocator.endBlock;
          allocator.reach(end + size - 3);
          expect(allocator.endBlock).toBe(Math.max(end, end + size - 3));
        } else if (step === "take") {
          const extent: Extent = [4 + (pick % 60), size];
          const isFree = blocksOf(extent).every((block) => block < allocator.endBlock && !used.has(block));
          const copy = allocator.copy();
          if (!isFree) {
            expect(() => copy.take(extent)).toThrow("are not free");
            continue;
          }
          copy.take(extent);
          expect(copy.freeBlocks).toBe(allocator.freeBlocks - size);
          allocator.take(extent);
          expect(allocator.usedRuns(4)).toEqual(copy.usedRuns(4));
          for (const block of blocksOf(extent)) used.add(block);
          held.push(extent);
        } else if (step === "allocate up to") {
          const limit = 4 + (pick % 60);
          const end = Math.min(limit, allocator.endBlock);
          const longest = longestHole(used, end);
          expect(allocator.longestBelow(limit)).toBe(longest);
          const extent = allocator.allocateUpTo(size, limit);
          // All of it where there is a place for that, else the longest there is.
          expect(extent?.[1] ?? 0).toBe(Math.min(size, longest));
          if (extent === undefined) continue;
          expect(extent[0]).toBe(lowestHole(used, end, extent[1]));
          for (const block of blocksOf(extent)) used.add(block);
          held.push(extent);
        } else if (step !== "free" || held.length === 0) {
          const limit = step === "allocate below" ? 4 + (pick % 60) : Infinity;
          const hole = lowestHole(used, allocator.endBlock, size);
          const extent =
            step === "allocate below" ? allocator.allocateBelow(size, limit) : allocator.allocate(size);
          if (extent === undefined) {
            // There is no hole, or it ends too high.
            expect(hole === undefined || hole + size > limit).toBe(true);
            continue;
          }
          // The lowest place of all; where there is none the file grows, from its last free blocks on.
          if (hole !== undefined) expect(extent[0]).toBe(hole);
          else expect(extent[0] + size).toBe(allocator.endBlock);
          expect(extent[0] + size).toBeLessThanOrEqual(limit);
          for (const block of blocksOf(extent)) {
            expect(used.has(block)).toBe(false);
            expect(block).toBeGreaterThanOrEqual(4);
            used.add(block);
          }
          held.push(extent);
        } else {
          const [extent] = held.splice(pick % held.length, 1);
          const { blocksFreed } = allocator;
          allocator.free([extent!]);
          expect(allocator.blocksFreed).toBe(blocksFreed + extent![1]);
          for (const block of blocksOf(extent!)) used.delete(block);
        }
        expect(allocator.freeBlocks + used.size).toBe(allocator.endBlock - 4);
        expect(allocator.usedBlocks).toBe(4 + used.size);
        if (step === "trim") expect(allocator.endBlock).toBe(Math.max(3, ...used) + 1);
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
