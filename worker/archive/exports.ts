// The exports of a path that are under way. One that nobody reads for ten minutes is ended: its tab is gone,
// and the blocks that it holds are wanted.

import { randomUuid } from "../random-uuid.ts";
import type { ExportStarted } from "../../src/protocol/archive.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { ArchiveExport } from "./export.ts";

const LEASE_MS = 10 * 60_000;

interface Running {
  readonly archive: ArchiveExport;
  lease: ReturnType<typeof setTimeout>;
}

export class Exports {
  readonly #runningById = new Map<string, Running>();

  /** Starts one of an archive that was just made. */
  start(archive: ArchiveExport): ExportStarted {
    const id = randomUuid();
    this.#runningById.set(id, { archive, lease: this.#lease(id) });
    return { export: id, sections: archive.sections, bytes: archive.bytes };
  }

  /** @throws {Failure}  "transfer-interrupted": it was started in another engine, or left alone for too long */
  read(id: string, section: number): Uint8Array {
    const running = this.#runningById.get(id);
    if (running === undefined) {
      throw new Failure(
        "transfer-interrupted",
        "the export is gone with the engine that started it, or was not read for ten minutes: start again",
      );
    }
    clearTimeout(running.lease);
    running.lease = this.#lease(id);
    return running.archive.read(section);
  }

  /** Ends one; of an unknown one it does nothing. */
  end(id: string): void {
    const running = this.#runningById.get(id);
    if (running === undefined) return;
    clearTimeout(running.lease);
    running.archive.end();
    this.#runningById.delete(id);
  }

  endAll(): void {
    for (const id of this.#runningById.keys()) this.end(id);
  }

  #lease(id: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.end(id), LEASE_MS);
  }
}
