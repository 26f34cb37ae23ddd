import { describe, expect, test } from "vitest";
import { WordTable } from "../../src/embed/word-table.ts";
import { wordsOf } from "../../src/embed/words-of.ts";
import { encodeTable } from "./table-fixture.ts";

const table = new WordTable(encodeTable({ cat: [1, 2, 3], city: [4, 5, 6], hope: [-7, 0, 7] }));

function vectorOf(...words: string[]): number[] {
  const sum = new Int32Array(table.dimension);
  for (const word of words) table.addTo(sum, word);
  return [...sum];
}

describe("table of word vectors", () => {
  test("the vectors of words add up", () => {
    expect(vectorOf("cat")).toEqual([1, 2, 3]);
    expect(vectorOf("cat", "hope", "cat")).toEqual([-5, 4, 13]);
  });

  test("a form the table lacks has the vector of its stem", () => {
    expect(vectorOf("cats")).toEqual(vectorOf("cat"));
    expect(vectorOf("cities")).toEqual(vectorOf("city"));
    expect(vectorOf("hoping")).toEqual(vectorOf("hope"));
  });

  test("a word unknown in every form has a direction of its own, the same each time", () => {
    const wide = new WordTable(encodeTable({ cat: Array<number>(64).fill(0) }, { unknownAmplitude: 5 }));
    const unknown = (word: string): number[] => {
      const sum = new Int32Array(wide.dimension);
      wide.addTo(sum, word);
      return [...sum];
    };
    expect(new Set(unknown("zyxel").map(Math.abs))).toEqual(new Set([5]));
    expect(unknown("zyxel")).toEqual(unknown("zyxel"));
    expect(unknown("zyxel")).not.toEqual(unknown("zyxem"));
  });

  test("bytes that are no table, of another layout or cut short are refused with what was found", () => {
    const bytes = encodeTable({ cat: [1, 2, 3] });
    expect(() => new WordTable(new Uint8Array(30))).toThrow("30 bytes that are not a table");
    expect(() => new WordTable(bytes.subarray(0, 10))).toThrow("10 bytes that are not a table");
    expect(() => new WordTable(encodeTable({ cat: [1] }, { layoutVersion: 2 }))).toThrow(
      "layout 2, expected 1",
    );
    expect(() => new WordTable(bytes.subarray(0, -1))).toThrow(
      `${bytes.length - 1} bytes, expected ${bytes.length}`,
    );
  });
});

describe("words of a text", () => {
  test("are runs of letters in lower case, without accents, as often as they occur", () => {
    expect(wordsOf("A Café, a café; don't!")).toEqual(["a", "cafe", "a", "cafe", "don", "t"]);
    expect(wordsOf("n0 words: 42 — 日本")).toEqual(["n", "words"]);
    expect(wordsOf("")).toEqual([]);
  });
});
