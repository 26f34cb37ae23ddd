// A stream: an append-only sequence of bytes, addressed by offset, as a list of pieces. A piece lies
// in extents of the data file or, when it was just written, in a log file. The stream knows where
// bytes are; it does not know what they mean, and it verifies nothing: every entry carries its own sum.

import { Failure } from "../../src/protocol/failure.ts";
import type { StorageFile } from "../storage/storage.ts";
import { BLOCK_BYTES, type Extent } from "./extent.ts";

/** A contiguous range of a file. */
export interface LogPlace {
  readonly file: StorageFile;
  readonly offset: number;
}

/** `length` bytes of a stream from `start` on, in a log file or in one extent of the data file. */
export interface Piece {
  readonly start: number;
  readonly length: number;
  readonly place: LogPlace | Extent;
}

/** A piece as a descriptor or a log frame stores it: only those in the data file are stored. */
export type StoredPiece = readonly [start: number, length: number, block: number, blocks: number];

export function isInLog(piece: Piece): piece is Piece & { readonly place: LogPlace } {
  return !Array.isArray(piece.place);
}

/** The extent of a piece in the data file. */
export function extentOf(piece: Piece): Extent | undefined {
  return isInLog(piece) ? undefined : (piece.place as Extent);
}

export function pieceToStored(piece: Piece): StoredPiece {
  const extent = extentOf(piece);
  if (extent === undefined) throw new Error("a piece in the log is not stored");
  return [piece.start, piece.length, extent[0], extent[1]];
}

export function storedToPiece([start, length, block, blocks]: StoredPiece): Piece {
  return { start, length, place: [block, blocks] };
}

export class Stream {
  readonly #data: StorageFile;
  #pieces: Piece[];
  #end: number;

  /** @param end  where the next piece starts, also when there is no piece yet */
  constructor(data: StorageFile, pieces: readonly Piece[] = [], end = 0) {
    this.#data = data;
    this.#pieces = [...pieces];
    const last = pieces.at(-1);
    this.#end = last === undefined ? end : last.start + last.length;
  }

  get end(): number {
    return this.#end;
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Bytes held: less than `end` when a beginning was dropped. */
  get length(): number {
    const first = this.#pieces[0];
    return first === undefined ? 0 : this.#end - first.start;
  }

  append(piece: Piece): void {
    if (piece.start !== this.#end) {
      throw new Failure("corrupt", `a piece starts at ${piece.start} of a stream that ends at ${this.#end}`, {
        offset: piece.start,
      });
    }
    this.#pieces.push(piece);
    this.#end += piece.length;
  }

  /** Puts `replacement` in the place of the pieces that cover the same range. */
  replace(covered: readonly Piece[], replacement: readonly Piece[]): void {
    const first = covered[0];
    if (first === undefined) return;
    const index = this.#pieces.indexOf(first);
    this.#pieces.splice(index, covered.length, ...replacement);
  }

  /** Fills `target` from `offset` on. @throws {Failure} "corrupt" where the stream has fewer bytes. */
  read(target: Uint8Array, offset: number): void {
    let done = 0;
    let index = this.#indexAt(offset);
    while (done < target.length) {
      const piece = this.#pieces[index++];
      if (piece === undefined) throw this.#tooShort(offset + done);
      const within = offset + done - piece.start;
      const wanted = Math.min(target.length - done, piece.length - within);
      const part = target.subarray(done, done + wanted);
      const file = isInLog(piece) ? piece.place.file : this.#data;
      const from = isInLog(piece) ? piece.place.offset : (piece.place as Extent)[0] * BLOCK_BYTES;
      if (file.read(part, from + within) < wanted) throw this.#tooShort(offset + done);
      done += wanted;
    }
  }

  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#pieces[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #tooShort(offset: number): Failure {
    return new Failure(
      "corrupt",
      `the database ends too early: byte ${offset} of a stream of ${this.#end} is missing`,
      {
        file: this.#data.name,
        offset,
      },
    );
  }
}
