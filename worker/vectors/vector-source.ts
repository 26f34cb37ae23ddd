// Where full-precision vectors are read from. The implementation verifies what it reads.

/** Reads full vectors by slot, synchronously. */
export interface VectorSource {
  /** Whether the row of a slot is there: those of tombstones go with time. */
  holds(slot: number): boolean;
  /**
   * Copies `count` rows from `slotStart` on into `target` (count x dimension numbers); a row that is not there is zeros.
   * @throws {Failure}  "corrupt" when a row fails its checksum
   */
  readRows(slotStart: number, count: number, target: Float32Array): void;
}

/** Slots looked at for one that is there; where more are missing in a row, any does. */
const steps = 64;

/** The first slot from `slot` on whose row is there, so that samples are vectors of records. */
export function nextHeld(source: VectorSource, slot: number, slots: number): number {
  for (let step = 0; step < steps; step++) {
    const candidate = (slot + step) % slots;
    if (source.holds(candidate)) return candidate;
  }
  return slot;
}
