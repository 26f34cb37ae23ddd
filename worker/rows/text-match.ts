// Substring search over many texts at once, on UTF-8 bytes: case sensitive, no normalisation.
// `findTexts` is the seam for a SIMD kernel: it takes and returns plain arrays.

/**
 * Which of the texts that lie one after another in `texts` contain `needle`.
 *
 * Horspool's search over all of them as one text; a match that reaches into the next text is none.
 * Cost: about one look for each `needle.length` bytes.
 *
 * @param starts  text i is bytes starts[i] to starts[i + 1] - 1; `count` + 1 numbers, ascending
 * @param needle  at least one byte
 * @returns       numbers of the texts that contain it, ascending
 */
export function findTexts(
  texts: Uint8Array,
  starts: Uint32Array,
  count: number,
  needle: Uint8Array,
): Uint32Array {
  const found = new Uint32Array(count);
  let hits = 0;
  const last = needle.length - 1;
  const lastByte = needle[last]!;
  const shifts = shiftTable(needle);
  const end = starts[count]!;
  let text = 0;
  let at = starts[0]! + last;
  while (at < end) {
    const byte = texts[at]!;
    if (byte !== lastByte || !endsAt(texts, at, needle)) {
      at += shifts[byte]!;
      continue;
    }
    while (starts[text + 1]! <= at) text++;
    if (at - last >= starts[text]!) {
      found[hits++] = text;
      at = starts[text + 1]! + last;
    } else {
      at += shifts[byte]!;
    }
  }
  return found.subarray(0, hits);
}

/** How far a window that ends in a byte may move without passing a match. */
function shiftTable(needle: Uint8Array): Int32Array {
  const shifts = new Int32Array(256).fill(needle.length);
  for (let i = 0; i < needle.length - 1; i++) shifts[needle[i]!] = needle.length - 1 - i;
  return shifts;
}

/** Whether the bytes up to and including `at` are the needle; the last one is known to be equal. */
function endsAt(texts: Uint8Array, at: number, needle: Uint8Array): boolean {
  const start = at - needle.length + 1;
  for (let i = needle.length - 2; i >= 0; i--) if (texts[start + i] !== needle[i]) return false;
  return true;
}
