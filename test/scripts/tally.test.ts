// The last line of a test run must not flatter it: each way a run can go wrong counts as a failure.
import { expect, test } from "vitest";
import { tally } from "../../scripts/tally.mjs";

function file(name: string, statuses: readonly string[], status = "passed", message = "") {
  return {
    name,
    status,
    message,
    assertionResults: statuses.map((each, i) => ({ fullName: `test ${i}`, status: each })),
  };
}

test("passed and failed tests are counted over all files", () => {
  const report = { testResults: [file("a", ["passed", "failed"], "failed"), file("b", ["passed"])] };
  expect(tally(report, 1)).toEqual({ passed: 2, failed: 1, skipped: [], troubles: [] });
});

test("skipped tests and those still to be written are named, not counted", () => {
  const report = { testResults: [file("a", ["passed", "skipped", "todo"])] };
  expect(tally(report, 0)).toEqual({
    passed: 1,
    failed: 0,
    skipped: ["a: test 1", "a: test 2"],
    troubles: [],
  });
});

test("a file that does not load is one failure with its message", () => {
  const report = { testResults: [file("a", [], "failed", "no such module"), file("b", ["passed"])] };
  expect(tally(report, 1)).toMatchObject({ passed: 1, failed: 1, troubles: ["a: no such module"] });
});

test("a test that never ended is a failure", () => {
  const report = { testResults: [file("a", ["passed", "pending"])] };
  expect(tally(report, 0)).toMatchObject({ passed: 1, failed: 1, troubles: ["a: test 1: did not end"] });
});

test("a runner that left no report is a failure, whatever its exit code", () => {
  expect(tally(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(tally(undefined, null)).toMatchObject({ passed: 0, failed: 1 });
});

test("a run of no tests is a failure", () => {
  expect(tally({ testResults: [] }, 0)).toMatchObject({ failed: 1, troubles: ["no test ran"] });
});

test("an error outside every test shows in the exit code and is a failure", () => {
  const report = { testResults: [file("a", ["passed"])] };
  expect(tally(report, 1)).toMatchObject({
    passed: 1,
    failed: 1,
    troubles: ["the test runner ended with exit code 1"],
  });
  expect(tally(report, null).troubles).toEqual(["the test runner ended with a signal"]);
});
