// `npm run lint`: style, layers, formatting and types. Every check runs, whatever the others say; the
// exit code is 1 where one of them finds something.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Each check is a program of a package: [name, package's script, arguments]. */
const checks = [
  ["oxlint", "oxlint/bin/oxlint", ["--type-aware", "--deny-warnings"]],
  ["oxfmt", "oxfmt/bin/oxfmt", ["--check"]],
  ...["src/protocol", "src", "worker", "http", "server", "service-worker", "."].map((project) => [
    `tsc ${project}`,
    "typescript/bin/tsc",
    ["-p", project],
  ]),
  ["knip", "knip/bin/knip.js", []],
];

const outcomes = [];
for (const [name, script, parameters] of checks) outcomes.push(await run(name, script, parameters));
process.exitCode = outcomes.every(Boolean) ? 0 : 1;

/** Prints one line, and what the check said where it found something. */
function run(name, script, parameters) {
  const start = performance.now();
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [join(root, "node_modules", script), ...parameters], { cwd: root });
    const said = [];
    child.stdout.on("data", (chunk) => said.push(chunk));
    child.stderr.on("data", (chunk) => said.push(chunk));
    child.once("error", fail);
    child.once("close", (code) => {
      console.log(
        `${name}  ${code === 0 ? "done" : "failed"}  (${Math.round(performance.now() - start)} ms)`,
      );
      if (code !== 0) console.log(Buffer.concat(said).toString());
      settle(code === 0);
    });
  });
}
