// Guards files that were just created. Chromium 156 makes the name of a new OPFS file durable only 32 to
// 40 s later, whatever is flushed: after a power cut the file is gone with all that it held. So for a minute
// each flush also puts what was written into a journal that is durable at once, and where a file is
// missing at opening all of them are made again from it. The minute is of wall time from creation: restarts
// neither end it nor begin it anew.

import type { Durability } from "../../src/protocol/operation.ts";
import type { BackendDirectory, BackendFile } from "./backend.ts";
import type { ReserveUse } from "./storage.ts";

/** Linux writes such names out after 30 + 5 s; what other systems do is not measured. */
const GUARDED_MS = 60_000;
/** Bytes that wait in memory for the next flush, before they are put early. */
const WAITING_BYTES_MAX = 4 * 2 ** 20;

/** A write at an offset, or a truncate to a size. */
export type JournalEntry =
  | { readonly file: string; readonly at: number; readonly bytes: Uint8Array }
  | { readonly file: string; readonly size: number };

/** What was written to new files, durable as soon as it is appended. */
export interface Journal {
  /** When its files were created, in milliseconds since 1970; 0 where it was left before that was said. */
  readonly createdAt: number;
  /** Says when, durably. */
  begin(createdAt: number): Promise<void>;
  /** All entries, in order. */
  replay(take: (entry: JournalEntry) => void): Promise<void>;
  /** Entries appended together are there together or not at all. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Deletes it. */
  discard(): Promise<void>;
  /** Lets go of it as it is. */
  close(): void;
}

export interface JournalStore {
  /** The journal that was left, if one was. */
  find(): Promise<Journal | undefined>;
  create(): Promise<Journal>;
}

/** A directory that says which of its files it had to create. */
export interface CreatingDirectory extends BackendDirectory {
  readonly missing: readonly string[];
}

/**
 * The directory with its new files guarded, and with those that were lost as they were.
 * @param now  the clock; tests have their own
 */
export async function guardNewFiles(
  directory: CreatingDirectory,
  journals: JournalStore,
  now: () => number = Date.now,
): Promise<BackendDirectory> {
  const left = await journals.find();
  const files = [...directory.files.values()];
  // Without a byte they were created by one who stopped before the first write.
  const areNew = directory.missing.length > 0 || files.every((file) => file.size() === 0);
  if (!areNew) {
    if (left === undefined) return directory;
    const until = left.createdAt + GUARDED_MS;
    if (now() < until) return guarded(directory, new Guard(left, now, until));
    await left.discard();
    return directory;
  }
  if (left !== undefined) await restore(directory, left);
  // What was made again is new again; the entries that it came from go on to be its journal.
  const journal = left ?? (await journals.create());
  const createdAt = now();
  await journal.begin(createdAt);
  const guard = new Guard(journal, now, createdAt + GUARDED_MS);
  const created = directory.created && files.every((file) => file.size() === 0);
  return guarded({ ...directory, created }, guard);
}

async function restore({ files }: BackendDirectory, journal: Journal): Promise<void> {
  for (const file of files.values()) file.truncate(0);
  await journal.replay((entry) => {
    const file = files.get(entry.file);
    if (file === undefined) return;
    if ("size" in entry) file.truncate(entry.size);
    else writeAll(file, entry.bytes, entry.at);
  });
  for (const file of files.values()) await file.flush("strict", "leave");
}

function writeAll(file: BackendFile, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) {
    const count = file.write(bytes.subarray(done), at + done);
    if (count === 0) throw new DOMException("no room to make lost files again", "QuotaExceededError");
    done += count;
  }
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

class Guard {
  readonly #journal: Journal;
  readonly #now: () => number;
  readonly #until: number;
  #isOn = true;
  isGivenUp = false;

  constructor(journal: Journal, now: () => number, until: number) {
    this.#journal = journal;
    this.#now = now;
    this.#until = until;
  }

  /** Whether the minute goes on; at its end the journal is deleted. */
  async isNeeded(): Promise<boolean> {
    if (this.#isOn && this.#now() >= this.#until) await this.end();
    return this.#isOn;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0 || !(await this.isNeeded())) return;
    try {
      await this.#journal.append(entries);
    } catch (error) {
      if (!isQuota(error)) throw error;
      // The room of two copies is not there: what is wanted of it is the room of one.
      this.isGivenUp = true;
      await this.end();
    }
  }

  discard(): Promise<void> {
    this.#isOn = false;
    return this.#journal.discard();
  }

  async end(): Promise<void> {
    if (!this.#isOn) return;
    this.#isOn = false;
    // One that stays is of no harm: where no file is missing it is not read, and deleted by the next opening.
    await this.#journal.discard().catch(() => undefined);
  }

  close(): void {
    if (this.#isOn) this.#journal.close();
    this.#isOn = false;
  }
}

class GuardedFile implements BackendFile {
  readonly #name: string;
  readonly #file: BackendFile;
  readonly #guard: Guard;
  #waiting: JournalEntry[] = [];
  #waitingBytes = 0;
  #early: Promise<void> = Promise.resolve();

  constructor(name: string, file: BackendFile, guard: Guard) {
    this.#name = name;
    this.#file = file;
    this.#guard = guard;
  }

  size(): number {
    return this.#file.size();
  }

  read(target: Uint8Array, at: number): number {
    return this.#file.read(target, at);
  }

  write(source: Uint8Array, at: number): number {
    const count = this.#file.write(source, at);
    if (count > 0) this.#note({ file: this.#name, at, bytes: source.slice(0, count) }, count);
    return count;
  }

  truncate(size: number): void {
    this.#file.truncate(size);
    this.#note({ file: this.#name, size }, 0);
  }

  async flush(durability: Durability, reserve: ReserveUse): Promise<void> {
    await this.#file.flush(durability, reserve);
    if (durability === "relaxed") return;
    this.#putWaiting();
    await this.#early;
  }

  #note(entry: JournalEntry, bytes: number): void {
    if (!this.#guard.isOn) return;
    this.#waiting.push(entry);
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > WAITING_BYTES_MAX) this.#putWaiting();
  }

  #putWaiting(): void {
    const entries = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const put = this.#guard.append(entries);
    this.#early = Promise.all([this.#early, put]).then(() => undefined);
    // The flush that waits for it hears of it.
    this.#early.catch(() => undefined);
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
