// docs/ERRORS.md has one heading for each failure code, in the order of the union, and each section
// answers the three questions.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failureCodes } from "../../src/protocol/failure.ts";

const markdown = readFileSync(join(import.meta.dirname, "../../docs/ERRORS.md"), "utf8");
const sections = markdown
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ heading: section.slice(0, section.indexOf("\n")), text: section }));
const codeSections = sections.filter(({ heading }) => heading.startsWith("`"));

test("every failure code has its heading, and no heading is without a code", () => {
  expect(codeSections.map(({ heading }) => heading)).toEqual(failureCodes.map((code) => `\`${code}\``));
});

test.each(codeSections)("$heading says when, what state is left and what to do", ({ text }) => {
  for (const question of ["When", "State left", "What to do"]) {
    expect(text).toMatch(new RegExp(`^- \\*\\*${question}\\.\\*\\* \\S.{10,}`, "m"));
  }
});
