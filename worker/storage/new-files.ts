// Guards files that were just created. Chromium 156 makes the name of a new OPFS file durable only 32 to
// 40 s later, whatever is flushed: after a power cut the file is gone with all that it held. So for a minute
// each flush also puts what was written into a journal that is durable at once, and where a file is
// missing at opening all of them are made again from it. The minute is of wall time from creation: restarts
// neither end it nor begin it anew.

import type { BackendDirectory } from "./backend.ts";
import { Guard, GuardedFile } from "./guard.ts";
import type { Journal, JournalStore } from "./journal.ts";
import { writeAll } from "./write-all.ts";

/** A directory that says which of its files it had to create. */
export interface CreatingDirectory extends BackendDirectory {
  readonly missing: readonly string[];
}

/**
 * The directory with its new files guarded, and with those that were lost as they were.
 * @param open  makes the files that are missing, beside others with bytes only where there is a journal of them
 * @param now  the clock; tests have their own
 */
export async function guardNewFiles(
  open: (hasJournal: boolean) => Promise<CreatingDirectory>,
  journals: JournalStore,
  now: () => number = Date.now,
): Promise<BackendDirectory> {
  const left = await journals.find();
  const directory = await open(left !== undefined);
  try {
    return await guardOpened(directory, left, journals, now);
  } catch (error) {
    await directory.close();
    throw error;
  }
}

async function guardOpened(
  directory: CreatingDirectory,
  left: Journal | undefined,
  journals: JournalStore,
  now: () => number,
): Promise<BackendDirectory> {
  const files = [...directory.files.values()];
  // Without a byte they were created by one who stopped before the first write.
  const areNew = directory.missing.length > 0 || files.every((file) => file.size() === 0);
  if (areNew || left?.isRestoring === true) {
    if (left !== undefined) await restore(directory, left);
    // What was made again is new again; the entries that it came from go on to be its journal.
    const guard = new Guard(left ?? (await journals.create()), now);
    await guard.begin();
    const created = directory.created && files.every((file) => file.size() === 0);
    return guarded({ ...directory, created }, guard);
  }
  if (left === undefined) return directory;
  const guard = new Guard(left, now);
  await guard.complete(directory.files);
  return guarded(directory, guard);
}

/** Interrupted, or without room for all of it, it is done again by the next opening. */
async function restore({ files }: BackendDirectory, journal: Journal): Promise<void> {
  await journal.beginRestore();
  for (const file of files.values()) file.truncate(0);
  await journal.replay((entry) => {
    const file = files.get(entry.file);
    if (file === undefined) return;
    if ("size" in entry) file.truncate(entry.size);
    else writeAll(file, entry.bytes, entry.at);
  });
  for (const file of files.values()) await file.flush("strict", "leave");
}

function guarded(directory: BackendDirectory, guard: Guard): BackendDirectory {
  const files = [...directory.files].map(
    ([name, file]) => [name, new GuardedFile(name, file, guard)] as const,
  );
  return {
    backend: directory.backend,
    path: directory.path,
    created: directory.created,
    files: new Map(files),
    warnings: () => (guard.isGivenUp ? ["new-files-unguarded"] : []),
    close: async () => {
      await directory.close();
      guard.close();
    },
    remove: async () => {
      // First: a journal without its files would bring them back.
      await guard.discard();
      await directory.remove();
    },
  };
}
