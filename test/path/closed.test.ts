// A path that was closed has no torn tail: whatever is damaged in its log afterwards is told.

import { expect, test } from "vitest";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import { idleHost } from "./idle-host.ts";

const open = (disk: Disk) => openPath(new CheckedStorage(openMemory(pathFiles, disk)), idleHost, null);

test("every flipped bit of the last write before a close is told, and not taken for a write that was torn", async () => {
  const disk: Disk = new Map();
  const { path } = await open(disk);
  await path.append([{ creates: ["c"] }]);
  const log = disk.get("log-0")!;
  const start = log.size;
  await path.append([{ collection: "c", parts: { vectors: new Uint8Array(40).fill(7) } }]);
  const end = log.size;
  await path.close();
  expect(end - start).toBeGreaterThan(40);
  const unseen: number[] = [];
  for (let at = start; at < end; at++) {
    const copy: Disk = new Map([...disk].map(([name, bytes]) => [name, bytes.fork()]));
    const byte = new Uint8Array(1);
    log.read(byte, at);
    copy.get("log-0")!.write(new Uint8Array([byte[0]! ^ (1 << (at % 8))]), at);
    const opened = await open(copy);
    if (opened.damage === undefined) unseen.push(at);
    // What nobody reads: a frame ends where the next can be read in words.
    else expect(opened.damage.code).toBe("corrupt");
    const kept = opened.path.collection("c")?.streams.vectors.end;
    expect(kept).toBe(opened.damage === undefined ? 40 : 0);
  }
  expect(unseen.length).toBeLessThan(8);
});
