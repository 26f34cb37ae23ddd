// `.ci/run` in a repository made for the test, whose `npm test` ends as the case says.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let repository: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "chromalite-ci-"));
  mkdirSync(join(repository, ".ci"));
  cpSync(join(import.meta.dirname, "../../.ci/run"), join(repository, ".ci/run"));
});

afterEach(() => rmSync(repository, { recursive: true }));

function runCi(testScript: string) {
  writeFileSync(join(repository, "package.json"), JSON.stringify({ scripts: { test: "node test.mjs" } }));
  writeFileSync(join(repository, "test.mjs"), testScript);
  for (const parameters of [
    ["init", "-q"],
    ["add", "."],
    ["commit", "-q", "-m", "A case"],
  ]) {
    git(...parameters);
  }
  // Not committed: it must not be seen.
  writeFileSync(join(repository, "test.mjs"), "console.log('0 passed, 9 failed')");
  const { status, stdout } = spawnSync("bash", [join(repository, ".ci/run")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "true" },
  });
  return { status, lastLine: stdout.trimEnd().split("\n").at(-1) };
}

function git(...parameters: string[]) {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"];
  const { status, stderr } = spawnSync("git", ["-C", repository, ...identity, ...parameters], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

test("the committed state is tested, and its last line is the run's", () => {
  expect(runCi("console.log('hello\\n3 passed, 0 failed')")).toEqual({
    status: 0,
    lastLine: "3 passed, 0 failed",
  });
});

test("failing tests fail the run", () => {
  expect(runCi("console.log('3 passed, 2 failed'); process.exitCode = 1")).toEqual({
    status: 1,
    lastLine: "3 passed, 2 failed",
  });
});

test("a run that was killed has failed, with a last line all the same", () => {
  const { status, lastLine } = runCi("process.kill(process.pid, 'SIGKILL')");
  expect(status).not.toBe(0);
  expect(lastLine).toBe("0 passed, 1 failed");
});

test("a run that says nothing has failed, even with exit code 0", () => {
  expect(runCi("")).toEqual({ status: 1, lastLine: "0 passed, 1 failed" });
});
