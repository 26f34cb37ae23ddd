// Brings a clone to where everything runs: dependencies, the wasm engine, browsers. Each step asks
// first whether it is done, so that a run with nothing to do costs milliseconds. Node's built-ins
// only, since it runs before anything is installed. `npm run setup`; demo and tests call it first.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findChromium, findFirefox } from "./browser.mjs";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Does what is missing and prints one line a step: name, outcome, milliseconds.
 *
 * @param {{ browser?: boolean, root?: string, log?: (line: string) => void }} [options]
 *     browser: also see to a Chrome or Chromium (tests need one, the demo does not), and to a Firefox,
 *     without which the tests in one are skipped;
 *     root: the folder with package.json and wasm/build.mjs, this repository by default
 * @throws {Error}  A step failed; the message says what to do about it.
 */
export async function setup({ browser = false, root = repository, log = console.log } = {}) {
  mustRunOn(process.versions.node, root);
  await step("dependencies", log, () => installPackages(root));
  await step("wasm", log, () => buildEngine(root));
  if (!browser) return;
  await step("browser", log, () => installBrowser(root));
  await step("firefox", log, () => installFirefox(root));
}

/**
 * True when npm's own record of what it installed has every package of the lockfile, none in another
 * version. Optional packages may be missing: they are for other platforms.
 *
 * @param {string} root  the folder of package-lock.json
 */
export function isInstalled(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const isSame = (path) =>
    wanted[path]?.version === installed[path].version &&
    wanted[path]?.integrity === installed[path].integrity;
  const isThere = (path) => path === "" || path in installed || wanted[path].optional;
  return Object.keys(wanted).every(isThere) && Object.keys(installed).every(isSame);
}

/**
 * Installs what the lockfile of `root` names; does nothing where it is installed.
 *
 * No install script runs: what the packages of ours would download or compile comes prebuilt.
 *
 * @param {string} root  the folder of package-lock.json
 * @returns {string}  what was done
 * @throws {Error}  npm failed; what it said is on the console
 */
export function installPackages(root) {
  if (isInstalled(root)) return "up to date";
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  if (runNpm(["ci", ...flags], root, "ignore") === 0) return "installed";
  // A registry's mirror may lack optional packages that are for other platforms. `npm ci` refuses every
  // lockfile then; `npm install` takes the same versions from it, and `--no-save` leaves it as it is.
  const code = runNpm(["install", "--no-save", ...flags], root, "inherit");
  if (code !== 0) throw new Error(`npm install in ${root} failed: ${code}`);
  return "installed";
}

function mustRunOn(version, root) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [wantedMajor, wantedMinor = 0] = engines.node.match(/\d+/g).map(Number);
  const [major, minor] = version.split(".").map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(`This is Node ${version}; Chromalite's tools need Node ${engines.node}.`);
}

async function buildEngine(root) {
  const { buildWasm } = await import(pathToFileURL(join(root, "wasm", "build.mjs")).href);
  return (await buildWasm()) ? "compiled" : "up to date";
}

async function installBrowser(root) {
  const there = findChromium() ?? (await findPlaywrightChromium(root));
  if (there !== undefined) return there;

  const attempts = [];
  for (const [command, ...args] of browserInstallers()) {
    const result = spawnSync(command, args, { cwd: root, encoding: "utf8", env: installerEnvironment() });
    const found = result.status === 0 ? (findChromium() ?? (await findPlaywrightChromium(root))) : undefined;
    if (found !== undefined) return `installed ${found}`;
    attempts.push(`  ${[command, ...args].join(" ")}: ${lastLine(result) ?? `exit code ${result.status}`}`);
  }
  throw new Error(
    [
      "No Chrome or Chromium was found, and none could be installed:",
      ...attempts,
      "Any one of these helps:",
      "  1. install Chrome or Chromium, or point CHROMALITE_CHROMIUM to the program of one;",
      "  2. npx playwright install chromium;",
      "  3. on Debian or Ubuntu: sudo apt-get install chromium.",
    ].join("\n"),
  );
}

function browserInstallers() {
  return [["npx", "playwright", "install", "chromium"], ...aptInstallers("chromium")];
}

/**
 * Firefox, and in test/firefox/ the library that drives it. Neither is needed by the package: where one
 * cannot be had, the tests in Firefox are skipped by name.
 *
 * @returns {string}  what was done, or why there is none
 */
function installFirefox(root) {
  const there = findFirefox();
  const attempts = there === undefined ? aptInstallers("firefox-esr") : [];
  for (const [command, ...args] of attempts) {
    const result = spawnSync(command, args, { encoding: "utf8", env: installerEnvironment() });
    if (result.status !== 0) return `none: ${lastLine(result) ?? `exit code ${result.status}`}`;
  }
  const found = findFirefox();
  if (found === undefined) return "none: install one, or point CHROMALITE_FIREFOX to its program";
  const driver = join(root, "test", "firefox");
  try {
    installPackages(driver);
  } catch (error) {
    return `none: ${error.message}`;
  }
  return there === undefined ? `installed ${found}` : found;
}

/** The command that installs a package of Debian's; none where there is no apt, or no right to run it. */
function aptInstallers(name) {
  if (process.platform !== "linux" || !isCommand("apt-get")) return [];
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !isCommand("sudo")) return [];
  // -n: a script may not stop to ask for a password.
  const asRoot = isRoot ? [] : ["sudo", "-n"];
  const apt = "apt-get -q -o Acquire::Retries=1 -o Acquire::http::Timeout=20";
  return [[...asRoot, "sh", "-c", `${apt} update && ${apt} install -y --no-install-recommends ${name}`]];
}

function installerEnvironment() {
  return {
    ...process.env,
    DEBIAN_FRONTEND: "noninteractive",
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000",
  };
}

/** Playwright's own download, if it is there and starts: on a bare Linux its libraries may be missing. */
async function findPlaywrightChromium(root) {
  const entry = join(root, "node_modules", "playwright", "index.mjs");
  if (!existsSync(entry)) return undefined;
  const { chromium } = await import(pathToFileURL(entry).href);
  const path = chromium.executablePath();
  if (!existsSync(path)) return undefined;
  // On Windows `--version` opens a window instead of answering.
  if (process.platform === "win32") return path;
  return spawnSync(path, ["--version"]).status === 0 ? path : undefined;
}

function isCommand(name) {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
}

function lastLine({ error, stderr, stdout }) {
  if (error) return error.message;
  return `${stdout}\n${stderr}`.trim().split("\n").at(-1)?.trim() || undefined;
}

/** @returns {number | string}  the exit code, or what went wrong before there was one */
function runNpm(parameters, cwd, stdio) {
  // Windows finds npm's .cmd only through a shell.
  const result = spawnSync("npm", parameters, { cwd, stdio, shell: process.platform === "win32" });
  return result.status ?? result.error?.message ?? result.signal ?? "no exit code";
}

async function step(name, log, work) {
  const start = performance.now();
  const outcome = await work();
  log(`setup  ${name.padEnd(14)}${outcome}  (${Math.round(performance.now() - start)} ms)`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await setup({ browser: !process.argv.includes("--no-browser") });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
