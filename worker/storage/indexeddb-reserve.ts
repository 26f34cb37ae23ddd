// Room that a path's database keeps for a full disk: a value that nobody reads, which is given up for a write
// that deletes. What else was deleted makes no room in time: Chromium 156's LevelDB first grows by as much
// (it logs what it would undo), and packs what is left when it comes to it.

/** Its key, beside the chunks. A string sorts before every chunk's key: what reads the chunks passes it over. */
export const RESERVE = "reserve";

/**
 * The frame of a deletion and the root after it are some 10 chunks of 32 KiB. LevelDB, whose log has each of them
 * twice, had room for 50 of them in so many bytes.
 */
export const RESERVE_BYTES = 2 * 2 ** 20;

/** What one call of `getRandomValues` gives at most. */
const RANDOM_BYTES_MAX = 65_536;

/**
 * Bytes that cannot be compressed. Over 64 KiB Chromium keeps a value in a file of its own, which is gone, and its
 * room there, with the transaction that deletes it.
 *
 * Cost: 1 ms, and the bytes in memory until they are put, which took Chromium 156 12 ms more than the write beside them.
 */
export function drawReserve(): Uint8Array {
  const bytes = new Uint8Array(RESERVE_BYTES);
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES_MAX) {
    crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES_MAX));
  }
  return bytes;
}
