import { expect, test } from "vitest";
import { retargetSources } from "./apt-sources.ts";

const releases = { from: ["bookworm", "stable"], to: "trixie" };
const retarget = (name: string, text: string): string | undefined =>
  retargetSources([{ name, text }], releases)[0]?.text;

test("a stanza keeps its mirror, key and options; release, type and component change", () => {
  const text = [
    "# the machine's own",
    "Types: deb deb-src",
    "URIs: http://mirror.example/debian https://second.example/debian",
    "# snapshots are elsewhere",
    "Suites: bookworm bookworm-updates",
    "Components: main contrib",
    "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
    "Architectures: amd64",
    "",
    "Types: deb",
    "URIs: http://mirror.example/debian-security",
    "Suites: bookworm-security",
    "Components: main",
  ].join("\n");
  expect(retarget("debian.sources", text)).toBe(
    [
      "types: deb",
      "uris: http://mirror.example/debian https://second.example/debian",
      "suites: trixie",
      "components: main",
      "signed-by: /usr/share/keyrings/debian-archive-keyring.gpg",
      "architectures: amd64",
      "",
    ].join("\n"),
  );
});

test("a key that stands in the stanza itself keeps its lines", () => {
  const key = [
    "Signed-By:",
    " -----BEGIN PGP PUBLIC KEY BLOCK-----",
    " .",
    " mDMEZ",
    " -----END PGP PUBLIC KEY BLOCK-----",
  ];
  const text = [
    "Types: deb",
    "URIs: http://mirror.example/debian",
    "Suites: bookworm",
    "Components: main",
    ...key,
  ].join("\n");
  expect(retarget("debian.sources", text)).toContain(`signed-by: \n${key.slice(1).join("\n")}\n`);
});

test("one-line entries keep what is in brackets", () => {
  const text = [
    "deb [signed-by=/etc/apt/keyrings/mirror.gpg arch=amd64] http://mirror.example/debian bookworm main contrib # own",
    "deb http://mirror.example/debian stable contrib main",
    "# deb http://commented.example/debian bookworm main",
    "deb-src http://mirror.example/debian bookworm main",
    "deb http://mirror.example/debian-security bookworm-security main",
    "deb http://mirror.example/debian bookworm contrib",
    "",
  ].join("\n");
  expect(retarget("sources.list", text)).toBe(
    [
      "deb [signed-by=/etc/apt/keyrings/mirror.gpg arch=amd64] http://mirror.example/debian trixie main",
      "deb http://mirror.example/debian trixie main",
      "",
    ].join("\n"),
  );
});

test("what is switched off, of another release or of another vendor is left out", () => {
  const stanza = (changes: Record<string, string>): string =>
    Object.entries({
      Types: "deb",
      URIs: "http://mirror.example",
      Suites: "bookworm",
      Components: "main",
      ...changes,
    })
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n");
  const files = [
    { Enabled: "no" },
    { Types: "deb-src" },
    { Suites: "bullseye" },
    { Components: "stable" },
  ].map((changes, place) => ({ name: `${place}.sources`, text: stanza(changes) }));
  expect(retargetSources(files, releases)).toEqual([]);
  expect(retarget("yes.sources", stanza({ Enabled: "yes" }))).toContain("suites: trixie\n");
  expect(retarget("none.list", "")).toBeUndefined();
});
