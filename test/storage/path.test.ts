import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalPath, pathToName } from "../../worker/storage/path.ts";

test.each([
  ["chroma", "chroma"],
  ["./chroma", "chroma"],
  ["/chroma/", "chroma"],
  ["chroma/.", "chroma"],
  ["//data///chroma", "data/chroma"],
  ["data/../chroma", "chroma"],
  ["../../chroma", "chroma"],
  ["Chroma", "Chroma"],
  ["my notes", "my notes"],
  [".hidden", ".hidden"],
  ["", ""],
  [".", ""],
  ["/", ""],
  ["a/..", ""],
])("the path %j of a page is %j", (path, canonical) => {
  expect(canonicalPath(path)).toBe(canonical);
});

test.each([
  ["chroma", "chroma"],
  ["data/chroma", "data%2Fchroma"],
  ["100%", "100%25"],
  ["my notes", "my%20notes"],
  ["naïve", "na%C3%AFve"],
  ["🙂", "%F0%9F%99%82"],
  ["a\\b:c*", "a%5Cb%3Ac%2A"],
  ["", "%"],
])("the path %j is kept under the name %j", (path, name) => {
  expect(pathToName(path)).toBe(name);
});

test("a canonical path stays as it is, and different ones have different names", () => {
  const path = fc.string({ unit: "grapheme" }).map(canonicalPath);
  fc.assert(
    fc.property(path, path, (a, b) => {
      expect(canonicalPath(a)).toBe(a);
      expect(pathToName(a) === pathToName(b)).toBe(a === b);
      expect(pathToName(a)).toMatch(/^[\w\-.~%]+$/);
    }),
  );
});
