// A table of a few words in the layout of word-table.ts, for tests that need to know every number.

import { gzipSync } from "node:zlib";

/** @param vectorByWord  whole numbers of one dimension; the words in sorted order */
export function encodeTable(
  vectorByWord: Readonly<Record<string, readonly number[]>>,
  { unknownAmplitude = 1, layoutVersion = 1 } = {},
): Uint8Array<ArrayBuffer> {
  const words = Object.keys(vectorByWord);
  const list = new TextEncoder().encode(words.join("\n"));
  const components = Int8Array.from(Object.values(vectorByWord).flat());
  const bytes = new Uint8Array(24 + list.length + components.length);
  bytes.set(new TextEncoder().encode("CLWV"));
  const header = new DataView(bytes.buffer);
  const numbers = [
    layoutVersion,
    words.length,
    components.length / words.length,
    unknownAmplitude,
    list.length,
  ];
  for (const [i, number] of numbers.entries()) header.setUint32(4 + 4 * i, number, true);
  bytes.set(list, 24);
  bytes.set(new Uint8Array(components.buffer), 24 + list.length);
  return bytes;
}

/** An address that fetch reads without a server. */
export function dataUrl(bytes: Uint8Array, { gzip = false } = {}): string {
  const sent = gzip ? gzipSync(bytes) : bytes;
  return `data:application/octet-stream;base64,${Buffer.from(sent).toString("base64")}`;
}
