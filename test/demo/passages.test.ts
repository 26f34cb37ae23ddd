import * as fc from "fast-check";
import { expect, test } from "vitest";
import { passagesOf } from "../../demo/src/notes/passages.ts";

const sentence = "The quick brown fox jumps over the lazy dog near the bank of the river. ";

test("a paragraph is a passage, with the lines it stands on", () => {
  const first = sentence.trim();
  const second = `${sentence}${sentence}`.trim();
  expect(passagesOf(`${first}\n\n\n${second}\n`, false)).toEqual([
    { text: first, heading: "", lineStart: 1, lineEnd: 1 },
    { text: second, heading: "", lineStart: 4, lineEnd: 4 },
  ]);
});

test("a paragraph that says too little takes the next one along", () => {
  const [passage, ...others] = passagesOf(`Milk.\n\nEggs and butter.`, false);
  expect(passage).toEqual({ text: "Milk.\n\nEggs and butter.", heading: "", lineStart: 1, lineEnd: 3 });
  expect(others).toEqual([]);
});

test("a long paragraph is cut between sentences", () => {
  const passages = passagesOf(sentence.repeat(20), false);
  expect(passages.length).toBeGreaterThan(2);
  for (const { text } of passages) {
    expect(text.length).toBeLessThanOrEqual(400);
    expect(text.endsWith("river.")).toBe(true);
  }
});

test("a Markdown heading goes with what stands below it, and is no passage itself", () => {
  const text = `# Bread\nMix the flour.\n## Baking ##\nHeat the oven.\n`;
  expect(passagesOf(text, true)).toEqual([
    { text: "Mix the flour.", heading: "Bread", lineStart: 2, lineEnd: 2 },
    { text: "Heat the oven.", heading: "Baking", lineStart: 4, lineEnd: 4 },
  ]);
});

test("in plain text a line that begins with a hash is text", () => {
  expect(passagesOf("# not a heading", false)).toMatchObject([{ text: "# not a heading", heading: "" }]);
});

test("text without words gives no passage", () => {
  expect(passagesOf(" \n\t\n\n", true)).toEqual([]);
});

test("no text loses a letter, gains one, or has a passage beyond the size", () => {
  const words = fc.stringMatching(/^[a-z.!?]{1,60}$/);
  const gap = fc.constantFrom(" ", "\n", "\n\n", " \n\t\n", "  ");
  const texts = fc.array(fc.tuple(words, gap), { maxLength: 120 }).map((pieces) => pieces.flat().join(""));
  const letters = (text: string): string => text.replace(/\s+/g, "");
  fc.assert(
    fc.property(texts, (text) => {
      const passages = passagesOf(text, false);
      expect(letters(passages.map((passage) => passage.text).join(""))).toBe(letters(text));
      for (const passage of passages) {
        expect(passage.text.length).toBeLessThanOrEqual(400);
        const lines = text.split("\n").slice(passage.lineStart - 1, passage.lineEnd);
        expect(letters(lines.join("\n"))).toContain(letters(passage.text));
      }
    }),
  );
});
