// The text kernel against String's own search, on bytes.

import fc from "fast-check";
import { expect, test } from "vitest";
import { scanTexts } from "../../wasm/text-scan.ts";
import { loadEngine } from "./engine.ts";

const { memory } = await loadEngine();
const encoder = new TextEncoder();

function scan(texts: readonly string[], needle: string): number[] {
  const encoded = texts.map((text) => encoder.encode(text));
  const starts = Uint32Array.from({ length: texts.length + 1 }, () => 0);
  encoded.forEach((bytes, i) => (starts[i + 1] = starts[i]! + bytes.length));
  const joined = new Uint8Array(Buffer.concat(encoded));
  return [...scanTexts(memory, joined, starts, texts.length, encoder.encode(needle))];
}

function expected(texts: readonly string[], needle: string): number[] {
  return texts.flatMap((text, i) => (text.includes(needle) ? [i] : []));
}

test("finds what String.includes finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "ä", "\0"), maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(letters),
      fc.string({ unit: fc.constantFrom("a", "b", "ä", "\0"), minLength: 1, maxLength: 20 }),
      (texts, needle) => {
        expect(scan(texts, needle)).toEqual(expected(texts, needle));
      },
    ),
    { numRuns: 1000 },
  );
});

test("a match across two texts is none", () => {
  expect(scan(["xxne", "edle", "needle", ""], "needle")).toEqual([2]);
});

test("texts larger than a slice, needles at their ends and longer than any text", () => {
  const long = `${"x".repeat(400_000)}needle`;
  const texts = ["needle", long, `needle${long}`, "x", "y".repeat(300_000), "needl"];
  expect(scan(texts, "needle")).toEqual([0, 1, 2]);
  expect(scan(texts, "z".repeat(500_000))).toEqual([]);
  expect(scan(texts, long)).toEqual([1, 2]);
});

test("no text, empty texts, and a needle of one byte", () => {
  expect(scan([], "a")).toEqual([]);
  expect(scan(["", "", "a", ""], "a")).toEqual([2]);
});

test("an empty needle is refused", () => {
  expect(() => scan(["a"], "")).toThrow(RangeError);
});
