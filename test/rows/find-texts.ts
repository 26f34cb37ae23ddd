// The plain way to search texts, in the place of the engine's kernel (wasm/text-scan.ts has its own tests).

import type { TextFinder } from "../../worker/rows/text-finder.ts";

export const findTexts: TextFinder = (texts, starts, count, needle) => {
  const bytes = Buffer.from(needle);
  const has = (text: number): boolean =>
    Buffer.from(texts.subarray(starts[text], starts[text + 1])).includes(bytes);
  return Uint32Array.from({ length: count }, (_, text) => text).filter(has);
};
