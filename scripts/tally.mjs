// Counts a test run from vitest's JSON report, so that nothing which went wrong is counted as
// nothing: a file that did not load, a test that never ended, a runner that died, an empty run.

/**
 * @typedef {{ name: string, status: string, message?: string,
 *     assertionResults: { fullName: string, status: string }[] }} FileReport
 * @typedef {{ passed: number, failed: number, skipped: string[], troubles: string[] }} Tally
 *     skipped: the tests that were not run, by name; troubles: failures that are no test's
 */

/**
 * @param {{ testResults: FileReport[] } | undefined} report  undefined when the runner left none
 * @param {number | null} exitCode  the runner's, null when a signal ended it
 * @returns {Tally}
 */
export function tally(report, exitCode) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const withStatus = (...statuses) => tests.filter((test) => statuses.includes(test.status));

  const passed = withStatus("passed").length;
  const skipped = withStatus("skipped", "disabled", "todo").map((test) => `${test.file}: ${test.fullName}`);
  const unfinished = withStatus("pending").map((test) => `${test.file}: ${test.fullName}: did not end`);
  const unloaded = files
    .filter(
      (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
    )
    .map((file) => `${file.name}: ${file.message || "failed outside its tests"}`);
  const troubles = [...unfinished, ...unloaded];
  const failedTests = withStatus("failed").length;

  if (report === undefined) troubles.push("the test runner left no report");
  else if (passed + failedTests + troubles.length === 0) troubles.push("no test ran");
  if (exitCode !== 0 && failedTests + troubles.length === 0) {
    troubles.push(`the test runner ended with ${exitCode === null ? "a signal" : `exit code ${exitCode}`}`);
  }
  return { passed, failed: failedTests + troubles.length, skipped, troubles };
}
