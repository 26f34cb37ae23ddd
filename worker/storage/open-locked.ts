// The files of one backend under the lock of their path, each access checked; and what opening them may
// end in. Knows no backend, so that who has but one of them, as a Service Worker, ships no other.

import type { Failure } from "../../src/protocol/failure.ts";
import type { BackendDirectory } from "./backend.ts";
import { CheckedStorage } from "./checked-storage.ts";
import { lockPath, type LockWait } from "./lock.ts";
import type { Backend, Storage } from "./storage.ts";
import { toFailure } from "./storage-failure.ts";

/**
 * Takes the lock, then opens; the lock goes with `close` and `destroy`, or where opening fails.
 *
 * @param name  the path's, for the lock: canonical in a page, real in Node
 * @throws {Failure}  "path-locked", and what `open` throws
 */
export async function openLocked(
  name: string,
  open: () => BackendDirectory | Promise<BackendDirectory>,
  wait?: LockWait,
): Promise<Storage> {
  const lock = await lockPath(name, wait);
  try {
    return new CheckedStorage(await open(), () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What opening a path met, as a failure. */
export function openingFailure(error: unknown, path: string, backend: Backend): Failure {
  return toFailure(error, `opening "${path}" on ${backend}`, "storage-unavailable", { path, backend });
}
