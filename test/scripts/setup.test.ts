// The set-up in a folder made for the test, with an `npm` and a wasm build that only write down that
// they were called: what counts is which steps run, and when none does.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findChromium, findFirefox } from "../../scripts/browser.mjs";
import { isInstalled, setup } from "../../scripts/setup.mjs";

let root: string;
let lines: string[];
const log = (line: string) => void lines.push(line);

const lockfile = {
  packages: {
    "": { name: "example" },
    "node_modules/left": { version: "1.0.0", integrity: "sha512-left" },
    "node_modules/only-elsewhere": { version: "2.0.0", integrity: "sha512-elsewhere", optional: true },
  },
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "chromalite-setup-"));
  lines = [];
  writeJson("package.json", { engines: { node: ">=20.19" } });
  writeJson("package-lock.json", lockfile);
  mkdirSync(join(root, "wasm"));
  writeFileSync(
    join(root, "wasm", "build.mjs"),
    "let isBuilt = false; export const buildWasm = async () => !isBuilt && (isBuilt = true);",
  );

  const programs = join(root, "programs");
  mkdirSync(programs);
  const npm = join(programs, "npm");
  const record = JSON.stringify({
    packages: { "node_modules/left": lockfile.packages["node_modules/left"] },
  });
  writeFileSync(
    npm,
    `#!/bin/sh\necho "$@" >> npm-calls\nmkdir -p node_modules\necho '${record}' > node_modules/.package-lock.json\n`,
  );
  chmodSync(npm, 0o755);
  vi.stubEnv("PATH", `${programs}${delimiter}${process.env["PATH"]}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function writeJson(name: string, value: unknown) {
  writeFileSync(join(root, name), JSON.stringify(value));
}

function npmCalls() {
  const file = join(root, "npm-calls");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

test("a bare folder gets its dependencies once, and a second run calls npm no more", async () => {
  await setup({ root, log });
  expect(npmCalls()).toEqual([expect.stringMatching(/^ci .*--ignore-scripts/)]);
  await setup({ root, log });
  expect(npmCalls()).toHaveLength(1);
  expect(lines.map((line) => line.replace(/\d+ ms/, "n ms"))).toEqual([
    "setup  dependencies  installed  (n ms)",
    "setup  wasm          compiled  (n ms)",
    "setup  dependencies  up to date  (n ms)",
    "setup  wasm          up to date  (n ms)",
  ]);
});

test("a changed lockfile installs again", async () => {
  await setup({ root, log });
  expect(isInstalled(root)).toBe(true);
  const changed = structuredClone(lockfile);
  changed.packages["node_modules/left"].version = "1.0.1";
  writeJson("package-lock.json", changed);
  expect(isInstalled(root)).toBe(false);
});

test("a package that left the lockfile or another content of the same version is not up to date", async () => {
  await setup({ root, log });
  const changed = structuredClone(lockfile);
  changed.packages["node_modules/left"].integrity = "sha512-other";
  writeJson("package-lock.json", changed);
  expect(isInstalled(root)).toBe(false);
  writeJson("package-lock.json", { packages: { "": {} } });
  expect(isInstalled(root)).toBe(false);
});

test("where a mirror lacks packages for other platforms, install takes what npm ci refuses", async () => {
  const npm = join(root, "programs", "npm");
  const succeeds = readFileSync(npm, "utf8");
  writeFileSync(npm, succeeds.replace("#!/bin/sh\n", '#!/bin/sh\nif [ "$1" = ci ]; then exit 1; fi\n'));
  await setup({ root, log });
  expect(npmCalls()).toEqual([expect.stringMatching(/^install --no-save --ignore-scripts/)]);
});

test("a failing npm is an error that names folder and exit code", async () => {
  writeFileSync(join(root, "programs", "npm"), "#!/bin/sh\nexit 7\n");
  await expect(setup({ root, log })).rejects.toThrow(`npm install in ${root} failed: 7`);
});

test("an old Node is refused with both versions", async () => {
  writeJson("package.json", { engines: { node: ">=999.1" } });
  await expect(setup({ root, log })).rejects.toThrow(
    `This is Node ${process.versions.node}; Chromalite's tools need Node >=999.1.`,
  );
});

test.each([
  ["CHROMALITE_CHROMIUM", findChromium],
  ["CHROMALITE_FIREFOX", findFirefox],
])("%s comes before every other browser, if it exists", (variable, find) => {
  const browser = join(root, "my-browser");
  vi.stubEnv(variable, browser);
  expect(find()).not.toBe(browser);
  writeFileSync(browser, "");
  expect(find()).toBe(browser);
});

// Elsewhere browsers lie at fixed places that a test cannot hide.
test.skipIf(process.platform !== "linux")(
  "without a browser and without a way to install one the error names the three ways",
  async () => {
    await setup({ root, log });
    vi.stubEnv("PATH", join(root, "programs"));
    vi.stubEnv("CHROMALITE_CHROMIUM", "");
    await expect(setup({ root, log, browser: true })).rejects.toThrow(
      /npx playwright install chromium: .*ENOENT[^]*CHROMALITE_CHROMIUM[^]*npx playwright[^]*apt-get install chromium/,
    );
  },
);

/** A machine with a Chromium, no Firefox, and an `apt-get` that ends as the test says. */
function machineWithoutFirefox(aptGet: string): void {
  const browser = join(root, "my-browser");
  writeFileSync(browser, "");
  vi.stubEnv("CHROMALITE_CHROMIUM", browser);
  vi.stubEnv("CHROMALITE_FIREFOX", "");
  const programs = join(root, "programs");
  for (const [name, script] of [
    ["apt-get", aptGet],
    ["sudo", 'shift; exec "$@"'],
  ] as const) {
    writeFileSync(join(programs, name), `#!/bin/sh\n[ "$1" = --version ] && exit\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  for (const name of ["sh", "mkdir", "touch", "cat"]) symlinkSync(`/bin/${name}`, join(programs, name));
  vi.stubEnv("PATH", programs);
}

test.runIf(process.platform === "linux")(
  "without a Firefox that can be installed the set-up succeeds and says why there is none",
  async () => {
    machineWithoutFirefox("echo 'E: Unable to locate package firefox-esr'; exit 100");
    await setup({ root, log, browser: true });
    expect(lines.at(-1)).toMatch(/^setup {2}firefox {7}none: E: Unable to locate package firefox-esr/);
  },
);

test.runIf(process.platform === "linux")(
  "a Firefox that Debian has is installed, with the library that drives it",
  async () => {
    mkdirSync(join(root, "test", "firefox"), { recursive: true });
    writeJson("test/firefox/package-lock.json", lockfile);
    const firefox = join(root, "programs", "firefox-esr");
    machineWithoutFirefox(`touch ${firefox}`);
    await setup({ root, log, browser: true });
    expect(lines.at(-1)).toMatch(/^setup {2}firefox {7}installed .*firefox-esr/);
    expect(isInstalled(join(root, "test", "firefox"))).toBe(true);
  },
);
