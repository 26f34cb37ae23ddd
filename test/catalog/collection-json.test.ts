import { expect, test } from "vitest";
import type { CollectionJson } from "../../worker/catalog/collection-json.ts";
import { captureNames, readCapture, runCapture } from "./chroma-server.ts";

/** The number of processors of the machine that the capture ran on. */
const CAPTURED_THREADS = 2;

test("there are captured replies to compare with", () => {
  expect(captureNames.length).toBeGreaterThan(10);
});

test.each(captureNames)("a collection looks as on a Chroma server: %s", (name) => {
  const capture = readCapture(name);
  expect(runCapture(capture)).toEqual(withOurThreads(capture.reply));
});

function withOurThreads(reply: CollectionJson): CollectionJson {
  return JSON.parse(
    JSON.stringify(reply, (key, value: unknown) =>
      key === "num_threads" && value === CAPTURED_THREADS ? 1 : value,
    ),
  ) as CollectionJson;
}
