import { expect, test } from "vitest";
import { whyUnreachable } from "./c-library.ts";

const failure = (why: string): string => `Err:1 http://mirror.example/debian trixie InRelease\n  ${why}\n`;

test.each([
  "Could not resolve 'mirror.example'",
  "Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)",
  "Temporary failure resolving 'mirror.example'",
  "Cannot initiate the connection to mirror.example:80 (2001:db8::1). - connect (101: Network is unreachable)",
  "Connection timed out",
  "403  Forbidden [IP: 192.0.2.1 3128]",
])("packages are out of reach when the way to them is closed: %s", (why) => {
  expect(whyUnreachable(`Ign:1 http://mirror.example/debian trixie InRelease\n${failure(why)}`)).toBe(why);
});

test("a source that answers is within reach, whatever it answers", () => {
  expect(whyUnreachable(failure("404  Not Found [IP: 192.0.2.1 80]"))).toBeUndefined();
  expect(whyUnreachable(failure("The following signatures were invalid: EXPKEYSIG"))).toBeUndefined();
  expect(
    whyUnreachable(
      `Get:1 http://second.example/debian trixie InRelease [140 kB]\n${failure("Connection timed out")}`,
    ),
  ).toBeUndefined();
  expect(whyUnreachable("E: Unable to locate package libc6")).toBeUndefined();
});
