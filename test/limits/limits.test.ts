// In Node, on files, with the worker as it is shipped, in a thread of its own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { PersistentClient } from "../../src/index.ts";
import { runLimits } from "./limits.ts";

const path = await mkdtemp(join(tmpdir(), "chromalite-limits-"));
const workerUrl = new URL("../../dist/worker.js", import.meta.url);

afterAll(() => rm(path, { recursive: true, force: true }));

runLimits("Node", () => new PersistentClient({ path, workerUrl }));
