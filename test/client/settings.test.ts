// Settings: what is set in code, in the environment, in a `.env` file, and by default.

import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChromaValueError } from "chromadb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readEnvironment } from "../../src/clients/environment.ts";
import { resolveSettings, settingsKey, variableOf, type Settings } from "../../src/clients/settings.ts";
import { acceptedSettings, heededSettings } from "../../src/clients/settings-table.ts";

const none = (): undefined => undefined;
const environment =
  (variables: Record<string, string>) =>
  (name: string): string | undefined =>
    variables[name];

test("without any, settings are Chroma's defaults", () => {
  expect(resolveSettings({}, none)).toEqual({
    isPersistent: false,
    persistDirectory: "./chroma",
    allowReset: false,
    chromaMemoryLimitBytes: 0,
    chromaApiImpl: "chromadb.api.rust.RustBindingsAPI",
    chromaServerSslEnabled: false,
  });
});

test("code comes before the environment, and the environment before the default", () => {
  const env = environment({
    ALLOW_RESET: "TRUE",
    PERSIST_DIRECTORY: "/data",
    CHROMA_SERVER_HTTP_PORT: "9000",
  });
  expect(resolveSettings({ persistDirectory: "here" }, env)).toMatchObject({
    allowReset: true,
    persistDirectory: "here",
    chromaServerHttpPort: 9000,
  });
  expect(resolveSettings({ allowReset: false }, env).allowReset).toBe(false);
});

test("variables of no setting, and of settings without effect, are not looked at", () => {
  const env = environment({ NO_SETTING: "x", MIGRATIONS: "yes, please", ENVIRONMENT: "production" });
  expect(resolveSettings({}, env)).toEqual(resolveSettings({}, none));
});

test("values are read as what they mean, in code too", () => {
  const untyped = { allowReset: "yes", chromaServerHttpPort: "8001", persistDirectory: null };
  expect(resolveSettings(untyped as unknown as Settings, none)).toMatchObject({
    allowReset: true,
    chromaServerHttpPort: 8001,
    persistDirectory: "./chroma",
  });
  const env = environment({ CHROMA_SERVER_HEADERS: '{"x-team":"search"}' });
  expect(resolveSettings({}, env).chromaServerHeaders).toEqual({ "x-team": "search" });
});

test.each<[Record<string, unknown>, string]>([
  [{ allowReset: "perhaps" }, 'Expected the setting allowReset to be a boolean, but got "perhaps"'],
  [{ chromaServerHttpPort: 1.5 }, "Expected the setting chromaServerHttpPort to be an integer, but got 1.5"],
  [{ persistDirectory: {} }, "Expected the setting persistDirectory to be a string, but got {}"],
  [
    { chromaServerHeaders: ["a"] },
    'Expected the setting chromaServerHeaders to be an object, each value a string, but got ["a"]',
  ],
  [
    { chromaServerCorsAllowOrigins: "*" },
    'Expected the setting chromaServerCorsAllowOrigins to be a list of strings, but got "*"',
  ],
  [
    { migrations: "later" },
    'Expected the setting migrations to be one of none, validate, apply, but got "later"',
  ],
])("%j is refused", (settings, message) => {
  expect(() => resolveSettings(settings as Settings, none)).toThrow(new ChromaValueError(message));
});

test("a bad value of the environment is told by the variable's name", () => {
  expect(() => resolveSettings({}, environment({ ALLOW_RESET: "perhaps" }))).toThrow(
    new ChromaValueError('Expected the environment variable ALLOW_RESET to be a boolean, but got "perhaps"'),
  );
});

test.each([
  ["allow_reset", "Unknown setting allow_reset. Did you mean allowReset?"],
  ["ALLOW_RESET", "Unknown setting ALLOW_RESET. Did you mean allowReset?"],
  ["alowReset", "Unknown setting alowReset. Did you mean allowReset?"],
  ["persistDirectry", "Unknown setting persistDirectry. Did you mean persistDirectory?"],
  ["chromaHttpPort", "Unknown setting chromaHttpPort. Did you mean chromaServerHttpPort?"],
  ["x", "Unknown setting x"],
  ["__proto__", "Unknown setting __proto__"],
])("%s is no setting", (name, message) => {
  const settings = Object.fromEntries([[name, true]]) as Settings;
  expect(() => resolveSettings(settings, none)).toThrow(new ChromaValueError(message));
});

test("two clients of a path have to agree on every setting but on where the path is", () => {
  const key = (settings: Settings): string => settingsKey(settings, resolveSettings(settings, none));
  expect(
    key({ persistDirectory: "a", isPersistent: true, allowReset: false, anonymizedTelemetry: true }),
  ).toBe(key({}));
  expect(key({ allowReset: true })).not.toBe(key({}));
  expect(key({ anonymizedTelemetry: false })).not.toBe(key({}));
});

describe("a `.env` file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "chromalite-env-"));
  });
  afterEach(() => vi.unstubAllEnvs());

  test("says what the environment does not", async () => {
    const file = join(folder, ".env");
    await writeFile(file, "# ours\nALLOW_RESET=true\nCHROMA_TENANT='acme'\nNOT_OURS=1\n");
    vi.stubEnv("CHROMA_TENANT", "words");
    expect(resolveSettings({}, readEnvironment(file)).allowReset).toBe(true);
    expect(readEnvironment(file)("CHROMA_TENANT")).toBe("words");
    vi.stubEnv("ALLOW_RESET", "false");
    expect(resolveSettings({}, readEnvironment(file)).allowReset).toBe(false);
  });

  test("may begin with the byte order mark of an editor", async () => {
    const file = join(folder, ".env");
    await writeFile(file, "\uFEFFALLOW_RESET=true\r\nCHROMA_TENANT=acme\r\n");
    expect(resolveSettings({}, readEnvironment(file)).allowReset).toBe(true);
    expect(readEnvironment(file)("CHROMA_TENANT")).toBe("acme");
  });

  test("need not be there, and a folder of that name is none", async () => {
    expect(readEnvironment(join(folder, ".env"))("ALLOW_RESET")).toBeUndefined();
    await mkdir(join(folder, ".env"));
    expect(readEnvironment(join(folder, ".env"))("ALLOW_RESET")).toBeUndefined();
  });
});

test("a setting's variable is its name in upper case", () => {
  expect(variableOf("chromaServerHttpPort")).toBe("CHROMA_SERVER_HTTP_PORT");
});

test("each setting that is heeded is known, and none is in both tables", () => {
  expect(Object.keys(heededSettings).filter((name) => name in acceptedSettings)).toEqual([]);
});

test("that certificates go unverified has no effect", () => {
  expect(resolveSettings({ chromaServerSslVerify: false }, none)).toEqual(resolveSettings({}, none));
});
