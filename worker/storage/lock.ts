// One owner at a time for a path, wherever the others are: a Web Lock in a browser, a listening local
// socket in Node. Both go with the tab, worker or process that holds them: nothing stale is left
// that a person has to remove.

import type { Failure } from "../../src/protocol/failure.ts";
import { getNodeBuiltins } from "./node-builtins.ts";
import { lockSocket, socketAddress } from "./socket-lock.ts";
import { storageFailure } from "./storage-failure.ts";

/**
 * How long a page waits for a lock. After a reload the worker of the page before may still be dying: its
 * lock came free within 42 ms in Chromium 156 and Firefox 153.
 */
const WEB_LOCK_WAIT_MS = 500;

/** Held from the moment it is got. `release` is called once. */
export interface PathLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a path, or fails: at once in Node, after half a second in a page.
 * @param path  canonical in a page, real in Node
 * @throws {Failure}  "path-locked", or "storage-unavailable" where there is no way to lock
 */
export async function lockPath(path: string): Promise<PathLock> {
  // Node first: its own `navigator.locks`, from version 24 on, know one process only.
  const node = getNodeBuiltins();
  const lock = node ? await lockSocket(node, socketAddress(node, path)) : await takeWebLock(path);
  if (!lock) throw lockedFailure(path, node ? "client or process" : "tab, worker or client");
  return lock;
}

/** Undefined where another keeps it. */
async function takeWebLock(path: string): Promise<PathLock | undefined> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) {
    const what = `"${path}" cannot be locked against other tabs: expected a secure context (https or localhost)`;
    throw storageFailure("storage-unavailable", what, { path });
  }
  return new Promise((resolve, reject) => {
    let letGo = (): void => {};
    const held = new Promise<void>((done) => {
      letGo = done;
    });
    const signal = AbortSignal.timeout(WEB_LOCK_WAIT_MS);
    const released = locks.request(`chromalite:${path}`, { mode: "exclusive", signal }, () => {
      resolve({
        release: async () => {
          letGo();
          await released;
        },
      });
      return held;
    });
    released.catch((error: unknown) => (signal.aborted ? resolve(undefined) : reject(error)));
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
