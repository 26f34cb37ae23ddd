import fc from "fast-check";
import { expect, test } from "vitest";
import { findTexts } from "../../worker/rows/text-match.ts";

const encoder = new TextEncoder();

/** Texts one after another, with unused bytes behind them as in a buffer that grows. */
function find(texts: readonly string[], needle: string): number[] {
  const encoded = texts.map((text) => encoder.encode(text));
  const starts = new Uint32Array(texts.length + 1);
  encoded.forEach((text, i) => (starts[i + 1] = starts[i]! + text.length));
  const bytes = encoder.encode(`${texts.join("")}${needle}`);
  return [...findTexts(bytes, starts, texts.length, encoder.encode(needle))];
}

function numbersWith(texts: readonly string[], needle: string): number[] {
  return texts.flatMap((text, i) => (text.includes(needle) ? [i] : []));
}

test("finds what String.includes finds, in few letters that repeat", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "ab", "é", "\0"), maxLength: 12 });
  const needle = fc.string({ unit: fc.constantFrom("a", "b", "é", "\0"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), needle, (texts, wanted) => {
      expect(find(texts, wanted)).toEqual(numbersWith(texts, wanted));
    }),
    { numRuns: 1000 },
  );
});

test("finds needles with a rare letter and without one in texts large enough to know", () => {
  const word = fc.constantFrom("the", "then", "heat", "tease", "quiz", "zeal", "é", " ");
  const text = fc.array(word, { minLength: 20, maxLength: 60 }).map((words) => words.join(""));
  const needle = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("").slice(0, 7));
  fc.assert(
    fc.property(fc.array(text, { minLength: 100, maxLength: 100 }), needle, (texts, wanted) => {
      expect(find(texts, wanted)).toEqual(numbersWith(texts, wanted));
    }),
    { numRuns: 50 },
  );
});

test("a match across two texts is none, and hides none that overlaps it", () => {
  expect(find(["xa", "bab", ""], "ab")).toEqual([1]);
  expect(find(["aa", "aab"], "aab")).toEqual([1]);
  expect(find([], "a")).toEqual([]);
});
