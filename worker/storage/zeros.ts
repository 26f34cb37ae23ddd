// A file made longer has holes where nothing was ever written, and a hole takes its place of the disk only when it is
// written: it may find none then. So what is to be room for later is written at once.

import type { BackendFile } from "./backend.ts";
import { writeAll } from "./write-all.ts";

/** Of one write: 4 MiB take a seventh of what a byte in every block of them takes (Chromium's OPFS, 1.2 and 8 ms). */
const PIECE_BYTES = 256 * 1024;

/**
 * Writes zeros from one offset up to another.
 * @throws {Failure}  "storage-full": a part of them is written; what the platform throws too
 */
export function writeZeros(file: Pick<BackendFile, "write">, from: number, to: number): void {
  const zeros = new Uint8Array(Math.min(PIECE_BYTES, Math.max(0, to - from)));
  for (let at = from; at < to; at += PIECE_BYTES) {
    writeAll(file, zeros.subarray(0, Math.min(PIECE_BYTES, to - at)), at);
  }
}
