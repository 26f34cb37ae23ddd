// Places on files of Node, in folders of their own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PersistentClient } from "../../src/index.ts";
import { inThreadWorker } from "./in-thread-worker.ts";
import type { Ground } from "./place.ts";

export async function openNodeGround(): Promise<Ground> {
  const path = await mkdtemp(join(tmpdir(), "chromalite-semantics-"));
  return {
    start: (options) => new PersistentClient({ ...options, path, worker: inThreadWorker }),
    lasts: true,
    clear: () => rm(path, { recursive: true, force: true }),
  };
}
