// Where full-precision vectors are read from. The implementation verifies what it reads.

/** Reads full vectors by slot, synchronously. */
export interface VectorSource {
  /**
   * Copies `count` rows from `slotStart` on into `target` (count x dimension numbers).
   * @throws {Failure}  "corrupt" when a row fails its checksum
   */
  readRows(slotStart: number, count: number, target: Float32Array): void;
}
