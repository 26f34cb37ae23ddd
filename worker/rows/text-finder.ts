// How texts are searched for a needle: handed in, since the fast way is in wasm.

/**
 * Which of the texts that lie one after another in `texts` contain `needle`, byte for byte.
 *
 * @param starts  text i is bytes starts[i] to starts[i + 1] - 1; `count` + 1 numbers, ascending
 * @param needle  at least one byte
 * @returns       numbers of the texts that contain it, ascending
 */
export type TextFinder = (
  texts: Uint8Array,
  starts: Uint32Array,
  count: number,
  needle: Uint8Array,
) => Uint32Array;
