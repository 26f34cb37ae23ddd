// Writes what a checkpoint writes, in slices: requests run between them, and what was written is
// flushed as it goes, so that no flush has much to do. Nothing of it is named by a root yet.

import { Failure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";
import type { Pointer } from "../data/blob.ts";
import { type Allocator, BLOCK_BYTES, blocksFor, type Extent } from "../data/extent.ts";
import { encodeHead, type Ranges, rangesBytes, sealHead } from "../data/packed.ts";
import type { Piece, Stream } from "../data/stream.ts";
import type { StorageFile } from "../storage/storage.ts";
import { flushOrBreak } from "./flush.ts";

/** Bytes copied between two pauses: some milliseconds on a slow disk. */
const SLICE_BYTES = 512 * 1024;
/** Bytes written between two flushes. */
const FLUSH_BYTES = 8 * 2 ** 20;
/** A longer piece becomes several: extents of this size find a place among others. */
export const EXTENT_BYTES_MAX = 4 * 2 ** 20;

export interface SliceWriterOptions {
  /** Lets requests run between two slices. */
  pause(): Promise<void>;
  /** On a full disk: what lies behind this block is to move down, to where it ends at or before it. */
  readonly blockLimit: number;
  /** On a full disk: everything goes below it where it can, and what is copied may be split for that. */
  readonly isFull: boolean;
  /** Otherwise: where to each extent moves that is to move down, by its first block. These places are taken. */
  readonly places?: Map<number, Extent>;
}

export class SliceWriter {
  /** Extents taken so far. */
  readonly extents: Extent[] = [];
  readonly #data: StorageFile;
  readonly #allocator: Allocator;
  readonly #options: SliceWriterOptions;
  readonly #places: Map<number, Extent>;
  #kept: Extent | undefined;
  #unflushed = 0;

  constructor(data: StorageFile, allocator: Allocator, options: SliceWriterOptions) {
    this.#data = data;
    this.#allocator = allocator;
    this.#options = options;
    this.#places = options.places ?? new Map<number, Extent>();
  }

  /** Lets requests run. */
  pause(): Promise<void> {
    return this.#options.pause();
  }

  /** Frees what was taken since there were `count` extents. */
  backTo(count: number): void {
    this.release();
    this.#giveUp(this.extents.slice(count));
  }

  /** Bytes of the longest extent that can be had below the limit. */
  get bytesBelow(): number {
    return this.#allocator.longestBelow(this.#options.blockLimit) * BLOCK_BYTES;
  }

  /** Whether what lies at an extent is to move down. */
  isToMove([start, blocks]: Extent): boolean {
    return this.#places.has(start) || start + blocks > this.#options.blockLimit;
  }

  /** Frees the places of extents that do not move after all; of all that did not when none are given. */
  leave(extents?: Iterable<Extent>): void {
    const starts = extents === undefined ? [...this.#places.keys()] : [...extents].map(([start]) => start);
    for (const start of starts) {
      const place = this.#places.get(start);
      if (place !== undefined) this.#allocator.free([place]);
      this.#places.delete(start);
    }
  }

  /**
   * Takes blocks below the limit that nothing is to be written to until `release`.
   * @throws {Failure}  "storage-full": there are not so many in one place
   */
  keep(blocks: number): void {
    this.#kept = this.#taken(this.#allocator.allocateBelow(blocks, this.#options.blockLimit));
    if (this.#kept !== undefined) return;
    throw new Failure("storage-full", `${blocks} blocks were wanted in ${this.#data.name}, none are free`);
  }

  release(): void {
    if (this.#kept !== undefined) this.#giveUp([this.#kept]);
    this.#kept = undefined;
  }

  /** Writes a blob. @param from  where it lies, when it is to move down: undefined is returned where it cannot */
  async blob(bytes: Uint8Array): Promise<Pointer>;
  async blob(bytes: Uint8Array, from: Extent): Promise<Pointer | undefined>;
  async blob(bytes: Uint8Array, from?: Extent): Promise<Pointer | undefined> {
    const extent = this.#take(Math.max(1, blocksFor(bytes.length)), from);
    if (extent === undefined) return undefined;
    const [block, blocks] = extent;
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      await this.#write(bytes.subarray(at, at + SLICE_BYTES), block * BLOCK_BYTES + at);
    }
    return [block, blocks, bytes.length, checksum(bytes, block)];
  }

  /** Copies a range of a stream as it is, into as many pieces as it takes; undefined as of `blob`. */
  async copy(stream: Stream, start: number, length: number): Promise<Piece[]>;
  async copy(stream: Stream, start: number, length: number, from: Extent): Promise<Piece[] | undefined>;
  async copy(stream: Stream, start: number, length: number, from?: Extent): Promise<Piece[] | undefined> {
    const pieces: Piece[] = [];
    for (let at = start; at < start + length;) {
      const wanted = Math.min(EXTENT_BYTES_MAX, start + length - at);
      const place = this.#take(blocksFor(wanted), from, this.#options.isFull);
      if (place === undefined) {
        this.#giveUp(pieces.map((piece) => piece.place as Extent));
        return undefined;
      }
      const bytes = Math.min(wanted, place[1] * BLOCK_BYTES);
      pieces.push({ start: at, length: bytes, place });
      at += bytes;
    }
    for (const piece of pieces) await this.#copyPiece(stream, piece);
    return pieces;
  }

  /** Packs the `ranges` that are left of `length` bytes from `start` on into one piece. */
  async pack(stream: Stream, start: number, length: number, ranges: Ranges): Promise<Piece>;
  async pack(
    stream: Stream,
    start: number,
    length: number,
    ranges: Ranges,
    from: Extent,
  ): Promise<Piece | undefined>;
  async pack(
    stream: Stream,
    start: number,
    length: number,
    ranges: Ranges,
    from?: Extent,
  ): Promise<Piece | undefined> {
    const head = encodeHead(ranges, start);
    const place = this.#take(blocksFor(head.length + rangesBytes(ranges)), from);
    if (place === undefined) return undefined;
    let at = place[0] * BLOCK_BYTES;
    await this.#write(sealHead(head, place[0]), at);
    at += head.length;
    // Many parts are short: they are written together.
    const buffer = new Uint8Array(SLICE_BYTES);
    let filled = 0;
    const flush = async (): Promise<void> => {
      await this.#write(buffer.subarray(0, filled), at);
      at += filled;
      filled = 0;
    };
    for (let i = 0; i < ranges.starts.length; i++) {
      for (let from = ranges.starts[i]!; from < ranges.ends[i]!;) {
        const bytes = Math.min(SLICE_BYTES - filled, ranges.ends[i]! - from);
        stream.read(buffer.subarray(filled, filled + bytes), from);
        filled += bytes;
        from += bytes;
        if (filled === SLICE_BYTES) await flush();
      }
    }
    if (filled > 0) await flush();
    return { start, length, place, headBytes: head.length };
  }

  async #copyPiece(stream: Stream, { start, length, place }: Piece): Promise<void> {
    const to = (place as Extent)[0] * BLOCK_BYTES;
    for (let at = 0; at < length; at += SLICE_BYTES) {
      const slice = new Uint8Array(Math.min(SLICE_BYTES, length - at));
      stream.read(slice, start + at);
      await this.#write(slice, to + at);
    }
  }

  /** @param isPart  whether fewer blocks will do, where there are no more in one place below the limit */
  #take(blocks: number, from: Extent | undefined, isPart = false): Extent | undefined {
    const { blockLimit, isFull } = this.#options;
    let extent: Extent | undefined;
    if (isPart) extent = this.#allocator.allocateUpTo(blocks, blockLimit);
    else if (isFull) extent = this.#allocator.allocateBelow(blocks, blockLimit);
    else if (from !== undefined) extent = this.#placeOf(from, blocks);
    if (from === undefined) extent ??= this.#allocator.allocate(blocks);
    return this.#taken(extent);
  }

  #taken(extent: Extent | undefined): Extent | undefined {
    if (extent !== undefined) this.extents.push(extent);
    return extent;
  }

  /** So many blocks of the place that is kept for what lies at `from`; what is left of it is kept on. */
  #placeOf([start]: Extent, blocks: number): Extent | undefined {
    const place = this.#places.get(start);
    if (place === undefined || place[1] < blocks) return undefined;
    this.#places.delete(start);
    if (place[1] > blocks) this.#places.set(start, [place[0] + blocks, place[1] - blocks]);
    return [place[0], blocks];
  }

  /** Frees extents that it took, since they will not be used. */
  #giveUp(extents: readonly Extent[]): void {
    for (const extent of extents) this.extents.splice(this.extents.indexOf(extent), 1);
    this.#allocator.free(extents);
  }

  async #write(bytes: Uint8Array, at: number): Promise<void> {
    this.#data.write(bytes, at);
    this.#unflushed += bytes.length;
    if (this.#unflushed >= FLUSH_BYTES) await this.#flush();
    await this.pause();
  }

  async #flush(): Promise<void> {
    this.#unflushed = 0;
    await flushOrBreak(this.#data);
  }
}
