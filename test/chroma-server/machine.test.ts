import { expect, test } from "vitest";
import { chooseWay, parseOsRelease, type Machine } from "./machine.ts";

const bookworm: Machine = {
  platform: "linux",
  processor: "x64",
  glibc: "2.36",
  distribution: "debian",
  codename: "bookworm",
  hasApt: true,
};

test("an older Debian takes a newer C library, each processor its own", () => {
  expect(chooseWay(bookworm)).toEqual({
    way: "newer-c-library",
    codename: "bookworm",
    folder: "x86_64-linux-gnu",
    loader: "ld-linux-x86-64.so.2",
  });
  expect(chooseWay({ ...bookworm, processor: "arm64" })).toMatchObject({ folder: "aarch64-linux-gnu" });
});

test.each(["2.39", "2.41", "3.0"])("under glibc %s it runs as it is, whatever the distribution", (glibc) => {
  expect(chooseWay({ ...bookworm, glibc })).toEqual({ way: "directly" });
  expect(chooseWay({ ...bookworm, glibc, distribution: "arch", hasApt: false })).toEqual({ way: "directly" });
});

test("on macOS it runs as it is", () => {
  expect(chooseWay({ ...bookworm, platform: "darwin", glibc: undefined })).toEqual({ way: "directly" });
});

test.each([
  ["no server for win32 on x64", { platform: "win32" }],
  ["no server for linux on ia32", { processor: "ia32" }],
  ["needs glibc, which is not", { glibc: undefined }],
  ["needs glibc 2.39, this is 2.36", { distribution: "ubuntu" }],
  ["needs glibc 2.39, this is 2.4 ", { glibc: "2.4", hasApt: false }],
  ["and not Debian with apt", { codename: undefined }],
])("elsewhere there is none, and the reason is told: %s", (reason, changes) => {
  expect(chooseWay({ ...bookworm, ...changes })).toEqual({
    way: "none",
    obstacle: expect.stringContaining(reason) as string,
  });
});

test("os-release tells distribution and codename, quoted or not", () => {
  expect(parseOsRelease('NAME="Debian GNU/Linux"\nVERSION_CODENAME=bookworm\nID=debian\n')).toEqual({
    distribution: "debian",
    codename: "bookworm",
  });
  expect(parseOsRelease('ID="opensuse-leap"\nVERSION_ID=15\n')).toEqual({
    distribution: "opensuse-leap",
    codename: undefined,
  });
});
