// Substring search over many texts by the engine's SIMD kernel. Texts stay where they are and pass through wasm
// memory in slices that fit a processor's cache: copying them there costs less than searching them here.

import { scratchHeadBytes, type WasmMemory } from "./memory.ts";

const sliceBytes = 128 * 1024;
const readableBytesAfter = 32;

/**
 * Which of the texts that lie one after another contain `needle`, byte for byte.
 *
 * Cost: about 0.25 ms a MB, whatever the needle.
 *
 * @param starts  text i is bytes starts[i] to starts[i + 1] - 1 of `texts`; `count` + 1 numbers, ascending
 * @param needle  at least one byte
 * @returns  numbers of the texts that contain it, ascending
 * @throws {Failure}  "out-of-memory"
 */
export function scanTexts(
  memory: WasmMemory,
  texts: Uint8Array,
  starts: Uint32Array,
  count: number,
  needle: Uint8Array,
): Uint32Array {
  if (needle.length === 0) throw new RangeError("a needle of 0 bytes, expected at least 1");
  const found = new Uint32Array(count);
  let hits = 0;
  for (let first = 0; first < count;) {
    const end = sliceEnd(starts, first, count);
    for (const number of scanSlice(memory, texts, starts, first, end, needle)) found[hits++] = first + number;
    first = end;
  }
  return found.subarray(0, hits);
}

/** The text before which a slice that begins with `first` ends: at least one text, more while they fit. */
function sliceEnd(starts: Uint32Array, first: number, count: number): number {
  const limit = starts[first]! + sliceBytes;
  let end = first + 1;
  while (end < count && starts[end + 1]! <= limit) end++;
  return end;
}

function scanSlice(
  memory: WasmMemory,
  texts: Uint8Array,
  starts: Uint32Array,
  first: number,
  end: number,
  needle: Uint8Array,
): Uint32Array {
  const count = end - first;
  const slice = texts.subarray(starts[first], starts[end]);
  const startsOffset = scratchHeadBytes;
  const foundOffset = startsOffset + 4 * (count + 1);
  const needleOffset = foundOffset + 4 * count;
  const textsOffset = needleOffset + needle.length;
  const scratch = memory.scratch(textsOffset + slice.length + readableBytesAfter);
  memory.u32.set(starts.subarray(first, end + 1), (scratch + startsOffset) >>> 2);
  memory.u8.set(needle, scratch + needleOffset);
  memory.u8.set(slice, scratch + textsOffset);
  memory.run(() =>
    memory.exports.text_scan(
      scratch + textsOffset,
      scratch + startsOffset,
      count,
      scratch + needleOffset,
      needle.length,
      scratch + foundOffset,
      scratch,
    ),
  );
  const hits = memory.u32[scratch >>> 2]!;
  return memory.u32.slice((scratch + foundOffset) >>> 2, ((scratch + foundOffset) >>> 2) + hits);
}
