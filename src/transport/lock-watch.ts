// A Web Lock that somebody holds for as long as he lives tells of his end: `terminate()` and a killed process fire no
// event, the lock comes free. Whoever watches asks for it in shared mode, so that he never looks like the holder.

/**
 * Calls `onFree` when the lock comes free, unless `signal` aborts before.
 *
 * @returns  false where it is free already: its holder is gone, or cannot be seen from here. Chromium 156 leaves a
 *     page whose origin's storage was cleared as a whole with the locks of what was deleted; new workers have others.
 */
export async function watchLock(name: string, signal: AbortSignal, onFree: () => void): Promise<boolean> {
  const { locks } = navigator;
  if (await locks.request(name, { mode: "shared", ifAvailable: true }, Boolean)) return false;
  // Aborted: nothing is left to watch.
  locks.request(name, { mode: "shared", signal }, onFree).catch(() => undefined);
  return true;
}
