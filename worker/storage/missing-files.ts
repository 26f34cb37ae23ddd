// Tells files that were taken away from files that are yet to be made. All files of a path have their names before
// any of them has a byte: who stopped while making them left empty ones, so beside a byte each missing one is a loss.

import { storageFailure } from "./storage-failure.ts";

/**
 * To be called before what is missing is made: an empty file would hide the loss.
 * @param sizes  bytes of the files that are there
 * @throws {Failure}  "corrupt", naming the first of `missing`
 */
export function assertNoneLost(path: string, missing: readonly string[], sizes: readonly number[]): void {
  const [file] = missing;
  if (file === undefined || sizes.every((size) => size === 0)) return;
  throw storageFailure("corrupt", `"${file}" of "${path}" is missing: expected it beside the other files`, {
    path,
    file,
  });
}
