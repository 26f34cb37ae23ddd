// The guard of a path's new files: what is written to them goes to the journal at each flush, for a minute.
// Invariant: when a flush returns, the journal has all that the flushed file had, or the guard is off. What is
// in a file and not in the journal was never acknowledged as durable.

import type { Durability } from "../../src/protocol/operation.ts";
import type { BackendFile } from "./backend.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { journalGaps } from "./journal-gaps.ts";
import type { ReserveUse } from "./storage.ts";

/** Linux writes such names out after 30 + 5 s; what other systems do is not measured. */
const GUARDED_MS = 60_000;
/** Bytes that wait in memory for the next flush, before they are put early; and those of one transaction. */
const WAITING_BYTES_MAX = 4 * 2 ** 20;

export class Guard {
  readonly #journal: Journal;
  readonly #now: () => number;
  #createdAt: number;
  #isOn = true;
  isGivenUp = false;

  constructor(journal: Journal, now: () => number) {
    this.#journal = journal;
    this.#now = now;
    this.#createdAt = journal.createdAt;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Begins the minute. */
  begin(): Promise<void> {
    this.#createdAt = this.#now();
    return this.#journal.begin(this.#createdAt);
  }

  /** At the end of the minute the journal is deleted instead. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length > 0) await this.#put(() => this.#journal.append(entries));
  }

  /**
   * Puts into the journal what the files have and it has not: what is written next would have a gap before it.
   * Stopped midway, it is as after a power cut that kept some of what was never flushed.
   *
   * Cost: the bytes of the journal and of the files, read once.
   */
  complete(files: ReadonlyMap<string, BackendFile>): Promise<void> {
    return this.#put(async () => {
      let batch: JournalEntry[] = [];
      let bytes = 0;
      for await (const entry of journalGaps(this.#journal, files)) {
        batch.push(entry);
        bytes += "bytes" in entry ? entry.bytes.length : 0;
        if (bytes < WAITING_BYTES_MAX) continue;
        await this.#journal.append(batch);
        batch = [];
        bytes = 0;
      }
      if (batch.length > 0) await this.#journal.append(batch);
    });
  }

  discard(): Promise<void> {
    this.#isOn = false;
    return this.#journal.discard();
  }

  close(): void {
    if (this.#isOn) this.#journal.close();
    this.#isOn = false;
  }

  async #put(put: () => Promise<void>): Promise<void> {
    if (!this.#isOn) return;
    const age = this.#now() - this.#createdAt;
    if (age >= GUARDED_MS) return this.#end();
    try {
      // A clock that was set back does not tell how long ago it was. Nothing is waited for before `put`: entries
      // are appended in the order of the calls.
      await Promise.all([age < 0 ? this.begin() : undefined, put()]);
    } catch (error) {
      if (!isQuota(error)) throw error;
      // The room of two copies is not there: what is wanted of it is the room of one.
      this.isGivenUp = true;
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    if (!this.#isOn) return;
    this.#isOn = false;
    // One that stays is of no harm: where no file is missing it is not read, and deleted by the next opening.
    await this.#journal.discard().catch(() => undefined);
  }
}

/** A file whose writes go to the journal with the next flush. */
export class GuardedFile implements BackendFile {
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
