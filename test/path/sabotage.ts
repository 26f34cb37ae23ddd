// Takes one guard out of a storage, so that a test can show that the guard is what holds.

import type { Storage } from "../../worker/storage/storage.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";

/** A storage whose flush of a file does nothing where `isSkipped` says so; `nth` counts from 1 a file. */
export function withoutFlush(storage: Storage, isSkipped: (file: string, nth: number) => boolean): Storage {
  const flushes = new Map<string, number>();
  return wrapFlush(storage, async (file) => {
    const nth = (flushes.get(file.name) ?? 0) + 1;
    flushes.set(file.name, nth);
    if (!isSkipped(file.name, nth)) await file.flush();
  });
}
