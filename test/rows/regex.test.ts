import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { RE2JS } from "re2js";
import { loadRegex } from "../../worker/load-regex.ts";
import { compileRegex, useRegex } from "../../worker/rows/regex.ts";
import { type Program, WordBoundaryMatcher } from "../../worker/regex/word-boundary.ts";

beforeAll(async () => useRegex(await loadRegex()));

function matches(pattern: string, text: string): boolean {
  return compileRegex(pattern).matches(new TextEncoder().encode(text));
}

test.each([
  ["(?i)STRASSE", "strasse", true],
  ["strasse", "STRASSE", false],
  ["a.c", "a\nc", false],
  ["(?s)a.c", "a\nc", true],
  ["^b", "a\nb", false],
  ["(?m)^b$", "a\nb\nc", true],
  ["", "", true],
  ["", "anything", true],
  ["\\d+", "٣", true],
  ["\\D", "٣", false],
  ["^\\w+$", "naïve_日本", true],
  ["\\W", "naïve_日本", false],
  ["[\\w-]+é", "a-bé", true],
  ["^[^\\w]$", "é", false],
  ["^[\\d.]+$", "1.٣", true],
  ["^[\\W_]+$", "_.¿", true],
  ["^[^\\W_]$", "é", true],
  ["^[^\\W_]$", "_", false],
  ["a\\sb", "a\u00a0b", true],
  ["a\\Sb", "a\u2003b", false],
  ["^[\\S]$", "\u3000", false],
  ["\\bfoo\\b", "a foo.", true],
  ["\\bfoo\\b", "éfoo", false],
  ["\\bécole\\b", "l'école.", true],
  ["\\bécole\\b", "lécole", false],
  ["\\Bcole", "école", true],
  ["\\bcole", "école", false],
  ["\\d\\b", "6δ", false],
  ["\\d\\B", "6δ", true],
  ["\\w", "⥡", false],
  ["\\d", "Ⅱ", false],
  ["(?i)Δ", "δ", true],
  ["(?i)\\bÉCOLE$", "l'école", true],
  ["(?m)^\\bé.\\b$", "x\néa\ny", true],
  ["😀{2}\\B", "é😀😀", true],
  ["\\u{1F600}", "😀", true],
  ["\\u00e9\\x{e9}\\xe9\\U000000E9", "éééé", true],
  ["(?u)é(?u:x)", "éx", true],
  ["(?iu)É", "é", true],
  ["\\p{Letter}\\p{gc=Nd}\\P{L}", "é1.", true],
  ["^\\p{sc=Greek}+$", "λόγος", true],
  ["\\p{^L}", "é", false],
  ["[[:alpha:]_]+", "__", true],
  ["[]a]", "]", true],
  ["[^]a]", "]", false],
  ["(?P<year>\\d{4})-(?<month>\\d\\d)", "on 2026-08-01", true],
  ["a|b|", "zzz", true],
  ["\\.\\*\\-\\/", ".*-/", true],
  ["nul\\x00byte", "nul\0byte", true],
])("%j on %j is %s, as in Rust", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test.each([
  "a(?=b)",
  "(?<=a)b",
  "(a)\\1",
  "[a",
  "(",
  "*",
  "a{1001}",
  "(?-u)a",
  "[a&&b]",
  "[a--b]",
  "[a[bc]]",
  "\\b{start}",
  "\\<a",
  "\\Qa\\E",
  "\\",
  "\\u{110000000}",
  "\\p{NoSuch}",
])("%j is refused with the server's text", (pattern) => {
  expect(() => compileRegex(pattern)).toThrow(
    expect.objectContaining({
      status: 400,
      name: "InvalidArgumentError",
      message: expect.stringMatching(/^Regex syntax errror: ./) as string,
    }),
  );
});

test("a pattern that would make a backtracking engine explode ends at once", () => {
  expect(matches("^(a+)+\\b$", `${"a".repeat(2000)}é!`)).toBe(false);
});

test("over ASCII texts the matcher of word boundaries agrees with RE2 itself", () => {
  const part = fc.constantFrom(
    "a",
    "b",
    "\\b",
    "\\B",
    "a*",
    "(?:a|b )",
    "(a|)+?",
    "[ab]",
    ".",
    "$",
    "^",
    "\n",
  );
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n"), maxLength: 8 });
  fc.assert(
    fc.property(fc.boolean(), fc.array(part, { maxLength: 6 }), text, (multiline, parts, ascii) => {
      const compiled = RE2JS.compile(`${multiline ? "(?m)" : ""}${parts.join("")}`);
      const matcher = new WordBoundaryMatcher(compiled.re2().prog as Program);
      expect(matcher.matches(ascii)).toBe(compiled.test(ascii));
    }),
    { numRuns: 2000 },
  );
});
