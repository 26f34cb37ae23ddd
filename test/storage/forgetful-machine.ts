// A machine whose disk loses the names of young files at a power cut, as Chromium's OPFS does, with the engine
// on it. Its journals are those of the product, in whatever IndexedDB the test has.

import { pathFiles } from "../../worker/path/open-path.ts";
import type { BackendDirectory } from "../../worker/storage/backend.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { indexedDbJournals } from "../../worker/storage/indexeddb-journal.ts";
import type { Journal, JournalStore } from "../../worker/storage/journal.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import { assertNoneLost } from "../../worker/storage/missing-files.ts";
import { type CreatingDirectory, guardNewFiles } from "../../worker/storage/new-files.ts";
import type { Storage } from "../../worker/storage/storage.ts";
import { EngineClient } from "../engine/engine-client.ts";

/** A machine with a clock, whose power cuts take the files that are younger than 40 s. */
export class Machine {
  now = 1_000_000;
  readonly #path: string;
  #disk: Disk = new Map();
  #createdAt = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
  }

  get journals(): JournalStore {
    return indexedDbJournals(this.#path);
  }

  /** @throws {Failure}  "corrupt", as OPFS does */
  open(hasJournal: boolean): CreatingDirectory {
    const missing = pathFiles.filter((name) => !this.#disk.has(name));
    const sizes = [...this.#disk.values()].map(({ size }) => size);
    if (!hasJournal) assertNoneLost(this.#path, missing, sizes);
    for (const name of missing) this.#createdAt.set(name, this.now);
    return { ...openMemory(pathFiles, this.#disk), missing };
  }

  async storage({ journals = this.journals, isGuarded = true } = {}): Promise<Storage> {
    const directory: BackendDirectory = isGuarded
      ? await guardNewFiles(
          async (hasJournal) => this.open(hasJournal),
          journals,
          () => this.now,
        )
      : this.open(false);
    return new CheckedStorage(directory);
  }

  cutPower(): void {
    const kept = [...this.#disk].filter(([name]) => this.now - this.#createdAt.get(name)! >= 40_000);
    this.#disk = new Map(kept);
  }

  /** As the first to fade of several names may. */
  lose(name: string): void {
    this.#disk.delete(name);
  }
}

let paths = 0;
export const newMachine = (): Machine => new Machine(`path-${paths++}`);

/** Adds records to the one collection, and goes without a word: the power goes while it is open. */
export async function write(storage: Storage, ...ids: string[]): Promise<void> {
  const client = await EngineClient.open(storage, { idleMs: 1e6 });
  const known = await client.listCollections();
  const id = known[0]?.id ?? (await client.createCollection("notes"));
  for (const each of ids) await client.write("add", id, { ids: [each], embeddings: [[1, 2]] });
}

/** The ids that are there. */
export async function read(storage: Storage): Promise<string[]> {
  const client = await EngineClient.open(storage, { idleMs: 1e6 });
  const [notes] = await client.listCollections();
  const ids = notes === undefined ? [] : (await client.get(notes.id)).ids;
  await client.close();
  return ids;
}

/** The same store, with journals that `change` was at. */
export function withJournals(store: JournalStore, change: (journal: Journal) => void): JournalStore {
  const changed = <T extends Journal | undefined>(journal: T): T => {
    if (journal !== undefined) change(journal);
    return journal;
  };
  return {
    find: async () => changed(await store.find()),
    create: async () => changed(await store.create()),
  };
}
