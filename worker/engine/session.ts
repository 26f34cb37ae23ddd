// One opening of a path: its files, its catalog, its loaded collections. When memory and log may no
// longer agree the engine drops the whole session and opens another; nothing in it is repaired.

import { Failure, isFailure } from "../../src/protocol/failure.ts";
import { isRequestError } from "../../src/protocol/request-error.ts";
import { Exports } from "../archive/exports.ts";
import { Catalog, type CatalogState } from "../catalog/catalog.ts";
import type { CatalogChange } from "../catalog/change.ts";
import { lostRecord } from "../catalog/lost-record.ts";
import type { CollectionRecord } from "../catalog/record.ts";
import type { PathLimits } from "../path/limits.ts";
import { openPath, pathFiles } from "../path/open-path.ts";
import type { Path } from "../path/path.ts";
import type { Storage } from "../storage/storage.ts";
import { type AnsweredState, type AnsweredWrite, AnsweredWrites } from "./answered-writes.ts";
import { LoadedCollections, type LoadedCollectionsOptions } from "./collections.ts";
import { Handoff } from "./handoff.ts";

/** What the manifest holds for the engine. Of the catalog, collections are in their descriptors. */
interface ManifestState extends Omit<CatalogState, "collections"> {
  readonly answered: AnsweredState;
  /** When the path was created, in milliseconds since 1970. */
  readonly createdAt?: number;
}

export class Session {
  readonly storage: Storage;
  readonly path: Path;
  readonly catalog: Catalog;
  readonly collections: LoadedCollections;
  readonly answered: AnsweredWrites;
  readonly exports = new Exports();
  /** When the path was created; undefined for one that an older build made. */
  readonly createdAt: number | undefined;
  readonly #handoff: Handoff;
  #checkpoint: Promise<void> | undefined;
  #failedThrough: number | undefined;
  #isForgotten = false;

  private constructor(
    storage: Storage,
    path: Path,
    catalog: Catalog,
    collections: LoadedCollections,
    answered: AnsweredWrites,
    handoff: Handoff,
    createdAt: number | undefined,
  ) {
    this.createdAt = createdAt;
    this.storage = storage;
    this.path = path;
    this.catalog = catalog;
    this.collections = collections;
    this.answered = answered;
    this.#handoff = handoff;
  }

  /**
   * @param expectedAt  when the path was created, where somebody remembers it
   * @throws {Failure}  "data-evicted": it is remembered, and empty
   */
  static async open(
    storage: Storage,
    loading: LoadedCollectionsOptions,
    limits: Partial<PathLimits> = {},
    expectedAt?: number,
  ): Promise<Session> {
    if (expectedAt !== undefined && pathFiles.every((name) => storage.file(name).size() === 0)) {
      throw evicted(expectedAt);
    }
    const handoff = new Handoff();
    // The path asks for these at its first checkpoint, when the session is there.
    const host = {
      catalog: () => stateOf(session.catalog, session.answered, createdAt),
      record: (id: string) => session.catalog.getCollection(id),
      images: (id: string) => session.collections.get(id)?.images(),
      load: (id: string) => session.#tryToLoad(id),
      pause: () => handoff.pause(),
    };
    const opened = await openPath(
      storage,
      host,
      stateOf(new Catalog(), new AnsweredWrites(), Date.now()),
      limits,
    );
    const { answered: answeredState, createdAt, ...tenancy } = opened.catalog as ManifestState;
    const catalog = new Catalog({
      ...tenancy,
      collections: [...opened.records].map(([id, record]) =>
        record === undefined ? lostRecord(id) : (record as CollectionRecord),
      ),
    });
    for (const change of opened.changes) catalog.apply(change as CatalogChange);
    const answered = new AnsweredWrites(answeredState);
    answered.replay(opened.sent as readonly (readonly [number, AnsweredWrite])[]);
    const collections = new LoadedCollections(opened.path, catalog, loading);
    const session: Session = new Session(
      storage,
      opened.path,
      catalog,
      collections,
      answered,
      handoff,
      createdAt,
    );
    return session;
  }

  get isCheckpointing(): boolean {
    return this.#checkpoint !== undefined;
  }

  /** Whether a checkpoint would do anything, and did not just fail over the same frames. */
  get canCheckpoint(): boolean {
    if (this.#failedThrough === this.path.lastFrame) return false;
    return this.path.wantsCheckpoint;
  }

  /** The last frame when a checkpoint failed. */
  get failedThrough(): number | undefined {
    return this.#failedThrough;
  }

  /** Takes over from the session before what need not be tried again. */
  failed(through: number | undefined): void {
    this.#failedThrough = through;
  }

  /** Starts a checkpoint, which runs while `goOn` is called. */
  startCheckpoint(): void {
    this.#checkpoint ??= this.path
      .checkpoint()
      // A full disk is met again at the next write, where somebody hears of it; what breaks the path too.
      .catch(() => void (this.#failedThrough = this.path.lastFrame))
      .finally(() => (this.#checkpoint = undefined));
  }

  /** Lets a running checkpoint do one slice. */
  goOn(): Promise<void> {
    return this.#handoff.goOn();
  }

  /**
   * Runs a checkpoint to its end, since there is no room; one that runs already is all that is needed.
   * @throws {Failure}  "storage-full" and what else the path throws
   */
  async checkpointToEnd(turn: () => Promise<void>): Promise<void> {
    if (this.#checkpoint !== undefined) {
      await this.#endOfCheckpoint(turn);
      if (this.path.hasRoom) return;
    }
    await this.#toEnd(this.path.checkpoint(), turn);
  }

  /** Makes what room can be made. @throws {Failure}  "storage-full" and what else the path throws */
  async makeRoom(turn: () => Promise<void>): Promise<void> {
    await this.#endOfCheckpoint(turn);
    await this.#toEnd(this.path.makeRoom(), turn);
  }

  /** Forgets what is in memory. A checkpoint between two slices is abandoned: what it wrote is named by nothing. */
  async forget(turn: () => Promise<void>): Promise<void> {
    while (this.#checkpoint !== undefined && !this.#handoff.isPaused) await turn();
    this.#isForgotten = true;
    this.exports.endAll();
    this.collections.close();
  }

  /** Forgets, and closes the files. */
  async close(turn: () => Promise<void>): Promise<void> {
    await this.forget(turn);
    await this.path.close();
  }

  async #toEnd(run: Promise<void>, turn: () => Promise<void>): Promise<void> {
    run.catch(() => this.failed(this.path.lastFrame));
    const over = (): void => void (this.#checkpoint = undefined);
    this.#checkpoint = run.then(over, over);
    await this.#endOfCheckpoint(turn);
    await run;
  }

  async #endOfCheckpoint(turn: () => Promise<void>): Promise<void> {
    while (this.#checkpoint !== undefined) {
      await this.goOn();
      await turn();
      // Whoever was served in that turn may have met what drops a session.
      if (this.#isForgotten) throw new Failure("closed", "the path was opened anew while room was made");
    }
  }

  /** What cannot be loaded stays as it is. */
  async #tryToLoad(id: string): Promise<void> {
    try {
      await this.collections.records();
      // From here to the next turn nobody else is at a collection: those that this one takes the place of can be closed.
      await this.#handoff.pause();
      await this.collections.load(id);
      this.collections.fit();
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }
}

function stateOf(catalog: Catalog, answered: AnsweredWrites, createdAt: number | undefined): ManifestState {
  const { tenants, databases } = catalog.state();
  return { tenants, databases, answered: answered.state(), ...(createdAt !== undefined && { createdAt }) };
}

function evicted(expectedAt: number): Failure {
  const created = new Date(expectedAt).toISOString();
  return new Failure(
    "data-evicted",
    `the data created on ${created} is gone: the path has no files any more`,
    {
      createdAt: expectedAt,
    },
  );
}

/** Whether what is in memory can no longer be trusted: a bug of ours, or a failure in the middle of a write. */
export function isMemoryUnsure(error: unknown): boolean {
  if (isRequestError(error)) return false;
  if (!isFailure(error)) return true;
  return error.code === "out-of-memory" || error.code === "engine-trapped";
}
