// One owner at a time for a path of a browser, whichever tab or worker it is: a Web Lock, which goes with
// them, so that nothing is left that a person has to remove. Node's is in `node-lock.ts`.

import type { Failure } from "../../src/protocol/failure.ts";
import { getNodeBuiltins } from "./node-builtins.ts";
import { storageFailure } from "./storage-failure.ts";

/**
 * How long a page waits for a lock. After a reload the worker of the page before may still be dying: its
 * lock came free within 42 ms in Chromium 156 and Firefox 153.
 */
const WEB_LOCK_WAIT_MS = 500;

/** Waiting in a page for as long as it takes: who has the lock leads, and the next in line is its successor. */
export interface LockWait {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Called where another has the lock, before the waiting. */
  onWait(): void;
}

/** Held from the moment it is got. `release` is called once. */
export interface PathLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a path that is a name, or fails after half a second.
 * @param path  canonical
 * @param wait  how to wait instead
 * @throws {Failure}  "path-locked", or "storage-unavailable" where there is no way to lock
 */
export async function lockPath(path: string, wait?: LockWait): Promise<PathLock> {
  const lock = getNodeBuiltins() ? takeInThread(path) : await takeWebLock(path, wait);
  if (!lock) throw lockedFailure(path, "tab, worker or client");
  return lock;
}

/** What is stored under a name in Node is in an IndexedDB of a library's, in the memory of one thread. */
const takenInThread = new Set<string>();

/** Undefined where another has it. */
function takeInThread(path: string): PathLock | undefined {
  if (takenInThread.has(path)) return undefined;
  takenInThread.add(path);
  return {
    release: async () => {
      takenInThread.delete(path);
    },
  };
}

/** Undefined where another keeps it. */
async function takeWebLock(path: string, wait: LockWait | undefined): Promise<PathLock | undefined> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) {
    const what = `"${path}" cannot be locked against other tabs: expected a secure context (https or localhost)`;
    throw storageFailure("storage-unavailable", what, { path });
  }
  const free = await requestWebLock(locks, path, { ifAvailable: true });
  if (free) return free;
  wait?.onWait();
  const signal = wait?.signal ?? AbortSignal.timeout(WEB_LOCK_WAIT_MS);
  try {
    return await requestWebLock(locks, path, { signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Undefined where it is wanted at once and not free. */
function requestWebLock(
  locks: LockManager,
  path: string,
  options: LockOptions,
): Promise<PathLock | undefined> {
  return new Promise((resolve, reject) => {
    let letGo = (): void => {};
    const held = new Promise<void>((done) => {
      letGo = done;
    });
    const released = locks.request(`chromalite:${path}`, options, (lock) => {
      if (lock === null) return resolve(undefined);
      resolve({
        release: async () => {
          letGo();
          await released;
        },
      });
      return held;
    });
    released.catch(reject);
  });
}

/** @param owner  who may have it */
export function lockedFailure(path: string, owner: string): Failure {
  return storageFailure(
    "path-locked",
    `"${path}" is open in another ${owner}: expected one owner at a time`,
    {
      path,
    },
  );
}
