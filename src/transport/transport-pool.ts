// One transport a key, shared by every client of the page that names it, and counted.
// The last release closes it; who comes while it closes waits and gets a new one.

import { Failure } from "../protocol/failure.ts";
import type { Transport } from "../protocol/operation.ts";

/** A transport that can die under its users. */
export interface MortalTransport extends Transport {
  readonly dead: Promise<Failure>;
}

interface Entry {
  readonly starting: Promise<MortalTransport>;
  readonly settings: string;
  users: number;
  /** Set by the last release. */
  closing?: Promise<void>;
}

/** A user's share of a pooled transport. */
export interface Lease {
  readonly transport: MortalTransport;
  /** To be called once. */
  release(): Promise<void>;
}

export class TransportPool {
  readonly #entryByKey = new Map<string, Entry>();

  /**
   * @param settings  what all users of a key must agree on, as text
   * @param start     makes the transport when there is none
   * @throws {SettingsConflict}  the key is in use with other settings
   * @throws  what `start` throws; the next call starts anew
   */
  async acquire(key: string, settings: string, start: () => Promise<MortalTransport>): Promise<Lease> {
    for (;;) {
      const entry = this.#entryByKey.get(key);
      if (!entry?.closing) break;
      await entry.closing;
    }
    const entry = this.#entryByKey.get(key) ?? this.#start(key, settings, start);
    if (entry.settings !== settings) throw new SettingsConflict(key);
    entry.users += 1;
    const transport = await entry.starting;
    return { transport, release: () => this.#release(key, entry, transport) };
  }

  #start(key: string, settings: string, start: () => Promise<MortalTransport>): Entry {
    const entry: Entry = { starting: start(), settings, users: 0 };
    this.#entryByKey.set(key, entry);
    const forget = (): void => {
      if (this.#entryByKey.get(key) === entry) this.#entryByKey.delete(key);
    };
    // A transport that failed to start or died is not handed out again.
    entry.starting.then(({ dead }) => dead.then(forget), forget);
    return entry;
  }

  async #release(key: string, entry: Entry, transport: MortalTransport): Promise<void> {
    entry.users -= 1;
    if (entry.users > 0) return;
    entry.closing = transport.close().finally(() => {
      if (this.#entryByKey.get(key) === entry) this.#entryByKey.delete(key);
    });
    await entry.closing;
  }
}

/** Two users of one key want different settings. */
export class SettingsConflict extends Error {
  override readonly name = "SettingsConflict";
  constructor(readonly key: string) {
    super(`${key} is open with different settings`);
  }
}
