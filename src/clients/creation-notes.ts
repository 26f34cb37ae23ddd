// What a page remembers of its paths beside their files: when and where each was created. A browser that evicts the files
// of an origin leaves localStorage (Chromium and Firefox under storage pressure), so a path that is noted
// here and found empty was lost. Where localStorage goes too nothing can be noticed in the page.

import type { Opened } from "../protocol/engine-port.ts";
import type { CreationNote, Noted } from "../transport/tabs/creation-note.ts";

/** Name of the event on `globalThis`; its `detail` is `{ path, createdAt }`, the latter a Date. */
export const evictedEvent = "chromaliteevicted";

/** @param world  where the event is dispatched */
export function creationNote(
  path: string,
  store: Storage | undefined = localStore(),
  world: Pick<EventTarget, "dispatchEvent"> = globalThis,
): CreationNote {
  const key = `chromalite:${path}`;
  /** For a page without a store, and one whose store went with the rest. */
  let seen = "";
  const read = (): Noted => {
    const [createdAt, backend] = (store?.getItem(key) ?? seen).split(" ");
    return { createdAt: Number(createdAt) || undefined, backend: (backend || undefined) as Noted["backend"] };
  };
  const tell = (lost: number): void => {
    const detail = { path, createdAt: new Date(lost) };
    world.dispatchEvent(new CustomEvent(evictedEvent, { detail }));
  };
  return {
    read,
    take(opened) {
      if (opened.ok) {
        const { createdAt, lastFrame, backend } = opened.data as Opened;
        const before = read();
        if (createdAt === undefined) return;
        seen = `${createdAt} ${backend ?? ""}`;
        write(store, key, seen);
        if (lastFrame > 0 || before.createdAt === undefined || (before.backend ?? backend) !== backend)
          return;
        // Begun anew without a word of the engine's: for a client that accepts losses.
        if (before.createdAt < createdAt) tell(before.createdAt);
      } else if (opened.error.code === "data-evicted") tell(Number(opened.error.details?.["createdAt"]));
    },
  };
}

function write(store: Storage | undefined, key: string, value: string): void {
  try {
    store?.setItem(key, value);
  } catch (error) {
    // Full: the loss of this path would not be noticed, and nothing else comes of it.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Workers have none, and a page may be refused it. */
function localStore(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
