// A collection that is written to, and then deleted, while a checkpoint runs: what the checkpoint leaves of it has
// to fit the frames that replay meets.

import { expect, test } from "vitest";
import type { CheckpointHost } from "../../worker/path/images.ts";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import { idleHost } from "./idle-host.ts";

const open = (disk: Disk, pause = async (): Promise<void> => {}) => {
  const host: CheckpointHost = { ...idleHost, record: (id) => id, pause };
  return openPath(new CheckedStorage(openMemory(pathFiles, disk)), host, null);
};

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

/** Slices of the checkpoint: four of the first collection, then three of the second. */
test.each([
  ["before", 2],
  ["while", 6],
])("a path opens after a collection was written to and deleted %s it was moved", async (_, slice) => {
  const disk: Disk = new Map();
  let slicesLeft = Infinity;
  const { path } = await open(disk, async () => {
    if (slicesLeft-- !== 0) return;
    await path.append([{ collection: "gone", parts: { delta: bytes(30), vectors: bytes(70_000) } }]);
    await path.append([{ deletes: ["gone"] }]);
  });
  await path.append([{ creates: ["kept", "gone"] }, { collection: "gone", parts: { delta: bytes(10) } }]);
  await path.checkpoint();
  // These frames go with the log that the second checkpoint empties.
  await path.append([{ collection: "kept", parts: { delta: bytes(600) } }]);
  await path.append([{ collection: "gone", parts: { delta: bytes(20) } }]);
  slicesLeft = slice;
  await path.checkpoint();
  expect(slicesLeft).toBeLessThan(0);
  await path.close();

  const again = await open(disk);
  expect(again.path.collection("gone")).toBeUndefined();
  expect(again.path.collection("kept")?.streams.delta.end).toBe(600);
  await again.path.close();
});
