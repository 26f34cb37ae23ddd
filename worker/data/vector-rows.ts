// The rows of a vectors stream: `dimension` f32 in little endian, then the row's checksum, seeded by
// its number in the stream (the vector's serial), so that a row of another place never passes for this one.

import { type Failure, isFailure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";
import type { Stream } from "./stream.ts";

const SUM_BYTES = 4;

/** Bytes of one row. */
export function rowBytes(dimension: number): number {
  return dimension * 4 + SUM_BYTES;
}

/** `values` (whole rows) as bytes of the stream, the first of them with serial `serialStart`. */
export function encodeRows(values: Float32Array, dimension: number, serialStart: number): Uint8Array {
  const rows = values.length / dimension;
  const stride = dimension + 1;
  const words = new Uint32Array(rows * stride);
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bytes = new Uint8Array(words.buffer);
  for (let row = 0; row < rows; row++) {
    const at = row * stride;
    words.set(source.subarray(row * dimension, (row + 1) * dimension), at);
    words[at + dimension] = checksum(bytes.subarray(at * 4, (at + dimension) * 4), serialStart + row);
  }
  return bytes;
}

/** Reads rows of one collection by serial and verifies each. */
export class VectorRows {
  readonly #stream: Stream;
  readonly #dimension: number;
  #words = new Uint32Array(0);

  constructor(stream: Stream, dimension: number) {
    this.#stream = stream;
    this.#dimension = dimension;
  }

  /** Vectors that were written, those that are gone included: the serial of the next. */
  get count(): number {
    return this.#stream.end / rowBytes(this.#dimension);
  }

  /** Whether a row is there: those of deleted and updated records go with time. */
  holds(serial: number): boolean {
    return this.#stream.holds(serial * rowBytes(this.#dimension));
  }

  /** Copies rows; one that is gone is zeros. @throws {Failure} "corrupt" */
  readRows(serialStart: number, count: number, target: Float32Array): void {
    const [bad] = this.readSoundRows(serialStart, count, target);
    if (bad !== undefined) throw this.damaged(bad);
  }

  /** Copies rows alike; returns the serials of those that are damaged, whose numbers are any. */
  readSoundRows(serialStart: number, count: number, target: Float32Array): number[] {
    const damaged: number[] = [];
    const dimension = this.#dimension;
    const stride = dimension + 1;
    if (this.#words.length < count * stride) this.#words = new Uint32Array(count * stride);
    const bytes = new Uint8Array(this.#words.buffer, 0, count * stride * 4);
    try {
      this.#stream.read(bytes, serialStart * stride * 4);
    } catch (error) {
      if (!isFailure(error) || error.code !== "corrupt") throw error;
      // A piece cannot be read at all: which rows lie in it is seen row by row.
      if (count === 1) return [serialStart];
      return Array.from({ length: count }, (_, row) =>
        this.readSoundRows(serialStart + row, 1, target.subarray(row * dimension, (row + 1) * dimension)),
      ).flat();
    }
    const into = new Uint32Array(target.buffer, target.byteOffset, count * dimension);
    for (let row = 0; row < count; row++) {
      const at = row * stride;
      const sum = checksum(bytes.subarray(at * 4, (at + dimension) * 4), serialStart + row);
      if (sum !== this.#words[at + dimension] && this.holds(serialStart + row)) {
        damaged.push(serialStart + row);
      }
      into.set(this.#words.subarray(at, at + dimension), row * dimension);
    }
    return damaged;
  }

  /** The failure for a row. */
  damaged(serial: number): Failure {
    return this.#stream.damagedAt(serial * rowBytes(this.#dimension), `vector ${serial}`);
  }
}
