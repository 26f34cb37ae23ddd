// `npm test`: sets up, checks the style, builds the package, runs every test, and ends with the line
// `N passed, N failed` whatever happens on the way; the exit code says the same. Arguments go to
// vitest (`npm test -- test/rows`), and a run narrowed like that leaves the style check out.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";
import { tally } from "./tally.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, "test-results", "report.json");

/**
 * The whole of `npm test`. Sets `process.exitCode`; never throws.
 *
 * @param {string[]} vitestArguments
 * @param {{ environment?: Record<string, string>, minutesMax?: number }} [options]
 *     environment: added to the tests' own; minutesMax: a run that takes longer is ended and has failed
 */
export async function runTests(vitestArguments, { environment = {}, minutesMax = 30 } = {}) {
  let total = { passed: 0, failed: 1, skipped: [], troubles: [] };
  try {
    await setup({ browser: true });
    const troubles = [];
    if (vitestArguments.length === 0) troubles.push(...(await troublesOf("lint", "scripts/lint.mjs")));
    troubles.push(...(await troublesOf("build", "scripts/build.mjs")));
    troubles.push(...(await troublesOf("demo", "scripts/demo.mjs", ["--build"])));
    const tests = await runVitest(vitestArguments, { environment, minutesMax });
    total = {
      ...tests,
      failed: tests.failed + troubles.length,
      troubles: [...troubles, ...tests.troubles],
    };
  } catch (error) {
    total.troubles.push(error.stack ?? String(error));
  }
  for (const name of total.skipped) console.log(`skipped  ${relative(name)}`);
  for (const trouble of total.troubles) console.log(`failed   ${relative(trouble)}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

/** Runs one of our scripts; its failure counts as one failed test, and the tests run all the same. */
async function troublesOf(name, script, parameters = []) {
  const start = performance.now();
  const code = await runNode([script, ...parameters]);
  console.log(`${name}  ${code === 0 ? "done" : "failed"}  (${Math.round(performance.now() - start)} ms)`);
  return code === 0 ? [] : [`${name}: ${script} ended with ${code}`];
}

async function runVitest(vitestArguments, options) {
  rmSync(report, { force: true });
  const code = await runNode(
    [
      join("node_modules", "vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...vitestArguments,
    ],
    options,
  );
  return tally(existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined, code);
}

/** @returns {Promise<number | null>}  the exit code; null after a signal, ours at `minutesMax` included */
function runNode(parameters, { environment = {}, minutesMax = 30 } = {}) {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, parameters, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...environment },
      timeout: minutesMax * 60_000,
    });
    child.once("error", fail);
    child.once("close", settle);
  });
}

function relative(text) {
  return text.replaceAll(`${root}/`, "");
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runTests(process.argv.slice(2));
}
