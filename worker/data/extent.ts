// Extents: runs of blocks in the data file, and which blocks are free. The free list is never stored:
// it is what no root, manifest, descriptor or log frame names. A block that the last root still names
// is given out again only after the next root is flushed (`Allocator.release` then `commit`).

/** The unit of allocation. Four KiB: what disks and page caches write whole anyway. */
export const BLOCK_BYTES = 4096;

/** `blocks` blocks from block `start` on: a pair, because it is stored thousands of times. */
export type Extent = readonly [start: number, blocks: number];

export function blocksFor(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES);
}

/** Extents that are in use for somebody beside the database, and what of them was freed meanwhile. */
interface Hold {
  readonly extents: readonly Extent[];
  readonly freed: Extent[];
}

interface Run {
  start: number;
  blocks: number;
}

/** Gives out blocks of the data file, lowest first, and extends the file where no run is long enough. */
export class Allocator {
  /** Free runs, ascending, never adjacent. */
  readonly #free: Run[] = [];
  readonly #holds = new Set<Hold>();
  #endBlock: number;
  #freeBlocks = 0;
  #blocksFreed = 0;

  /** @param reservedBlocks  blocks at the start of the file that are never given out: the roots */
  constructor(reservedBlocks: number) {
    this.#endBlock = reservedBlocks;
  }

  /** Every block below it is in use or free; the file need not be longer. */
  get endBlock(): number {
    return this.#endBlock;
  }

  /** Blocks in use, the reserved ones among them. */
  get usedBlocks(): number {
    return this.#endBlock - this.freeBlocks;
  }

  get freeBlocks(): number {
    return this.#freeBlocks;
  }

  /** Blocks that ever became free: where it is as before, nothing has. */
  get blocksFreed(): number {
    return this.#blocksFreed;
  }

  /**
   * The allocator of a file in which exactly `used` is in use.
   * @throws {RangeError}  when two of them overlap: the caller's lists contradict each other
   */
  static fromUsed(reservedBlocks: number, used: Iterable<Extent>): Allocator {
    const allocator = new Allocator(reservedBlocks);
    const sorted = [...used].sort((a, b) => a[0] - b[0]);
    for (const [start, blocks] of sorted) {
      if (start < allocator.#endBlock) throw new RangeError(`block ${start} is named twice`);
      allocator.reach(start);
      allocator.#endBlock = start + blocks;
    }
    return allocator;
  }

  /** Another of the same free blocks, to try things out with. */
  copy(): Allocator {
    const allocator = new Allocator(this.#endBlock);
    for (const run of this.#free) allocator.#free.push({ ...run });
    allocator.#freeBlocks = this.#freeBlocks;
    return allocator;
  }

  /** One contiguous extent of that many blocks; the file may have to grow for it. */
  allocate(blocks: number): Extent {
    if (blocks <= 0) throw new RangeError(`expected at least one block, got ${blocks}`);
    const index = this.#free.findIndex((run) => run.blocks >= blocks);
    if (index < 0) return this.#extend(blocks);
    return this.#takeFrom(index, blocks);
  }

  /** Alike, but behind all others, whatever is free between them. */
  allocateLast(blocks: number): Extent {
    const extent: Extent = [this.#endBlock, blocks];
    this.#endBlock += blocks;
    return extent;
  }

  /** Alike, but the extent ends at or before block `limit`; undefined where no free run there is long enough. */
  allocateBelow(blocks: number, limit: number): Extent | undefined {
    const index = this.#free.findIndex((run) => run.blocks >= blocks);
    if (index < 0 || this.#free[index]!.start + blocks > limit) return undefined;
    return this.#takeFrom(index, blocks);
  }

  /**
   * Alike, but where no free run below `limit` is long enough, all of the longest one; undefined where there is none.
   */
  allocateUpTo(blocks: number, limit: number): Extent | undefined {
    const whole = this.allocateBelow(blocks, limit);
    if (whole !== undefined) return whole;
    const index = this.#longestBelow(limit);
    return index < 0 ? undefined : this.#takeFrom(index, this.#usableBelow(index, limit));
  }

  /** Blocks of the longest extent that `allocateBelow` would find. */
  longestBelow(limit: number): number {
    return this.#usableBelow(this.#longestBelow(limit), limit);
  }

  /** Takes these blocks. @throws {RangeError}  they are not all free */
  take([start, blocks]: Extent): void {
    const index = this.#indexBehind(start + 1) - 1;
    const run = this.#free[index];
    const behind = run === undefined ? 0 : run.start + run.blocks - (start + blocks);
    if (run === undefined || behind < 0)
      throw new RangeError(`blocks ${start} to ${start + blocks - 1} are not free`);
    run.blocks = start - run.start;
    this.#freeBlocks -= blocks;
    const rest = behind > 0 ? [{ start: start + blocks, blocks: behind }] : [];
    this.#free.splice(run.blocks > 0 ? index + 1 : index, run.blocks > 0 ? 0 : 1, ...rest);
  }

  /** Makes blocks available again at once. Only for blocks that no flushed root names. */
  free(extents: Iterable<Extent>): void {
    for (const extent of extents) {
      const hold = [...this.#holds].find((held) => touches(held.extents, extent));
      if (hold === undefined) this.#insert(extent[0], extent[1]);
      else hold.freed.push(extent);
    }
  }

  /** Runs of blocks in use, from block `from` on, ascending. */
  usedRuns(from: number): Extent[] {
    const runs: Extent[] = [];
    let at = from;
    for (const { start, blocks } of this.#free) {
      if (start > at) runs.push([at, start - at]);
      at = start + blocks;
    }
    if (at < this.#endBlock) runs.push([at, this.#endBlock - at]);
    return runs;
  }

  /**
   * Keeps `extents`, which are in use, from being given out again; what is freed of them is free when the
   * hold ends.
   * @returns  how to end it; idempotent
   */
  hold(extents: readonly Extent[]): () => void {
    const hold: Hold = { extents, freed: [] };
    this.#holds.add(hold);
    return () => {
      if (this.#holds.delete(hold)) this.free(hold.freed);
    };
  }

  /** Counts the blocks up to `end` as free ones: the file has them. */
  reach(end: number): void {
    if (end <= this.#endBlock) return;
    const start = this.#endBlock;
    this.#endBlock = end;
    this.#insert(start, end - start);
  }

  /** Gives up free blocks at the end: `endBlock` is then behind the last block in use. */
  trim(): void {
    const last = this.#free.at(-1);
    if (last === undefined || last.start + last.blocks < this.#endBlock) return;
    this.#free.pop();
    this.#freeBlocks -= last.blocks;
    this.#endBlock = last.start;
  }

  #takeFrom(index: number, blocks: number): Extent {
    const run = this.#free[index]!;
    const extent: Extent = [run.start, blocks];
    run.start += blocks;
    run.blocks -= blocks;
    if (run.blocks === 0) this.#free.splice(index, 1);
    this.#freeBlocks -= blocks;
    return extent;
  }

  #longestBelow(limit: number): number {
    let longest = -1;
    for (let index = 0; index < this.#free.length && this.#free[index]!.start < limit; index++) {
      if (this.#usableBelow(index, limit) > this.#usableBelow(longest, limit)) longest = index;
    }
    return longest;
  }

  #usableBelow(index: number, limit: number): number {
    const run = this.#free[index];
    return run === undefined ? 0 : Math.min(run.blocks, limit - run.start);
  }

  #extend(blocks: number): Extent {
    const last = this.#free.at(-1);
    const touchesEnd = last !== undefined && last.start + last.blocks === this.#endBlock;
    const start = touchesEnd ? last.start : this.#endBlock;
    if (touchesEnd) this.#freeBlocks -= this.#free.pop()!.blocks;
    this.#endBlock = start + blocks;
    return [start, blocks];
  }

  /** Of the first run that starts at `block` or behind it. */
  #indexBehind(block: number): number {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#free[middle]!.start < block) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(start: number, blocks: number): void {
    const low = this.#indexBehind(start);
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const overlaps =
      (before !== undefined && before.start + before.blocks > start) ||
      (after !== undefined && start + blocks > after.start) ||
      start + blocks > this.#endBlock;
    if (overlaps) throw new RangeError(`blocks ${start} to ${start + blocks - 1} are free already`);
    this.#freeBlocks += blocks;
    this.#blocksFreed += blocks;
    const joinsBefore = before !== undefined && before.start + before.blocks === start;
    const joinsAfter = after !== undefined && start + blocks === after.start;
    if (joinsBefore && joinsAfter) {
      before.blocks += blocks + after.blocks;
      this.#free.splice(low, 1);
    } else if (joinsBefore) {
      before.blocks += blocks;
    } else if (joinsAfter) {
      after.start = start;
      after.blocks += blocks;
    } else {
      this.#free.splice(low, 0, { start, blocks });
    }
  }
}

function touches(extents: readonly Extent[], [start, blocks]: Extent): boolean {
  return extents.some(([held, heldBlocks]) => held < start + blocks && start < held + heldBlocks);
}
