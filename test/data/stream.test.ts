// Packed pieces and gaps: what is kept of a stream reads as before, the rest as zeros.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Allocator, BLOCK_BYTES } from "../../worker/data/extent.ts";
import { clipRanges, type Ranges, rangesBytes } from "../../worker/data/packed.ts";
import { type Piece, Stream } from "../../worker/data/stream.ts";
import { type MovedRun, packStream } from "../../worker/path/pack-streams.ts";
import { SliceWriter } from "../../worker/path/slice-writer.ts";
import { squeezeStream } from "../../worker/path/squeeze-stream.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openMemory } from "../../worker/storage/memory.ts";

const noPause = async (): Promise<void> => {};

function rangesOf(isLive: readonly boolean[]): Ranges {
  const starts: number[] = [];
  const ends: number[] = [];
  isLive.forEach((live, at) => {
    if (!live) return;
    if (ends.at(-1) === at) ends[ends.length - 1] = at + 1;
    else {
      starts.push(at);
      ends.push(at + 1);
    }
  });
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}

/** A stream of pieces of the given lengths, whose byte at offset i is i % 251 + 1. */
function streamOf(lengths: readonly number[]) {
  const data = new CheckedStorage(openMemory(["data"])).file("data");
  const allocator = new Allocator(0);
  const stream = new Stream(data);
  for (const length of lengths) {
    const place = allocator.allocate(Math.ceil(length / BLOCK_BYTES));
    const piece: Piece = { start: stream.end, length, place };
    const bytes = Uint8Array.from({ length }, (_, i) => ((stream.end + i) % 251) + 1);
    data.write(bytes, place[0] * BLOCK_BYTES);
    stream.append(piece);
  }
  return { data, allocator, stream };
}

/** Packs what is worth it, as a checkpoint does, and returns how many blocks that freed. */
async function pack({ data, allocator, stream }: ReturnType<typeof streamOf>, live: Ranges): Promise<number> {
  const used = allocator.usedBlocks;
  const writer = new SliceWriter(data, allocator, { pause: noPause, blockLimit: Infinity, isFull: false });
  replace(stream, allocator, await packStream(writer, stream, stream.pieces, live));
  return used - allocator.usedBlocks;
}

/** The same on a full disk, where the file has so many blocks more than are in use. */
async function squeeze(
  { data, allocator, stream }: ReturnType<typeof streamOf>,
  live: Ranges,
  room: number,
): Promise<number> {
  const used = allocator.usedBlocks;
  const blockLimit = allocator.endBlock + room;
  allocator.reach(blockLimit);
  const writer = new SliceWriter(data, allocator, { pause: noPause, blockLimit, isFull: true });
  const runs = await squeezeStream(writer, stream, stream.pieces, live);
  for (const [block, blocks] of writer.extents) expect(block + blocks).toBeLessThanOrEqual(blockLimit);
  replace(stream, allocator, runs);
  allocator.trim();
  return used - allocator.usedBlocks;
}

function replace(stream: Stream, allocator: Allocator, runs: readonly MovedRun[]): void {
  for (const { covered, replacement, freed } of runs) {
    stream.replace(covered, replacement);
    allocator.free(freed ?? covered.map(({ place }) => place as [number, number]));
  }
}

test("what is used stays readable through any number of packings, what is gone reads as zeros", async () => {
  const length = fc.integer({ min: 1, max: 60_000 });
  /** Blocks of room on a full disk; packed as at any time where there is none. */
  const rooms = fc.array(fc.option(fc.integer({ min: 0, max: 6 })), { minLength: 4, maxLength: 4 });
  const runs = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 9000 }), round: fc.integer({ min: 0, max: 4 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { minLength: 1, maxLength: 6 }),
      runs,
      rooms,
      async (lengths, list, roomOf) => {
        const made = streamOf(lengths);
        const { stream } = made;
        // Each byte lives until a round.
        const until = Array.from({ length: stream.end }, () => 0);
        for (let at = 0, i = 0; at < until.length; i++) {
          const { bytes, round } = list[i % list.length]!;
          until.fill(round, at, at + bytes);
          at += bytes;
        }
        for (let round = 1; round <= 4; round++) {
          const isLive = until.map((last) => last >= round);
          const room = roomOf[round - 1] ?? null;
          if (room === null) await pack(made, rangesOf(isLive));
          else expect(await squeeze(made, rangesOf(isLive), room)).toBeGreaterThanOrEqual(0);
          const bytes = new Uint8Array(stream.end);
          stream.read(bytes, 0);
          const part = new Uint8Array(Math.ceil(stream.end / 3));
          stream.read(part, Math.floor(stream.end / 3));
          const same = bytes.subarray(Math.floor(stream.end / 3)).subarray(0, part.length);
          expect(Buffer.compare(part, same)).toBe(0);
          bytes.forEach((byte, at) => {
            const there = stream.holds(at);
            if (isLive[at] === true && !there) throw new Error(`byte ${at} is used and gone`);
            if (byte !== (there ? (at % 251) + 1 : 0)) throw new Error(`byte ${at} is ${byte}`);
          });
          expect(stream.heldBytes).toBe(bytes.reduce((sum, byte) => sum + (byte > 0 ? 1 : 0), 0));
        }
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);

test("a piece is packed when half of its blocks come back, and not before", async () => {
  const many = streamOf([40 * BLOCK_BYTES]);
  const isUsed = (share: number) => Array.from({ length: many.stream.end }, (_, i) => i % 10 < share * 10);
  expect(await pack(many, rangesOf(isUsed(0.6)))).toBe(0);
  expect(await pack(many, rangesOf(isUsed(0.2)))).toBeGreaterThan(20);
  expect(await pack(many, rangesOf(isUsed(0)))).toBeGreaterThan(0);
  expect(many.stream.pieces).toEqual([]);
  expect(many.stream.end).toBe(40 * BLOCK_BYTES);
});

test("on a full disk a long piece is packed from its front, round by round, in the room there is", async () => {
  const made = streamOf([400 * BLOCK_BYTES]);
  const live = rangesOf(Array.from({ length: made.stream.end }, (_, i) => i % 10_000 < 6000));
  const gains: number[] = [];
  for (let left = 400, gained = Infinity; gained > 0; left -= gained) {
    gained = await squeeze(made, live, 12);
    gains.push(gained);
  }
  expect(gains.length).toBeGreaterThan(2);
  expect(made.allocator.usedBlocks).toBeLessThan(260);
  const bytes = new Uint8Array(made.stream.end);
  made.stream.read(bytes, 0);
  bytes.forEach((byte, i) => {
    if (i % 10_000 < 6000 && byte !== (i % 251) + 1) throw new Error(`byte ${i} is ${byte}`);
  });
});

test("each flipped bit of a packed piece's head is found", async () => {
  const made = streamOf([8 * BLOCK_BYTES]);
  const live = rangesOf(Array.from({ length: made.stream.end }, (_, i) => i % 100 === 0));
  await pack(made, clipRanges(live, 0, 5 * BLOCK_BYTES));
  const [piece] = made.stream.pieces;
  const at = (piece!.place as [number, number])[0] * BLOCK_BYTES;
  const byte = new Uint8Array(1);
  for (let bit = 0; bit < piece!.headBytes! * 8; bit += 7) {
    const flip = (): void => {
      made.data.read(byte, at + (bit >> 3));
      byte[0]! ^= 1 << (bit & 7);
      made.data.write(byte, at + (bit >> 3));
    };
    flip();
    const reopened = new Stream(made.data, made.stream.pieces, made.stream.end);
    expect(() => reopened.read(new Uint8Array(10), 0)).toThrow("damaged");
    flip();
  }
  expect(rangesBytes(live)).toBeGreaterThan(0);
});
