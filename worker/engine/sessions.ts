// The sessions of one path, one after another. Where memory and log may no longer agree, the one there is
// is dropped, and the next operation opens the path anew: reopening runs at every start, undoing never.

import type { EngineOptions } from "../../src/protocol/engine-port.ts";
import { Failure, isFailure } from "../../src/protocol/failure.ts";
import type { PathLimits } from "../path/limits.ts";
import type { LockWait } from "../storage/lock.ts";
import type { Storage } from "../storage/storage.ts";
import type { AnsweredWrites } from "./answered-writes.ts";
import { MEMORY_BYTES_DEFAULT } from "./collections.ts";
import { macrotask } from "./macrotask.ts";
import type { Records } from "./records.ts";
import { Session } from "./session.ts";

/** What sessions are made of. */
export interface SessionParts {
  /**
   * Opens the files of a path; memory for a null path. Called again when a flush has failed, and then
   * without `wait`: another tab may lead by now.
   */
  openStorage(path: string | null, options: EngineOptions, wait?: LockWait): Promise<Storage>;
  /** Asked for once a collection is used. */
  records(options: EngineOptions): Promise<Records>;
  readonly limits?: Partial<PathLimits>;
}

/** Where the data lies, and how it is opened. */
export interface Place {
  /** Canonical; null is memory. */
  readonly path: string | null;
  readonly options: EngineOptions;
}

export class Sessions {
  readonly #parts: SessionParts;
  readonly #place: Place;
  #current: Session | undefined;
  #isLent = false;
  #wasOpen = false;
  /** When the path was created, as far as anybody knows: where it is found empty, its data was lost. */
  #expectedAt: number | undefined;
  /** Of the session that was dropped last. */
  #answered: AnsweredWrites | undefined;

  constructor(parts: SessionParts, place: Place) {
    this.#parts = parts;
    this.#place = place;
    this.#expectedAt = place.options.expectedAt;
  }

  /** The session, where there is one at the moment. */
  get current(): Session | undefined {
    return this.#current;
  }

  /** The session, opened where there is none. */
  async mustGet(wait?: LockWait): Promise<Session> {
    if (this.#current !== undefined) return this.#current;
    if (this.#isLent) throw new Error("the storage of this path is lent");
    const { path, options } = this.#place;
    if (path === null && this.#wasOpen) {
      throw new Failure("storage-lost", "the memory of this client is gone: make a new client");
    }
    return this.#open(await this.#parts.openStorage(path, options, wait));
  }

  /** Forgets what is in memory. The next operation finds what the files hold. */
  async drop(): Promise<void> {
    const session = this.#current;
    if (session === undefined) return;
    this.#current = undefined;
    this.#answered = session.answered;
    // After a failed flush nothing may be known of the files until they are opened anew. Otherwise they are as
    // good as before, and those in memory would be gone.
    if (session.path.isBroken && session.path.fullBy === undefined)
      return session.close(macrotask).catch(() => undefined);
    await session.forget(macrotask);
    const reopened = await this.#open(session.storage).catch(() => undefined);
    reopened?.failed(session.failedThrough);
  }

  /**
   * Lets the session go to a borrower who forgets it and works on its storage.
   * Until `takeBack` or `writeOff` there is none.
   */
  lend(): void {
    this.#current = undefined;
    this.#isLent = true;
    // An import that is given up leaves nothing.
    this.#expectedAt = undefined;
  }

  /** Opens what the borrower made of the storage; where that fails, the storage is still the borrower's. */
  async takeBack(storage: Storage): Promise<void> {
    await this.#begin(storage);
    this.#isLent = false;
  }

  /** The storage that was lent is closed. */
  writeOff(): void {
    this.#isLent = false;
  }

  async close(): Promise<void> {
    await this.#current?.close(macrotask);
    this.#current = undefined;
  }

  async #begin(storage: Storage): Promise<Session> {
    const { options } = this.#place;
    const loading = {
      records: () => this.#parts.records(options),
      memoryBytesMax: options.memoryLimitBytes ?? MEMORY_BYTES_DEFAULT,
    };
    this.#current = await Session.open(storage, loading, this.#parts.limits, this.#expectedAt);
    if (this.#answered !== undefined) this.#current.answered.adopt(this.#answered);
    this.#answered = undefined;
    this.#wasOpen = true;
    this.#expectedAt = this.#current.createdAt;
    return this.#current;
  }

  /** Closes the storage where it fails. */
  async #open(storage: Storage): Promise<Session> {
    const { path, options } = this.#place;
    const { expectedOn = storage.backend } = options;
    try {
      return await this.#begin(storage);
    } catch (error) {
      // In a folder, files that were made for data which is gone are in somebody's way. A browser shows none, and
      // Chromium 156 may keep the names of those that it cleared locked.
      const isMissing = isFailure(error) && error.code === "data-evicted";
      if (isMissing && storage.created && storage.backend === "node") {
        await storage.destroy().catch(() => undefined);
      } else await storage.close();
      if (isMissing && !this.#wasOpen && expectedOn !== storage.backend) {
        const found = `"${path}" lies on ${expectedOn}: expected ${storage.backend}`;
        throw new Failure("path-locked", found, { path });
      }
      throw error;
    }
  }
}
