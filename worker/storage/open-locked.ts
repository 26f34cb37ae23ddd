// The files of one backend under the lock of their path, each access checked; and what opening them may
// end in. Knows no backend, so that who has but one of them, as a Service Worker, ships no other.

import type { Failure } from "../../src/protocol/failure.ts";
import type { BackendDirectory } from "./backend.ts";
import { CheckedStorage } from "./checked-storage.ts";
import type { PathLock } from "./lock.ts";
import type { Backend, Storage } from "./storage.ts";
import { toFailure } from "./storage-failure.ts";

/**
 * Opens under the path's lock, which goes with `close` and `destroy`, or where opening fails.
 * @throws {Failure}  what `open` throws
 */
export async function openLocked(
  lock: PathLock,
  open: () => BackendDirectory | Promise<BackendDirectory>,
): Promise<Storage> {
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
