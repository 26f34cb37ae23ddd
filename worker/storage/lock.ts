// One owner at a time for a path, wherever the others are: a Web Lock in a browser, a listening local
// socket in Node. Both go with the tab, worker or process that holds them: nothing is left that a person
// has to remove.

import type { Failure } from "../../src/protocol/failure.ts";
import { getNodeBuiltins } from "./node-builtins.ts";
import { lockInNode } from "./node-lock.ts";
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
 * Takes the lock of a path, or fails: at once in Node, after half a second in a page.
 * @param path  canonical in a page; in Node real, of a directory that exists
 * @param wait  in a page, how to wait instead
 * @throws {Failure}  "path-locked", or "storage-unavailable" where there is no way to lock
 */
export async function lockPath(path: string, wait?: LockWait): Promise<PathLock> {
  // Node first: its own `navigator.locks`, from version 24 on, know one process only.
  const node = getNodeBuiltins();
  const lock = node ? await lockInNode(node, path) : await takeWebLock(path, wait);
  if (!lock) throw lockedFailure(path, node ? "client or process" : "tab, worker or client");
  return lock;
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

function lockedFailure(path: string, owner: string): Failure {
  return storageFailure(
    "path-locked",
    `"${path}" is open in another ${owner}: expected one owner at a time`,
    {
      path,
    },
  );
}
