import { expect, test } from "vitest";
import { parseRunOptions, UsageError } from "../../server/run-options.ts";

const defaults = {
  path: "./chroma",
  port: 8000,
  host: "127.0.0.1",
  allowReset: false,
  corsOrigins: [],
  bodyBytesMax: 40 * 1024 * 1024,
};

test("nothing given: Chroma's port and path, this machine alone, no token, no origin", () => {
  expect(parseRunOptions([], {})).toEqual(defaults);
});

test("every option has its place", () => {
  const line =
    "--path /data/notes --port=0 --host ::1 --allow-reset --body-limit 64 --token se-cret " +
    "--cors-origin HTTPS://Page.example:443/ --cors-origin http://localhost:5173";
  const args = line.split(" ");
  expect(parseRunOptions(args, {})).toEqual({
    path: "/data/notes",
    port: 0,
    host: "::1",
    allowReset: true,
    corsOrigins: ["https://page.example", "http://localhost:5173"],
    token: "se-cret",
    bodyBytesMax: 64 * 1024 * 1024,
  });
});

test("the token may come from the environment; one on the command line goes before it", () => {
  const environment = { CHROMALITE_TOKEN: "quiet" };
  expect(parseRunOptions([], environment)).toEqual({ ...defaults, token: "quiet" });
  expect(parseRunOptions(["--token", "loud"], environment)).toEqual({ ...defaults, token: "loud" });
});

test.each(["--help", "-h"])("%s asks for help, whatever else is there", (flag) => {
  expect(parseRunOptions(["--port", "x", flag], {})).toBe("help");
});

test.each([
  [["--port", "70000"], "--port 70000: expected a whole number from 0 to 65535"],
  [["--port", "80.5"], "--port 80.5: expected"],
  [["--port", ""], "--port : expected"],
  [["--body-limit", "0"], "--body-limit 0: expected a whole number from 1 to 500"],
  [["--cors-origin", "https://page.example/app"], "expected an origin such as"],
  [["--cors-origin", "page.example"], "expected an origin such as"],
  [["--token", ""], "the token must be ASCII letters, digits and punctuation, and not empty"],
  [["--token", "two words"], "the token must be"],
  [["--path", ""], "--path must name a directory"],
  [["--host", ""], "--host must name an address"],
  [["--unknown"], "Unknown option '--unknown'"],
  [["--path"], "'--path <value>' argument missing"],
  [["notes"], "Unexpected argument 'notes'"],
])("%j makes no sense: %s", (args, message) => {
  expect(() => parseRunOptions(args, {})).toThrow(UsageError);
  expect(() => parseRunOptions(args, {})).toThrow(message);
});
