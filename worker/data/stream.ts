// A stream: an append-only sequence of bytes, addressed by offset, as a list of pieces. A piece lies
// in an extent of the data file or, when it was just written, in a log file. What nothing uses any more
// may be gone: between pieces, and inside packed ones; it reads as zeros. The stream knows where bytes
// are; it does not know what they mean, and it verifies nothing: every entry carries its own sum. Whoever
// finds one bad asks the stream where that is (`damagedAt`).

import { Failure } from "../../src/protocol/failure.ts";
import type { StorageFile } from "../storage/storage.ts";
import { BLOCK_BYTES, type Extent } from "./extent.ts";
import { type PackedParts, rangeAt, rangesBytes, readParts } from "./packed.ts";

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
  /** Bytes of the head where the piece is packed; 0 or absent where it lies in its extent as it is. */
  readonly headBytes?: number;
}

/** A piece as a descriptor or a log frame stores it: only those in the data file are stored. */
export type StoredPiece = readonly [
  start: number,
  length: number,
  block: number,
  blocks: number,
  headBytes?: number,
];

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
  const { start, length, headBytes = 0 } = piece;
  return headBytes === 0
    ? [start, length, extent[0], extent[1]]
    : [start, length, extent[0], extent[1], headBytes];
}

export function storedToPiece([start, length, block, blocks, headBytes = 0]: StoredPiece): Piece {
  return { start, length, place: [block, blocks], ...(headBytes > 0 && { headBytes }) };
}

export function isPacked(piece: Piece): boolean {
  return piece.headBytes !== undefined;
}

/** Makes the failure for damage at `offset` of `file`, and notes it. */
export type Damaged = (what: string, file: StorageFile, offset: number) => Failure;

function corrupt(what: string, { name }: StorageFile, offset: number): Failure {
  return new Failure("corrupt", `${what} at byte ${offset} of ${name} is damaged`, { file: name, offset });
}

export class Stream {
  readonly #data: StorageFile;
  readonly #damaged: Damaged;
  readonly #parts = new WeakMap<Piece, PackedParts>();
  #pieces: Piece[];
  #end: number;

  /** @param end  where the next piece starts, when the last ones are gone */
  constructor(data: StorageFile, pieces: readonly Piece[] = [], end = 0, damaged: Damaged = corrupt) {
    this.#data = data;
    this.#damaged = damaged;
    this.#pieces = [...pieces];
    const last = pieces.at(-1);
    this.#end = Math.max(end, last === undefined ? 0 : last.start + last.length);
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

  /** Bytes that are there: all but those between pieces and those that packed ones leave out. */
  get heldBytes(): number {
    return this.#pieces.reduce((sum, piece) => sum + this.#heldIn(piece), 0);
  }

  /** The failure for an entry at `offset` that is not what was written. */
  damagedAt(offset: number, what: string): Failure {
    const piece = this.#pieces[this.#indexAt(offset)];
    if (piece === undefined) return this.#damaged(what, this.#data, offset);
    if (isInLog(piece)) {
      return this.#damaged(what, piece.place.file, piece.place.offset + offset - piece.start);
    }
    const from = (piece.place as Extent)[0] * BLOCK_BYTES;
    if (!isPacked(piece)) return this.#damaged(what, this.#data, from + offset - piece.start);
    const { starts, ends, places } = this.partsOf(piece);
    const part = rangeAt({ starts, ends }, offset);
    const place = part < starts.length ? places[part]! + offset - starts[part]! : 0;
    return this.#damaged(what, this.#data, from + place);
  }

  /** Whether the byte at `offset` is there; in a packed piece that is damaged, any is taken for such. */
  holds(offset: number): boolean {
    const piece = this.#pieces[this.#indexAt(offset)];
    if (piece === undefined || offset < piece.start || offset >= piece.start + piece.length) return false;
    if (!isPacked(piece)) return true;
    const parts = this.#tryPartsOf(piece);
    if (parts === undefined) return true;
    const part = rangeAt(parts, offset);
    return part < parts.starts.length && parts.starts[part]! <= offset;
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
    const end = offset + target.length;
    if (end > this.#end)
      throw this.damagedAt(Math.min(offset, this.#end), "what names bytes that are not there");
    let at = offset;
    for (let index = this.#indexAt(offset); at < end; index++) {
      const piece = this.#pieces[index];
      const start = piece === undefined ? end : Math.min(end, piece.start);
      if (at < start) target.fill(0, at - offset, start - offset);
      at = Math.max(at, start);
      if (piece === undefined) break;
      const pieceEnd = Math.min(end, piece.start + piece.length);
      if (at >= pieceEnd) continue;
      this.#readPiece(piece, target.subarray(at - offset, pieceEnd - offset), at);
      at = pieceEnd;
    }
  }

  #readPiece(piece: Piece, target: Uint8Array, offset: number): void {
    if (isInLog(piece)) {
      const { file, offset: from } = piece.place;
      return this.#readFile(file, target, from + offset - piece.start);
    }
    const from = (piece.place as Extent)[0] * BLOCK_BYTES;
    if (!isPacked(piece)) return this.#readFile(this.#data, target, from + offset - piece.start);
    const { starts, ends, places } = this.partsOf(piece);
    const end = offset + target.length;
    let at = offset;
    for (let i = rangeAt({ starts, ends }, offset); at < end; i++) {
      const start = Math.min(end, starts[i] ?? end);
      if (at < start) target.fill(0, at - offset, start - offset);
      at = Math.max(at, start);
      if (at === end) break;
      const partEnd = Math.min(end, ends[i]!);
      const part = target.subarray(at - offset, partEnd - offset);
      this.#readFile(this.#data, part, from + places[i]! + at - starts[i]!);
      at = partEnd;
    }
  }

  #readFile(file: StorageFile, target: Uint8Array, from: number): void {
    const read = file.read(target, from);
    if (read < target.length) throw this.#damaged(`what follows the end of the file`, file, from + read);
  }

  #heldIn(piece: Piece): number {
    const parts = isPacked(piece) ? this.#tryPartsOf(piece) : undefined;
    return parts === undefined ? piece.length : rangesBytes(parts);
  }

  /** What a packed piece of this stream has. @throws {Failure} "corrupt" */
  partsOf(piece: Piece): PackedParts {
    const parts = this.#tryPartsOf(piece);
    if (parts !== undefined) return parts;
    const [block] = piece.place as Extent;
    throw this.#damaged("the head of a packed piece", this.#data, block * BLOCK_BYTES);
  }

  #tryPartsOf(piece: Piece): PackedParts | undefined {
    const known = this.#parts.get(piece);
    if (known !== undefined) return known;
    const parts = readParts(this.#data, (piece.place as Extent)[0], piece.headBytes!, piece.start);
    if (parts !== undefined) this.#parts.set(piece, parts);
    return parts;
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
}
